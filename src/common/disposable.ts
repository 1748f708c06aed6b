export interface Disposable {
  dispose(): void;
}

/** Owns disposables from where they are created and disposes of them in reverse order, once. */
export class DisposableStore implements Disposable {
  readonly #owned: Disposable[] = [];
  #disposed = false;

  /** Takes ownership; what is added after disposal is disposed of at once. */
  add<D extends Disposable>(disposable: D): D {
    if (this.#disposed) disposable.dispose();
    else this.#owned.push(disposable);
    return disposable;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const disposable of this.#owned.splice(0).reverse()) disposable.dispose();
  }
}
