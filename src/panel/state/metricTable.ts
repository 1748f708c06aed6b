import type { LevelPoints } from '../../common/levels.ts';
import { HISTORY_COLUMNS, type HistoryColumn, type HistorySnapshot } from '../../protocol/history.ts';
import type { LevelBatch } from '../../protocol/panel.ts';

/** What curves and readings need of the metrics of a run. */
export interface Metrics {
  readonly iterations: number;
  /** The value of a column at the newest iteration; NaN before the first. */
  newest(column: HistoryColumn): number;
  /** At most `maxPoints` points of a column over iterations `from` ≤ iteration < `to`, from the finest level that can give them. */
  points(column: HistoryColumn, from: number, to: number, maxPoints: number): LevelPoints;
}

/** Completed buckets `first` ≤ bucket < `end` of one level, in a ring. */
interface Level {
  readonly width: number;
  readonly stride: number;
  first: number;
  end: number;
  readonly ring: Float32Array;
}

/** Mean, minimum and maximum over some rows. */
class Summary {
  rows = 0;
  sum = 0;
  minimum = Infinity;
  maximum = -Infinity;
}

/**
 * The panel's copy of the history's metrics, by the same levels as the host's (common/levels.ts), but made of completed
 * buckets as they are sent, of which a fine level may have only the newest.
 */
export class MetricTable implements Metrics {
  readonly #capacity: number;
  readonly #factor: number;
  readonly #levels: Level[] = [];
  #iterations: number;

  /** @throws {RangeError} where the parts of the snapshot contradict each other. */
  constructor({ columns, capacity, factor, rows, levels }: HistorySnapshot['metrics']) {
    if (columns !== HISTORY_COLUMNS.length) {
      throw new RangeError(`the history has ${columns} columns, not ${HISTORY_COLUMNS.length}`);
    }
    this.#capacity = capacity;
    this.#factor = factor;
    this.#iterations = 0;
    this.take(
      rows,
      levels.map(({ completed, kept }, level) => ({
        level,
        first: Math.max(0, completed - capacity),
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
    for (const batch of batches) this.#append(this.#level(batch.level), batch);
    this.#iterations = iterations;
    for (const { width, end } of this.#levels) {
      const completed = Math.floor(iterations / width);
      if (end !== completed) throw new RangeError(`${iterations} iterations have ${completed} × ${width}, not ${end}`);
    }
  }

  newest(column: HistoryColumn): number {
    const [exact] = this.#levels;
    return this.#iterations === 0 ? NaN : exact.ring[this.#at(exact, exact.end - 1) + HISTORY_COLUMNS.indexOf(column)];
  }

  points(column: HistoryColumn, from: number, to: number, maxPoints: number): LevelPoints {
    const last = Math.min(to, this.#iterations);
    const first = Math.max(0, Math.min(from, last));
    const fits = (level: Level): boolean =>
      level.first * level.width <= first && (last - first) / level.width + 2 <= maxPoints;
    const index = this.#levels.findIndex(fits);
    const chosen = index < 0 ? this.#levels.length - 1 : index;
    return this.#pointsOf(chosen, HISTORY_COLUMNS.indexOf(column), first, last, maxPoints);
  }

  #level(index: number): Level {
    if (index > this.#levels.length) throw new RangeError(`level ${index} comes before level ${this.#levels.length}`);
    return (this.#levels[index] ??= this.#newLevel(index));
  }

  #newLevel(index: number): Level {
    const stride = HISTORY_COLUMNS.length * (index === 0 ? 1 : 3);
    return {
      width: this.#factor ** index,
      stride,
      first: 0,
      end: 0,
      ring: new Float32Array(this.#capacity * stride),
    };
  }

  /** Buckets that do not follow the ones here replace them. */
  #append(level: Level, { first, buckets }: LevelBatch): void {
    const count = buckets.length / level.stride;
    if (!Number.isInteger(count) || count > this.#capacity) {
      throw new RangeError(`${buckets.length} numbers are not buckets of ${level.stride}`);
    }
    if (first !== level.end) level.first = first;
    for (let bucket = 0; bucket < count; bucket++) {
      const start = bucket * level.stride;
      level.ring.set(buckets.subarray(start, start + level.stride), this.#at(level, first + bucket));
    }
    level.end = first + count;
    level.first = Math.max(level.first, level.end - this.#capacity);
  }

  #at(level: Level, bucket: number): number {
    return (bucket % this.#capacity) * level.stride;
  }

  #pointsOf(index: number, column: number, first: number, last: number, maxPoints: number): LevelPoints {
    const level = this.#levels[index] as Level | undefined;
    if (level === undefined) return emptyPoints(0, 1);
    const firstBucket = Math.max(level.first, Math.floor(first / level.width));
    const endBucket = Math.max(firstBucket, Math.min(level.end, Math.ceil(last / level.width)));
    const hasTail = last > level.end * level.width;
    // More buckets than points can only come from the top level: then every n-th run of buckets becomes one point.
    const room = Math.max(1, maxPoints - (hasTail ? 1 : 0));
    const group = Math.max(1, Math.ceil((endBucket - firstBucket) / room));
    const closed = Math.ceil((endBucket - firstBucket) / group);
    const points = emptyPoints(closed + (hasTail ? 1 : 0), level.width * group);
    for (let point = 0; point < closed; point++) {
      const start = firstBucket + point * group;
      const summary = new Summary();
      this.#include(summary, level, column, start, Math.min(endBucket, start + group));
      setPoint(points, point, start * level.width, summary);
    }
    if (hasTail) setPoint(points, closed, level.end * level.width, this.#tail(index, column));
    return points;
  }

  /** The rows after the last completed bucket of a level: the finer levels have them. */
  #tail(index: number, column: number): Summary {
    const summary = new Summary();
    let row = this.#levels[index].end * this.#levels[index].width;
    for (const level of this.#levels.slice(0, index).reverse()) {
      this.#include(summary, level, column, row / level.width, level.end);
      row = level.end * level.width;
    }
    return summary;
  }

  #include(summary: Summary, level: Level, column: number, start: number, end: number): void {
    const extreme = level.width === 1 ? 0 : HISTORY_COLUMNS.length;
    for (let bucket = start; bucket < end; bucket++) {
      const at = this.#at(level, bucket) + column;
      summary.rows += level.width;
      summary.sum += level.ring[at] * level.width;
      // Math.min and Math.max carry NaN on, so a run that stopped being finite shows a gap, not an invented number.
      summary.minimum = Math.min(summary.minimum, level.ring[at + extreme]);
      summary.maximum = Math.max(summary.maximum, level.ring[at + 2 * extreme]);
    }
  }
}

function emptyPoints(count: number, width: number): LevelPoints {
  return {
    row: new Float64Array(count),
    mean: new Float32Array(count),
    minimum: new Float32Array(count),
    maximum: new Float32Array(count),
    width,
  };
}

function setPoint(points: LevelPoints, index: number, firstRow: number, summary: Summary): void {
  points.row[index] = firstRow + (summary.rows - 1) / 2;
  points.mean[index] = summary.sum / summary.rows;
  points.minimum[index] = summary.minimum;
  points.maximum[index] = summary.maximum;
}
