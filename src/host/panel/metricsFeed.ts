import type { Buckets } from '../../common/bucketRing.ts';
import type { LevelBatch } from '../../protocol/panel.ts';

/** Knows what a panel has of the metrics, and gives what it lacks. */
export class MetricsFeed {
  /** Per level the buckets that the panel has, from `first` on, before `end`. */
  readonly #held: { first: number; end: number }[];

  /** @param levels what the panel has from the snapshot it was sent. */
  constructor(levels: readonly Buckets[]) {
    this.#held = levels.map(({ first, end }) => ({ first, end }));
  }

  /**
   * What is new in every level, at most the newest `most` buckets; the coarsest level always whole, since it alone reaches
   * back to the start. Where everything is wanted, what was left out before comes too.
   */
  next(levels: readonly Buckets[], most: number): LevelBatch[] {
    const batches: LevelBatch[] = [];
    levels.forEach((buckets, level) => {
      const held = (this.#held[level] ??= { first: 0, end: 0 });
      const first = firstToSend(held, buckets, level === levels.length - 1 ? Infinity : most);
      if (first !== held.end) held.first = first;
      held.end = buckets.end;
      if (first < buckets.end) batches.push({ level, first, buckets: buckets.slice(first, buckets.end) });
    });
    return batches;
  }
}

function firstToSend(held: { readonly first: number; readonly end: number }, buckets: Buckets, most: number): number {
  if (most === Infinity && held.first > buckets.first) return buckets.first;
  return Math.max(held.end, buckets.first, buckets.end - most);
}
