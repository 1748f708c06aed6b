import type { RunHistory } from '../../history/history.ts';

/** Numbers of a run that belong together. */
export interface Moment {
  readonly iteration: number;
  /** Per character; not a number before the first iteration. */
  readonly lossSmoothedNats: number;
}

/** A panel that has not drawn for so long has nothing to show, or cannot. */
export const MOMENT_MS = 3000;

/** What a run's numbers are now. */
export function momentOf(history: RunHistory): Moment {
  return { iteration: history.iterations, lossSmoothedNats: history.newest('lossSmoothedNats') };
}

/** Which numbers of a run the person sees in its panel, so that nothing else contradicts them. */
export class ShownMoment {
  readonly #history: RunHistory;
  readonly #changed: () => void;
  #shown: { readonly moment: Moment; readonly atMs: number } | undefined;

  constructor(history: RunHistory, changed: () => void) {
    this.#history = history;
    this.#changed = changed;
  }

  /** What the panel shows; where none shows any, the numbers of now. */
  get now(): Moment {
    const shown = this.#shown;
    return shown !== undefined && Date.now() - shown.atMs < MOMENT_MS ? shown.moment : momentOf(this.#history);
  }

  /** A panel shows these numbers now; undefined where it is out of sight. */
  show(moment: Moment | undefined): void {
    this.#shown = moment && { moment, atMs: Date.now() };
    this.#changed();
  }
}
