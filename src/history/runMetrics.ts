import type { Buckets, LevelPoints } from '../common/bucketRing.ts';
import { Levels } from '../common/levels.ts';
import { METRIC_NAMES, type ClockPoint } from '../protocol/run.ts';
import type { MetricsSnapshot } from '../protocol/snapshot.ts';
import { Sparser } from './kept.ts';
import { HISTORY_COLUMNS, type HistoryColumn, type Metrics } from './metrics.ts';
import { SmoothedLoss } from './smoothedLoss.ts';

const CLOCK = { keeps: 'sparser', most: 4096 } as const;

/** What every iteration of a run has: its row, by levels, and how long training had taken at some of them. */
export class RunMetrics implements Metrics {
  readonly #levels: Levels;
  readonly #clock: Sparser<ClockPoint>;
  #smoothed: SmoothedLoss;

  /** @throws {RangeError} where the parts of a snapshot contradict each other. */
  constructor(snapshot?: MetricsSnapshot) {
    this.#levels = snapshot === undefined ? new Levels(HISTORY_COLUMNS.length) : Levels.fromSnapshot(snapshot);
    if (this.#levels.columns !== HISTORY_COLUMNS.length) {
      throw new RangeError(`the stored history has ${this.#levels.columns} columns, not ${HISTORY_COLUMNS.length}`);
    }
    this.#smoothed = new SmoothedLoss(snapshot?.smoothedNats, snapshot?.smoothedRows);
    this.#clock = new Sparser(CLOCK, snapshot?.clock);
  }

  snapshot(): MetricsSnapshot {
    const levels = this.#levels.snapshot();
    return {
      ...levels,
      levels: [...levels.levels],
      smoothedNats: this.#smoothed.nats,
      smoothedRows: this.#smoothed.losses,
      clock: [...this.clock],
    };
  }

  /** Iterations so far: the number of rows. */
  get iterations(): number {
    return this.#levels.rows;
  }

  newest(column: HistoryColumn): number {
    return this.#levels.newest(HISTORY_COLUMNS.indexOf(column));
  }

  points(column: HistoryColumn, from: number, to: number, maxPoints: number): LevelPoints {
    return this.#levels.points(HISTORY_COLUMNS.indexOf(column), from, to, maxPoints);
  }

  /** All metrics, thinned, from the finest level to the coarsest. */
  get levels(): readonly Buckets[] {
    return this.#levels.levels;
  }

  /** How long training had taken at some of the iterations, in order, thinned evenly. */
  get clock(): readonly ClockPoint[] {
    return this.#clock.list;
  }

  /** Adds rows of METRIC_NAMES, (rows, columns). */
  addRows(rows: Float32Array | Float64Array): void {
    const row = new Float64Array(HISTORY_COLUMNS.length);
    for (let start = 0; start < rows.length; start += METRIC_NAMES.length) {
      row.set(rows.subarray(start, start + METRIC_NAMES.length));
      row[METRIC_NAMES.length] = this.#smoothed.next(row[0]);
      this.#levels.append(row);
    }
  }

  /**
   * Adds iterations of which only means, minima and maxima over runs of `width` of them are known.
   * @param buckets (buckets, [means, minima, maxima], HISTORY_COLUMNS)
   * @param smoothed the smoothed loss as of their end.
   * @throws {RangeError} where the width is no power of 4, or the iterations so far are no multiple of it.
   */
  addBuckets(width: number, buckets: Float32Array, smoothed: SmoothedLoss): void {
    this.#levels.appendBuckets(width, buckets);
    this.#smoothed = new SmoothedLoss(smoothed.nats, smoothed.losses);
  }

  /** Iterations of which nothing is known. */
  skipRows(count: number): void {
    this.#levels.skip(count);
  }

  addClock(point: ClockPoint): void {
    this.#clock.add(point);
  }
}
