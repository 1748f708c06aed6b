import type { RunChange } from '../../runs/disk/library.ts';
import type { RunPlaces } from './places.ts';

export interface StoredChangeListeners {
  changed(folder: string): void;
  failed(error: unknown): void;
}

/** Changes of `run.json` of runs that nobody trains, one after the other for each run. */
export class StoredChanges {
  readonly #places: Pick<RunPlaces, 'find'>;
  readonly #listeners: StoredChangeListeners;
  /** By the runs' folders. */
  readonly #changing = new Map<string, Promise<void>>();

  constructor(places: Pick<RunPlaces, 'find'>, listeners: StoredChangeListeners) {
    this.#places = places;
    this.#listeners = listeners;
  }

  make(folder: string, change: RunChange): void {
    const before = this.#changing.get(folder);
    const changed = async (): Promise<void> => {
      await before;
      const found = await this.#places.find(folder);
      await found?.library.update(found.summary.runId, change);
      this.#listeners.changed(folder);
    };
    this.#changing.set(
      folder,
      changed().catch((error: unknown) => this.#listeners.failed(error)),
    );
  }

  /** Waits until a run's changes are on the disk. */
  async settled(folder: string): Promise<void> {
    await this.#changing.get(folder);
  }

  /** Of all runs. */
  async allSettled(): Promise<void> {
    await Promise.all(this.#changing.values());
  }
}
