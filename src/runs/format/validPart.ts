import { bucketNumbers, type BucketsRecord } from './bucketRecords.ts';
import { endOfRows, reachesBeyond, type RowsRecord, type RunRecord } from './records.ts';

/** A record that still holds. */
export type ValidRecord = Exclude<RunRecord, { type: 'rewind' }>;

/**
 * What of a record is new and still holds; undefined where nothing does. Rows are cut, all else is taken as a whole or not: of a
 * bucket nobody knows how its iterations share in it.
 * @param rowsBefore the iteration after the last one that is there already.
 * @param end the iteration from which the run went on later.
 */
export function validPart(record: ValidRecord, rowsBefore: number, end: number): ValidRecord | undefined {
  if (record.type === 'rows') return rowsBetween(record, rowsBefore, end);
  if (record.type === 'buckets') return bucketsBetween(record, rowsBefore, end);
  return reachesBeyond(record, end) ? undefined : record;
}

export function rowsBetween(record: RowsRecord, from: number, to: number): RowsRecord | undefined {
  const first = Math.max(record.firstIteration, from);
  const last = Math.min(endOfRows(record), to);
  if (first >= last) return undefined;
  if (first === record.firstIteration && last === endOfRows(record)) return record;
  const rowAt = (iteration: number): number => (iteration - record.firstIteration) * record.columns.length;
  return { ...record, firstIteration: first, rows: record.rows.subarray(rowAt(first), rowAt(last)) };
}

/** Those that lie between two iterations as a whole. */
export function bucketsBetween(record: BucketsRecord, from: number, to: number): BucketsRecord | undefined {
  const { firstIteration, width, columns, buckets } = record;
  const numbers = bucketNumbers(columns);
  const first = Math.max(0, Math.ceil((from - firstIteration) / width));
  const last = Math.min(buckets.length / numbers, Math.floor((to - firstIteration) / width));
  if (first >= last) return undefined;
  if (last * numbers === buckets.length && first === 0) return record;
  const kept = buckets.subarray(first * numbers, last * numbers);
  const isWholeEnd = last * numbers === buckets.length;
  // How the smoothed loss stood within a record, only its mean over a bucket tells.
  const smoothed = kept[kept.length - numbers + columns.length];
  return {
    ...record,
    firstIteration: firstIteration + first * width,
    buckets: kept,
    smoothedNats: isWholeEnd ? record.smoothedNats : Number.isFinite(smoothed) ? smoothed : NaN,
  };
}
