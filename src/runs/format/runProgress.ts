import type { BucketsRecord } from './bucketRecords.ts';
import { endOfRows, type RowsRecord } from './records.ts';

/** How far a run is, by its last row. */
export interface RunProgress {
  readonly epoch: number;
  readonly characters: number;
  readonly elapsedMs: number;
  readonly iterations: number;
}

export const NO_PROGRESS: RunProgress = { epoch: 0, characters: 0, elapsedMs: 0, iterations: 0 };

/** Of a batch that is taken in part only: as far as its share of the iterations goes, each of which reads as many characters. */
export function progressAt(end: number, before: RunProgress, record: RowsRecord | BucketsRecord): RunProgress {
  const recordEnd = endOfRows(record);
  const share = end === recordEnd ? 1 : (end - before.iterations) / (recordEnd - before.iterations);
  const between = (from: number, to: number): number => (share === 1 ? to : from + share * (to - from));
  return {
    epoch: between(before.epoch, record.epoch),
    characters: between(before.characters, record.characters),
    elapsedMs: between(before.elapsedMs, record.elapsedMs),
    iterations: end,
  };
}
