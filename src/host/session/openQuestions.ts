/** Questions to a thread that are not answered yet. */
export class OpenQuestions<R> {
  readonly #waiting = new Map<number, { resolve(result: R): void; reject(error: Error): void }>();
  #nextRequestId = 1;

  /** @param post sends the question with the id that its answer will have. */
  ask(post: (requestId: number) => void): Promise<R> {
    const requestId = this.#nextRequestId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(requestId, { resolve, reject });
      post(requestId);
    });
  }

  /** An answer that nobody waits for any more is dropped. */
  resolve(requestId: number, result: R): void {
    this.#waiting.get(requestId)?.resolve(result);
    this.#waiting.delete(requestId);
  }

  reject(requestId: number, reason: string): void {
    this.#waiting.get(requestId)?.reject(new Error(reason));
    this.#waiting.delete(requestId);
  }

  /** No answer will come any more. */
  rejectAll(reason: string): void {
    for (const question of this.#waiting.values()) question.reject(new Error(reason));
    this.#waiting.clear();
  }
}
