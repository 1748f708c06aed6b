import { BucketRing, type Buckets, type LevelPoints, newestOf, pointsOf, Summary } from './bucketRing.ts';

/**
 * A growing table of numbers held in bounded memory: rows of `columns` numbers, thinned by levels. Level 0 keeps the newest
 * `capacity` rows as they came; level k keeps minimum, maximum and mean over runs of factor^k rows, again the newest
 * `capacity` of them. A level is made when the one below it is about to forget, so that the top level always reaches
 * back to row 0 and the whole costs O(log rows).
 */
export interface LevelsSnapshot {
  readonly columns: number;
  readonly capacity: number;
  readonly factor: number;
  readonly rows: number;
  readonly levels: readonly LevelSnapshot[];
}

export interface LevelSnapshot {
  /** Buckets completed since the start; the newest are kept, at most `capacity`. */
  readonly completed: number;
  /** The kept buckets, oldest first; of a fine level there may be fewer, or none, where only coarser ones came: per bucket the columns' means, then (from level 1 on) minima and maxima. */
  readonly kept: Float32Array<ArrayBuffer>;
}

export const DEFAULT_CAPACITY = 4096;
const DEFAULT_FACTOR = 4;

export class Levels {
  readonly columns: number;
  readonly #capacity: number;
  readonly #factor: number;
  readonly #levels: BucketRing[] = [];
  #rows = 0;

  constructor(columns: number, capacity = DEFAULT_CAPACITY, factor = DEFAULT_FACTOR) {
    if (capacity % factor !== 0) throw new RangeError(`capacity ${capacity} is not a multiple of the factor ${factor}`);
    this.columns = columns;
    this.#capacity = capacity;
    this.#factor = factor;
    this.#addLevel();
  }

  /** @throws {RangeError} where the parts of the snapshot contradict each other. */
  static fromSnapshot(snapshot: LevelsSnapshot): Levels {
    const levels = new Levels(snapshot.columns, snapshot.capacity, snapshot.factor);
    levels.#rows = snapshot.rows;
    levels.#levels.length = 0;
    for (const { completed, kept } of snapshot.levels) {
      const level = levels.#addLevel();
      const keptBuckets = kept.length / level.stride;
      const isWhole = Number.isInteger(keptBuckets) && keptBuckets <= Math.min(completed, snapshot.capacity);
      if (!isWhole || completed !== Math.floor(snapshot.rows / level.width)) {
        throw new RangeError(
          `a level of the stored history has ${kept.length} numbers for ${completed} × ${level.width} of ${snapshot.rows} rows`,
        );
      }
      level.append(kept, completed - keptBuckets);
    }
    return levels;
  }

  /** Rows appended since the start. */
  get rows(): number {
    return this.#rows;
  }

  /** From the finest to the coarsest. */
  get levels(): readonly Buckets[] {
    return this.#levels;
  }

  get byteLength(): number {
    return this.#levels.reduce((bytes, level) => bytes + level.byteLength, 0);
  }

  append(row: ArrayLike<number>): void {
    this.#appendTo(0, row);
  }

  /**
   * Appends rows of which only means, minima and maxima over runs of `width` are known. What finer levels had before is forgotten:
   * they reach back to the end of these rows.
   * @param buckets (buckets, [means, minima, maxima], columns)
   * @throws {RangeError} where levels have no such width, or the rows so far are no multiple of it.
   */
  appendBuckets(width: number, buckets: Float32Array): void {
    let index = 1;
    while (this.#factor ** index < width) index++;
    if (this.#factor ** index !== width || this.#rows % width !== 0) {
      throw new RangeError(`buckets of ${width} rows cannot follow ${this.#rows} rows in levels of ${this.#factor}`);
    }
    while (this.#levels.length <= index) this.#fold(this.#levels[this.#levels.length - 1]);
    const { stride } = this.#levels[index];
    for (let at = 0; at < buckets.length; at += stride) this.#appendTo(index, buckets.subarray(at, at + stride));
    for (const level of this.#levels.slice(0, index)) level.restart(this.#rows / level.width);
  }

  #appendTo(index: number, bucket: ArrayLike<number>): void {
    this.#levels[index].append(bucket);
    this.#rows += this.#levels[index].width;
    for (let k = index + 1; k < this.#levels.length && this.#rows % this.#levels[k].width === 0; k++) {
      this.#complete(this.#levels[k - 1], this.#levels[k]);
    }
    const top = this.#levels[this.#levels.length - 1];
    // One that is exactly full still reaches back to row 0.
    if (top.end === this.#capacity && this.#rows % top.width === 0) this.#fold(top);
  }

  /** Appends rows of NaN, in no more time than the levels take, however many they are: any bucket with one of them is NaN. */
  skip(count: number): void {
    const rows = this.#rows + count;
    const endOf = ({ width }: BucketRing): number => Math.floor(rows / width);
    for (;;) {
      const top = this.#levels[this.#levels.length - 1];
      if (endOf(top) < this.#capacity) break;
      this.#fold(top);
    }
    for (const level of this.#levels) {
      const missing = Math.min(this.#capacity, endOf(level) - level.end);
      if (missing > 0) level.append(new Float32Array(missing * level.stride).fill(NaN), endOf(level) - missing);
    }
    this.#rows = rows;
  }

  /** The value of a column at the newest row, or its mean over the newest rows where only that is known; NaN before the first. */
  newest(column: number): number {
    return newestOf(this.#levels, column);
  }

  /** At most `maxPoints` points of a column over rows `from` ≤ row < `to`, from the finest level that can give them. */
  points(column: number, from: number, to: number, maxPoints: number): LevelPoints {
    return pointsOf(this.#levels, this.#rows, column, from, to, maxPoints);
  }

  snapshot(): LevelsSnapshot {
    return {
      columns: this.columns,
      capacity: this.#capacity,
      factor: this.#factor,
      rows: this.#rows,
      levels: this.#levels.map((level) => ({ completed: level.end, kept: level.slice(level.first, level.end) })),
    };
  }

  #addLevel(): BucketRing {
    const level = new BucketRing(this.columns, this.#factor ** this.#levels.length, this.#capacity);
    this.#levels.push(level);
    return level;
  }

  /** The next level, filled from one that holds all its buckets. */
  #fold(below: BucketRing): void {
    const level = this.#addLevel();
    while ((level.end + 1) * this.#factor <= below.end) this.#complete(below, level);
  }

  /** The next bucket of a level, from those of the level below it. */
  #complete(below: BucketRing, level: BucketRing): void {
    const first = level.end * this.#factor;
    const bucket = new Float32Array(level.stride);
    for (let column = 0; column < this.columns; column++) {
      const summary = new Summary();
      below.sumUp(summary, column, first, first + this.#factor);
      bucket[column] = summary.sum / summary.rows;
      bucket[this.columns + column] = summary.minimum;
      bucket[2 * this.columns + column] = summary.maximum;
    }
    level.append(bucket);
  }
}
