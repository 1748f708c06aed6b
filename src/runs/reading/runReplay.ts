import { RunHistory } from '../../history/history.ts';
import { isRunEvent, kindOf, type RunEvent, type RunEventType } from '../../protocol/events.ts';
import type { Network } from '../../network/network.ts';
import { metricNamesOf } from '../../protocol/run.ts';
import type { Baselines } from '../../protocol/study.ts';
import { SmoothedLoss } from '../../history/smoothedLoss.ts';
import type { BucketsRecord } from '../format/bucketRecords.ts';
import { endOfRows, iterationOf, reachesBeyond, type RowsRecord, type RunRecord } from '../format/records.ts';
import { NO_PROGRESS, progressAt, type RunProgress } from '../format/runProgress.ts';
import { bucketsBetween } from '../format/validPart.ts';

export interface ReplayOptions {
  /** Of the run: its records have the columns of this one. */
  readonly network: Pick<Network, 'parameterNames'>;
  /** Iterations that the run has, as far as is known: the clock and what is kept of some events are spread evenly over them. */
  readonly iterations: number;
  /** Size V of the vocabulary, where it is known: an inspection of other ids cannot be of this run. */
  readonly symbols?: number | undefined;
}

/** Missing iterations of a run that are skipped, all together: a damaged or foreign number may claim any iteration. */
const MAX_MISSING = 2 ** 24;
/** A run that was interrupted so often is none. */
const MAX_GAPS = 1000;
/** Rows go to the history in blocks: many records may hold a single one. */
const BLOCK_ROWS = 4096;
const CLOCK_POINTS = 4096;

/**
 * Builds a run's history from its records in their order. Iteration numbers stay right: those without a row get one of NaN.
 * A rewind cannot be taken back from a history: whoever meets one that goes behind `history.iterations` reads the run anew.
 */
export class RunReplay {
  readonly #history: RunHistory;
  readonly #block: Float64Array;
  #blockEnd = 0;
  readonly #symbols: number;
  readonly #iterations: number;
  readonly #clockSpacing: number;
  #progress = NO_PROGRESS;
  #baselines: Baselines | undefined;
  readonly #newest = new Map<RunRecord['type'], number>();
  /** Of the types that are spread evenly: where the last one is that was taken, and the newest since. */
  readonly #takenAt = new Map<RunEventType, number>();
  readonly #skipped = new Map<RunEventType, RunEvent>();
  #clockAt = -Infinity;
  #wholeFrom = 0;
  #missing = 0;
  #gaps = 0;
  #unusable = 0;

  constructor({ network, iterations, symbols = Infinity }: ReplayOptions) {
    this.#history = new RunHistory(network);
    this.#block = new Float64Array(BLOCK_ROWS * metricNamesOf(network).length);
    this.#symbols = symbols;
    this.#iterations = iterations;
    this.#clockSpacing = iterations / CLOCK_POINTS;
  }

  get history(): RunHistory {
    this.#passBlock();
    return this.#history;
  }

  get progress(): RunProgress {
    return this.#progress;
  }

  get baselines(): Baselines | undefined {
    return this.#baselines;
  }

  /** All iterations from here on are known one by one; of most before only means, minima and maxima. */
  get wholeFrom(): number {
    return this.#wholeFrom;
  }

  /** Iterations between the first and the last row that have none. */
  get missing(): number {
    return this.#missing;
  }

  /** Records that contradict the ones before them, or the run. */
  get unusable(): number {
    return this.#unusable;
  }

  /** @param goesOnFrom the iteration from which a later rewind makes the run go on: what is beyond is left out. */
  add(record: RunRecord, goesOnFrom = Infinity): void {
    if (record.type === 'rows') return this.#addRows(record, goesOnFrom);
    if (record.type === 'buckets') return this.#addBuckets(record, goesOnFrom);
    if (reachesBeyond(record, goesOnFrom) || record.type === 'rewind') return;
    if (!this.#isNext(record)) {
      this.#unusable++;
      return;
    }
    if (isRunEvent(record)) this.#addEvent(record);
    else this.#baselines = record.baselines;
  }

  /** To be called when no more records are there: the newest event of each type is taken whatever its distance from others. */
  settle(): void {
    for (const event of this.#skipped.values()) this.#history.add(event);
    this.#skipped.clear();
  }

  /** Charts draw points in the order in which they come. */
  #isNext(record: RunRecord): boolean {
    const iteration = iterationOf(record);
    if (iteration === undefined) return true;
    const newest = this.#newest.get(record.type) ?? -1;
    const isSingle = isRunEvent(record) && kindOf(record.type).isSingle === true;
    if (iteration < newest || (iteration === newest && isSingle)) return false;
    this.#newest.set(record.type, iteration);
    return true;
  }

  #addRows(record: RowsRecord, goesOnFrom: number): void {
    const { firstIteration, columns, rows } = record;
    const end = Math.min(endOfRows(record), goesOnFrom);
    const first = Math.max(this.#progress.iterations, firstIteration);
    if (!this.#isNew(record, goesOnFrom) || !this.#fillTo(first)) return;
    this.#append(rows.subarray((first - firstIteration) * columns.length, (end - firstIteration) * columns.length));
    this.#advance(end, record);
  }

  /** A bucket that was begun before, or that the run went on in the midst of, is one of missing iterations. */
  #addBuckets(record: BucketsRecord, goesOnFrom: number): void {
    if (!this.#isNew(record, goesOnFrom)) return;
    const end = Math.min(endOfRows(record), goesOnFrom);
    const whole = bucketsBetween(record, this.#progress.iterations, end);
    if (whole !== undefined) {
      if (!this.#fillTo(whole.firstIteration)) return;
      this.#passBlock();
      const { smoothedNats, smoothedLosses } = whole;
      const smoothed = new SmoothedLoss(Number.isNaN(smoothedNats) ? null : smoothedNats, smoothedLosses);
      this.#history.metrics.addBuckets(whole.width, whole.buckets, smoothed);
      this.#advance(endOfRows(whole), record);
      this.#wholeFrom = endOfRows(whole);
    }
    if (this.#fillTo(end)) this.#advance(end, record);
  }

  /** Whether anything is left of a batch: one may be void as a whole, or there already. */
  #isNew(record: RowsRecord | BucketsRecord, goesOnFrom: number): boolean {
    const end = Math.min(endOfRows(record), goesOnFrom);
    if (end > this.#progress.iterations && end > record.firstIteration) return true;
    if (endOfRows(record) <= goesOnFrom) this.#unusable++;
    return false;
  }

  #advance(end: number, record: RowsRecord | BucketsRecord): void {
    if (end === this.#progress.iterations) return;
    this.#progress = progressAt(end, this.#progress, record);
    if (end - this.#clockAt < this.#clockSpacing) return;
    this.#clockAt = end;
    this.#history.metrics.addClock({ iteration: end, elapsedMs: this.#progress.elapsedMs });
  }

  /** @returns whether the iterations up to this one are there now: so many cannot be missing. */
  #fillTo(iteration: number): boolean {
    const missing = Math.max(0, iteration - this.#progress.iterations);
    if (missing > 0) this.#gaps++;
    if (this.#missing + missing > MAX_MISSING || this.#gaps > MAX_GAPS) {
      this.#unusable++;
      return false;
    }
    this.#fill(missing);
    return true;
  }

  #fill(missing: number): void {
    if (missing === 0) return;
    this.#missing += missing;
    this.#passBlock();
    this.#history.metrics.skipRows(missing);
  }

  #append(rows: Float64Array): void {
    if (this.#blockEnd + rows.length > this.#block.length) this.#passBlock();
    if (rows.length > this.#block.length) {
      this.#history.metrics.addRows(rows);
    } else {
      this.#block.set(rows, this.#blockEnd);
      this.#blockEnd += rows.length;
    }
  }

  #passBlock(): void {
    this.#history.metrics.addRows(this.#block.subarray(0, this.#blockEnd));
    this.#blockEnd = 0;
  }

  /** A history thins what is to be spread itself where it is too much, but then by number and not by iterations. */
  #addEvent(event: RunEvent): void {
    const { fits, memory } = kindOf(event.type);
    if (fits?.(event.value, this.#symbols) === false) {
      this.#unusable++;
      return;
    }
    const { iteration } = event.value;
    const distance = memory.keeps === 'spread' ? this.#iterations / memory.most : 0;
    if (iteration - (this.#takenAt.get(event.type) ?? -Infinity) < distance) {
      this.#skipped.set(event.type, event);
      return;
    }
    this.#history.add(event);
    this.#takenAt.set(event.type, iteration);
    this.#skipped.delete(event.type);
  }
}
