import { Summary } from '../../common/bucketRing.ts';
import { SmoothedLoss } from '../../history/smoothedLoss.ts';
import { bucketNumbers, type BucketsRecord } from '../format/bucketRecords.ts';
import type { Layout } from './bucketLayout.ts';
import { endOfRows, type RowsRecord } from '../format/records.ts';
import { NO_PROGRESS, progressAt, type RunProgress } from '../format/runProgress.ts';
import { rowsBetween } from '../format/validPart.ts';

/** Buckets of one record: each record is a point of the clock. */
const BUCKETS_PER_RECORD = 8;
/** Rows that small batches are joined up to. */
const JOINED_ROWS = 64;

type Iterations = RowsRecord | BucketsRecord;
/** What a record of a single bucket says of it alone. */
type OneBucket = Pick<BucketsRecord, 'firstIteration' | 'width' | 'columns' | 'buckets'>;

/**
 * Puts the rows and buckets of a run together as a layout says. What comes out is in order, and aligned as the layout is. Iterations
 * of a bucket of which some are missing are left out.
 */
export class Folding {
  readonly #layout: Layout;
  #progress = NO_PROGRESS;
  #smoothed = new SmoothedLoss();
  #open: OpenBucket | undefined;
  /** Whole buckets of one width that follow each other, and rows that do. */
  #buckets: BucketsRecord[] = [];
  #rows: RowsRecord[] = [];

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  /** @param record begins where the one before ends, or later. */
  *take(record: Iterations): Generator<Iterations> {
    if (record.firstIteration !== this.#progress.iterations) yield* this.end();
    yield* record.type === 'rows' ? this.#takeRows(record) : this.#takeBuckets(record);
    this.#progress = progressAt(endOfRows(record), this.#progress, record);
  }

  /** What is left when no more comes. */
  *end(): Generator<Iterations> {
    this.#open = undefined;
    yield* this.#joinedBuckets();
    yield* this.#joinedRows();
  }

  *#takeRows(record: RowsRecord): Generator<Iterations> {
    const end = endOfRows(record);
    for (let at = record.firstIteration; at < end;) {
      const width = this.#open === undefined ? this.#layout.widthFrom(at) : 0;
      if (width === 1) {
        const to = this.#wholeUntil(at, end);
        this.#smooth(record, at, to);
        yield* this.#putRows(record, at, to);
        at = to;
        continue;
      }
      this.#open ??= new OpenBucket(at, width, record.columns);
      const to = Math.min(end, this.#open.end);
      for (; at < to; at++) {
        const from = (at - record.firstIteration) * record.columns.length;
        this.#open.addRow(record.rows, from, this.#smoothed.next(record.rows[from]));
      }
      if (at === this.#open.end) yield* this.#close(progressAt(at, this.#progress, record));
    }
  }

  *#takeBuckets(record: BucketsRecord): Generator<Iterations> {
    const { width, columns, buckets } = record;
    const numbers = bucketNumbers(columns);
    for (let at = 0; at < buckets.length; at += numbers) {
      const first = record.firstIteration + (at / numbers) * width;
      const bucket = buckets.subarray(at, at + numbers);
      const clock = progressAt(first + width, this.#progress, record);
      const isLast = at + numbers === buckets.length;
      // Within a record only the mean over a bucket tells how the smoothed loss stood.
      this.#smoothed = smoothedOf(isLast ? record.smoothedNats : bucket[columns.length], record.smoothedLosses);
      const wished = this.#open === undefined ? this.#layout.widthFrom(first) : Infinity;
      if (wished <= width) {
        yield* this.#putBucket({ firstIteration: first, width, columns, buckets: bucket }, clock);
        continue;
      }
      this.#open ??= new OpenBucket(first, wished, columns);
      this.#open.addBucket(bucket, width);
      if (first + width === this.#open.end) yield* this.#close(clock);
    }
  }

  #wholeUntil(at: number, end: number): number {
    let to = at + 1;
    while (to < end && to < this.#layout.wholeFrom && this.#layout.widthFrom(to) === 1) to++;
    return to < this.#layout.wholeFrom ? to : end;
  }

  #smooth({ firstIteration, columns, rows }: RowsRecord, from: number, to: number): void {
    for (let at = from; at < to; at++) this.#smoothed.next(rows[(at - firstIteration) * columns.length]);
  }

  *#close(clock: RunProgress): Generator<Iterations> {
    const open = this.#open;
    this.#open = undefined;
    if (open !== undefined) yield* this.#putBucket(open.bucket(), clock);
  }

  *#putBucket(bucket: OneBucket, { epoch, characters, elapsedMs }: RunProgress): Generator<Iterations> {
    yield* this.#joinedRows();
    const last = this.#buckets.at(-1);
    const { firstIteration, width } = bucket;
    const follows = last === undefined || (last.width === width && last.firstIteration + width === firstIteration);
    if (!follows || this.#buckets.length === BUCKETS_PER_RECORD) yield* this.#joinedBuckets();
    const { nats, losses } = this.#smoothed;
    const smoothed = { smoothedNats: nats ?? NaN, smoothedLosses: losses };
    const clock = { epoch, characters, elapsedMs };
    this.#buckets.push({ type: 'buckets', ...bucket, ...clock, ...smoothed });
  }

  *#putRows(record: RowsRecord, from: number, to: number): Generator<Iterations> {
    yield* this.#joinedBuckets();
    const part = rowsBetween(record, from, to);
    if (part === undefined) return;
    const { epoch, characters, elapsedMs } = progressAt(to, this.#progress, record);
    const first = this.#rows.at(0)?.firstIteration ?? from;
    if (to - first > JOINED_ROWS) yield* this.#joinedRows();
    this.#rows.push({ ...part, epoch, characters, elapsedMs });
  }

  *#joinedRows(): Generator<Iterations> {
    const batches = this.#rows;
    this.#rows = [];
    if (batches.length > 0) yield joinedRows(batches);
  }

  *#joinedBuckets(): Generator<Iterations> {
    const records = this.#buckets;
    this.#buckets = [];
    const last = records.at(-1);
    if (last === undefined) return;
    const numbers = bucketNumbers(last.columns);
    const buckets = new Float32Array(records.length * numbers);
    for (const [index, record] of records.entries()) buckets.set(record.buckets, index * numbers);
    yield { ...last, firstIteration: records[0].firstIteration, buckets };
  }
}

/** Batches that follow each other as one. @param batches at least one. */
export function joinedRows(batches: readonly RowsRecord[]): RowsRecord {
  const [first] = batches;
  if (batches.length === 1) return first;
  const rows = new Float64Array(batches.reduce((length, batch) => length + batch.rows.length, 0));
  let at = 0;
  for (const batch of batches) {
    rows.set(batch.rows, at);
    at += batch.rows.length;
  }
  return { ...batches[batches.length - 1], firstIteration: first.firstIteration, rows };
}

function smoothedOf(nats: number, losses: number): SmoothedLoss {
  return new SmoothedLoss(Number.isFinite(nats) ? nats : null, losses);
}

/** A bucket that is not whole yet. */
class OpenBucket {
  readonly first: number;
  readonly width: number;
  readonly #names: readonly string[];
  /** Of the numbers of a row, and of the smoothed loss. */
  readonly #columns: readonly Summary[];

  /** @param names of the numbers of a row. */
  constructor(first: number, width: number, names: readonly string[]) {
    this.#names = names;
    this.#columns = Array.from({ length: names.length + 1 }, () => new Summary());
    this.first = first;
    this.width = width;
  }

  get end(): number {
    return this.first + this.width;
  }

  addRow(rows: Float64Array, from: number, smoothedNats: number): void {
    const smoothedAt = this.#names.length;
    for (let column = 0; column <= smoothedAt; column++) {
      // In memory, rows are kept as float32 too.
      const value = Math.fround(column < smoothedAt ? rows[from + column] : smoothedNats);
      this.#columns[column].add(1, value, value, value);
    }
  }

  addBucket(bucket: Float32Array, width: number): void {
    const count = this.#columns.length;
    for (let column = 0; column < count; column++) {
      this.#columns[column].add(width, bucket[column], bucket[count + column], bucket[2 * count + column]);
    }
  }

  bucket(): OneBucket {
    const count = this.#columns.length;
    const numbers = new Float32Array(3 * count);
    for (const [column, { rows, sum, minimum, maximum }] of this.#columns.entries()) {
      numbers[column] = sum / rows;
      numbers[count + column] = minimum;
      numbers[2 * count + column] = maximum;
    }
    return { firstIteration: this.first, width: this.width, columns: this.#names, buckets: numbers };
  }
}
