import type { Buckets, LevelPoints } from '../common/bucketRing.ts';
import { Levels } from '../common/levels.ts';
import type { Network } from '../network/network.ts';
import type { ClockPoint } from '../protocol/run.ts';
import type { MetricsSnapshot } from '../protocol/snapshot.ts';
import { Sparser } from './kept.ts';
import { ColumnPlaces, type HistoryColumn, historyColumnsOf, type Metrics } from './metrics.ts';
import { SmoothedLoss } from './smoothedLoss.ts';

const CLOCK = { keeps: 'sparser', most: 4096 } as const;

/** What every iteration of a run has: its row, by levels, and how long training had taken at some of them. */
export class RunMetrics implements Metrics {
  readonly #columns: ColumnPlaces;
  readonly #levels: Levels;
  readonly #clock: Sparser<ClockPoint>;
  #smoothed: SmoothedLoss;

  /**
   * @param from the network of a run that begins, or what there is of one already.
   * @throws {RangeError} where the parts of a snapshot contradict each other.
   */
  constructor(from: Pick<Network, 'parameterNames'> | MetricsSnapshot) {
    const snapshot = 'levels' in from ? from : undefined;
    this.#columns = new ColumnPlaces('levels' in from ? from.columns : historyColumnsOf(from));
    const columns = this.#columns.names.length;
    this.#levels = snapshot === undefined ? new Levels(columns) : Levels.fromSnapshot({ ...snapshot, columns });
    this.#smoothed = new SmoothedLoss(snapshot?.smoothedNats, snapshot?.smoothedRows);
    this.#clock = new Sparser(CLOCK, snapshot?.clock);
  }

  snapshot(): MetricsSnapshot {
    const levels = this.#levels.snapshot();
    return {
      ...levels,
      columns: [...this.#columns.names],
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

  has(column: HistoryColumn): boolean {
    return this.#columns.has(column);
  }

  newest(column: HistoryColumn): number {
    return this.#levels.newest(this.#columns.of(column));
  }

  points(column: HistoryColumn, from: number, to: number, maxPoints: number): LevelPoints {
    return this.#levels.points(this.#columns.of(column), from, to, maxPoints);
  }

  /** All metrics, thinned, from the finest level to the coarsest. */
  get levels(): readonly Buckets[] {
    return this.#levels.levels;
  }

  /** How long training had taken at some of the iterations, in order, thinned evenly. */
  get clock(): readonly ClockPoint[] {
    return this.#clock.list;
  }

  /** Adds rows of all columns but the smoothed loss, (rows, columns), the loss first. */
  addRows(rows: Float32Array | Float64Array): void {
    const row = new Float64Array(this.#levels.columns);
    const columns = row.length - 1;
    for (let start = 0; start < rows.length; start += columns) {
      row.set(rows.subarray(start, start + columns));
      row[columns] = this.#smoothed.next(row[0]);
      this.#levels.append(row);
    }
  }

  /**
   * Adds iterations of which only means, minima and maxima over runs of `width` of them are known.
   * @param buckets (buckets, [means, minima, maxima], columns)
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
