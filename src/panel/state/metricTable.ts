import { BucketRing, newestOf, pointsOf, type LevelPoints } from '../../common/bucketRing.ts';
import { ColumnPlaces, type HistoryColumn } from '../../history/metrics.ts';
import type { Metrics } from '../../history/metrics.ts';
import type { LevelBatch } from '../../protocol/panel.ts';
import type { HistorySnapshot } from '../../protocol/snapshot.ts';

export type { Metrics } from '../../history/metrics.ts';

/**
 * The panel's copy of the history's metrics: the levels of the host's table (common/levels.ts) as they are sent, of which a
 * fine one may have only the newest buckets.
 */
export class MetricTable implements Metrics {
  readonly #columns: ColumnPlaces;
  readonly #capacity: number;
  readonly #factor: number;
  readonly #levels: BucketRing[] = [];
  #iterations = 0;

  /** @throws {RangeError} where the parts of the snapshot contradict each other. */
  constructor({ columns, capacity, factor, rows, levels }: HistorySnapshot['metrics']) {
    this.#columns = new ColumnPlaces(columns);
    this.#capacity = capacity;
    this.#factor = factor;
    this.take(
      rows,
      levels.map(({ completed, kept }, level) => ({
        level,
        first: completed - kept.length / this.#level(level).stride,
        buckets: kept,
      })),
    );
  }

  get iterations(): number {
    return this.#iterations;
  }

  /**
   * Takes what is new, up to so many iterations.
   * @throws {RangeError} where the buckets are not those that so many iterations have.
   */
  take(iterations: number, batches: readonly LevelBatch[]): void {
    for (const { level, first, buckets } of batches) this.#level(level).append(buckets, first);
    this.#iterations = iterations;
    for (const { width, end } of this.#levels) {
      const completed = Math.floor(iterations / width);
      if (end !== completed) throw new RangeError(`${iterations} iterations have ${completed} × ${width}, not ${end}`);
    }
  }

  has(column: HistoryColumn): boolean {
    return this.#columns.has(column);
  }

  newest(column: HistoryColumn): number {
    return newestOf(this.#levels, this.#columns.of(column));
  }

  points(column: HistoryColumn, from: number, to: number, maxPoints: number): LevelPoints {
    return pointsOf(this.#levels, this.#iterations, this.#columns.of(column), from, to, maxPoints);
  }

  #level(index: number): BucketRing {
    if (index > this.#levels.length) throw new RangeError(`level ${index} comes before level ${this.#levels.length}`);
    return (this.#levels[index] ??= new BucketRing(this.#columns.names.length, this.#factor ** index, this.#capacity));
  }
}
