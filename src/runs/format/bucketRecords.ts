/** Iterations of a run that are no longer kept one by one: the mean, the least and the greatest of each number over every `width`. */
export interface BucketsRecord {
  readonly type: 'buckets';
  readonly firstIteration: number;
  /** As of the end of the last bucket. */
  readonly epoch: number;
  readonly characters: number;
  readonly elapsedMs: number;
  /** The smoothed loss then, NaN before the first, and how many losses went into it. */
  readonly smoothedNats: number;
  readonly smoothedLosses: number;
  /** Iterations of a bucket: a power of 4, of which the first iteration is a multiple. */
  readonly width: number;
  /** Names of the numbers of a row, which the smoothed loss follows in a bucket. */
  readonly columns: readonly string[];
  /** (buckets, [means, minima, maxima], columns and the smoothed loss) */
  readonly buckets: Float32Array<ArrayBuffer>;
}

/** Numbers of one bucket of rows of these columns. */
export function bucketNumbers(columns: readonly string[]): number {
  return 3 * (columns.length + 1);
}

/** How much wider the buckets of each level are, as in the history in memory. */
export const LEVEL_FACTOR = 4;
export const MAX_WIDTH = LEVEL_FACTOR ** 15;
const HEAD_NUMBERS = 6;
const BUCKETS_HEAD_BYTES = 8 * HEAD_NUMBERS + 8;

/** The iteration after the last one of the buckets. */
export function endOfBuckets({ firstIteration, width, columns, buckets }: BucketsRecord): number {
  return firstIteration + (buckets.length / bucketNumbers(columns)) * width;
}

/** One bucket: of each number of a row the mean, the least and the greatest. */
export interface Bucket {
  readonly firstIteration: number;
  readonly mean: Float32Array;
  readonly least: Float32Array;
  readonly greatest: Float32Array;
}

export function* bucketsOf({ firstIteration, width, columns, buckets }: BucketsRecord): Generator<Bucket> {
  const numbers = bucketNumbers(columns);
  for (let at = 0; at < buckets.length; at += numbers) {
    const part = (index: number): Float32Array => {
      const from = at + (index * numbers) / 3;
      return buckets.subarray(from, from + columns.length);
    };
    const first = firstIteration + (at / numbers) * width;
    yield { firstIteration: first, mean: part(0), least: part(1), greatest: part(2) };
  }
}

/** Of a payload of this kind, without looking at its numbers: the iteration after the last one, or NaN where it is none. */
export function endOfBucketsIn(payload: Uint8Array): number {
  if (payload.length < BUCKETS_HEAD_BYTES) return NaN;
  const view = new DataView(payload.buffer, payload.byteOffset);
  return view.getFloat64(0, true) + view.getUint32(8 * HEAD_NUMBERS, true) * view.getUint32(8 * HEAD_NUMBERS + 4, true);
}

/** The bytes of a record, or undefined for one that the format has no place for. */
export function bucketsPayload(record: BucketsRecord): Uint8Array | undefined {
  if (!isBuckets(record)) return undefined;
  const { firstIteration, epoch, characters, elapsedMs, smoothedNats, smoothedLosses, width, columns, buckets } =
    record;
  const head = Float64Array.of(firstIteration, epoch, characters, elapsedMs, smoothedNats, smoothedLosses);
  const sizes = Uint32Array.of(width, buckets.length / bucketNumbers(columns));
  const payload = new Uint8Array(BUCKETS_HEAD_BYTES + buckets.byteLength);
  payload.set(new Uint8Array(head.buffer));
  payload.set(new Uint8Array(sizes.buffer), head.byteLength);
  payload.set(new Uint8Array(buckets.buffer, buckets.byteOffset, buckets.byteLength), BUCKETS_HEAD_BYTES);
  return payload;
}

/** The record with an array of its own, or undefined where the payload contradicts the format. */
export function decodeBuckets(payload: Uint8Array, columns: readonly string[]): BucketsRecord | undefined {
  if (payload.length < BUCKETS_HEAD_BYTES) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset);
  const number = (index: number): number => view.getFloat64(8 * index, true);
  const count = view.getUint32(8 * HEAD_NUMBERS + 4, true);
  if (payload.length !== BUCKETS_HEAD_BYTES + 4 * bucketNumbers(columns) * count) return undefined;
  const record: BucketsRecord = {
    type: 'buckets',
    firstIteration: number(0),
    epoch: number(1),
    characters: number(2),
    elapsedMs: number(3),
    smoothedNats: number(4),
    smoothedLosses: number(5),
    width: view.getUint32(8 * HEAD_NUMBERS, true),
    columns,
    buckets: new Float32Array(payload.slice(BUCKETS_HEAD_BYTES).buffer),
  };
  return isBuckets(record) ? record : undefined;
}

/** Without a schema: a file may hold hundreds of thousands of these. */
function isBuckets(record: BucketsRecord): boolean {
  const { firstIteration, epoch, characters, elapsedMs, smoothedNats, smoothedLosses, width, buckets } = record;
  const isAmount = (value: number): boolean => value >= 0 && value < Infinity;
  const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
  return (
    isCount(firstIteration) &&
    isCount(endOfBuckets(record)) &&
    [epoch, characters, elapsedMs].every(isAmount) &&
    (Number.isFinite(smoothedNats) || Number.isNaN(smoothedNats)) &&
    isCount(smoothedLosses) &&
    isWidth(width) &&
    firstIteration % width === 0 &&
    buckets.length > 0
  );
}

function isWidth(width: number): boolean {
  const level = Math.round(Math.log(width) / Math.log(LEVEL_FACTOR));
  return width > 1 && width <= MAX_WIDTH && LEVEL_FACTOR ** level === width;
}
