import type { RunHistory } from '../protocol/history.ts';

/** Numbers of a run that belong together. */
export interface Moment {
  readonly iteration: number;
  /** Per character; not a number before the first iteration. */
  readonly lossSmoothedNats: number;
}

/** What a session's numbers are now. */
export function momentOf({ history }: { readonly history: RunHistory }): Moment {
  return { iteration: history.iterations, lossSmoothedNats: history.newest('lossSmoothedNats') };
}
