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
  /** Buckets completed since the start; the newest min(completed, capacity) are kept. */
  readonly completed: number;
  /** The kept buckets, oldest first: per bucket the columns' means, then (from level 1 on) minima and maxima. */
  readonly kept: Float32Array<ArrayBuffer>;
  /** The bucket under way: rows in it, and per column sum, minimum, maximum. */
  readonly openRows: number;
  readonly open: Float64Array<ArrayBuffer>;
}

/** Points of one column for drawing: `row` is the middle of what each point stands for. */
export interface LevelPoints {
  readonly row: Float64Array;
  readonly mean: Float32Array;
  readonly minimum: Float32Array;
  readonly maximum: Float32Array;
  /** Rows that one point stands for. */
  readonly width: number;
}

interface Level {
  width: number;
  completed: number;
  ring: Float32Array;
  openRows: number;
  sum: Float64Array;
  minimum: Float64Array;
  maximum: Float64Array;
}

const DEFAULT_CAPACITY = 4096;
const DEFAULT_FACTOR = 4;

export class Levels {
  readonly columns: number;
  readonly #capacity: number;
  readonly #factor: number;
  readonly #levels: Level[] = [];
  #rows = 0;

  constructor(columns: number, capacity = DEFAULT_CAPACITY, factor = DEFAULT_FACTOR) {
    if (capacity % factor !== 0) throw new RangeError(`capacity ${capacity} is not a multiple of the factor ${factor}`);
    this.columns = columns;
    this.#capacity = capacity;
    this.#factor = factor;
    this.#levels.push(this.#newLevel(1));
  }

  static fromSnapshot(snapshot: LevelsSnapshot): Levels {
    const levels = new Levels(snapshot.columns, snapshot.capacity, snapshot.factor);
    levels.#rows = snapshot.rows;
    levels.#levels.length = 0;
    snapshot.levels.forEach((from, k) => {
      const level = levels.#newLevel(snapshot.factor ** k);
      const stride = levels.#stride(level);
      const keptBuckets = Math.min(from.completed, snapshot.capacity);
      if (from.kept.length !== keptBuckets * stride || from.open.length !== 3 * snapshot.columns) {
        throw new RangeError(
          `level ${k} of the stored history has ${from.kept.length} numbers, not ${keptBuckets * stride}`,
        );
      }
      for (let bucket = 0; bucket < keptBuckets; bucket++) {
        const slot = (from.completed - keptBuckets + bucket) % snapshot.capacity;
        level.ring.set(from.kept.subarray(bucket * stride, (bucket + 1) * stride), slot * stride);
      }
      level.completed = from.completed;
      level.openRows = from.openRows;
      level.sum.set(from.open.subarray(0, snapshot.columns));
      level.minimum.set(from.open.subarray(snapshot.columns, 2 * snapshot.columns));
      level.maximum.set(from.open.subarray(2 * snapshot.columns));
      levels.#levels.push(level);
    });
    return levels;
  }

  /** Rows appended since the start. */
  get rows(): number {
    return this.#rows;
  }

  get byteLength(): number {
    return this.#levels.reduce((bytes, level) => bytes + level.ring.byteLength, 0);
  }

  /** Appends the row that starts at `offset` of `values`. */
  append(values: ArrayLike<number>, offset = 0): void {
    for (const level of this.#levels) this.#accumulate(level, values, offset);
    this.#rows++;
    const top = this.#levels[this.#levels.length - 1];
    if (top.completed === this.#capacity && top.openRows === 0) this.#levels.push(this.#folded(top));
  }

  /** The value of a column at the newest row; NaN before the first. */
  newest(column: number): number {
    if (this.#rows === 0) return NaN;
    return this.#levels[0].ring[((this.#rows - 1) % this.#capacity) * this.columns + column];
  }

  /** At most `maxPoints` points of a column over rows `from` ≤ row < `to`, from the finest level that can give them. */
  points(column: number, from: number, to: number, maxPoints: number): LevelPoints {
    const last = Math.min(to, this.#rows);
    const first = Math.max(0, Math.min(from, last));
    const level =
      this.#levels.find(
        (candidate) =>
          (candidate.completed - this.#capacity) * candidate.width <= first &&
          (last - first) / candidate.width + 2 <= maxPoints,
      ) ?? this.#levels[this.#levels.length - 1];
    return this.#pointsOf(level, column, first, last, maxPoints);
  }

  snapshot(): LevelsSnapshot {
    return {
      columns: this.columns,
      capacity: this.#capacity,
      factor: this.#factor,
      rows: this.#rows,
      levels: this.#levels.map((level) => this.#levelSnapshot(level)),
    };
  }

  #newLevel(width: number): Level {
    const perBucket = this.columns * (width === 1 ? 1 : 3);
    return {
      width,
      completed: 0,
      ring: new Float32Array(this.#capacity * perBucket),
      openRows: 0,
      sum: new Float64Array(this.columns),
      minimum: new Float64Array(this.columns).fill(Infinity),
      maximum: new Float64Array(this.columns).fill(-Infinity),
    };
  }

  #stride(level: Level): number {
    return this.columns * (level.width === 1 ? 1 : 3);
  }

  #accumulate(level: Level, values: ArrayLike<number>, offset: number): void {
    for (let column = 0; column < this.columns; column++) {
      const value = values[offset + column];
      level.sum[column] += value;
      // Math.min and Math.max carry NaN on, so a run that stopped being finite shows a gap, not an invented number.
      level.minimum[column] = Math.min(level.minimum[column], value);
      level.maximum[column] = Math.max(level.maximum[column], value);
    }
    level.openRows++;
    if (level.openRows === level.width) this.#close(level);
  }

  #close(level: Level): void {
    const start = (level.completed % this.#capacity) * this.#stride(level);
    for (let column = 0; column < this.columns; column++) {
      level.ring[start + column] = level.sum[column] / level.openRows;
      if (level.width > 1) {
        level.ring[start + this.columns + column] = level.minimum[column];
        level.ring[start + 2 * this.columns + column] = level.maximum[column];
      }
    }
    level.completed++;
    this.#reopen(level);
  }

  #reopen(level: Level): void {
    level.openRows = 0;
    level.sum.fill(0);
    level.minimum.fill(Infinity);
    level.maximum.fill(-Infinity);
  }

  /** The next level, filled from one that is exactly full and so still reaches back to row 0. */
  #folded(below: Level): Level {
    const level = this.#newLevel(below.width * this.#factor);
    const stride = this.#stride(below);
    const extreme = below.width === 1 ? 0 : this.columns;
    for (let bucket = 0; bucket < this.#capacity; bucket++) {
      const start = bucket * stride;
      for (let column = 0; column < this.columns; column++) {
        level.sum[column] += below.ring[start + column] * below.width;
        level.minimum[column] = Math.min(level.minimum[column], below.ring[start + extreme + column]);
        level.maximum[column] = Math.max(level.maximum[column], below.ring[start + 2 * extreme + column]);
      }
      level.openRows += below.width;
      if (level.openRows === level.width) this.#close(level);
    }
    return level;
  }

  #pointsOf(level: Level, column: number, first: number, last: number, maxPoints: number): LevelPoints {
    const oldest = Math.max(0, level.completed - this.#capacity);
    const firstBucket = Math.max(oldest, Math.floor(first / level.width));
    const endBucket = Math.min(level.completed, Math.ceil(last / level.width));
    const withOpen = level.openRows > 0 && last > level.completed * level.width;
    // More buckets than points can only come from the top level: then every n-th run of buckets becomes one point.
    const room = Math.max(1, maxPoints - (withOpen ? 1 : 0));
    const group = Math.max(1, Math.ceil((endBucket - firstBucket) / room));
    const closed = Math.max(0, Math.ceil((endBucket - firstBucket) / group));
    const count = closed + (withOpen ? 1 : 0);
    const points = {
      row: new Float64Array(count),
      mean: new Float32Array(count),
      minimum: new Float32Array(count),
      maximum: new Float32Array(count),
      width: level.width * group,
    };
    const stride = this.#stride(level);
    const extreme = level.width === 1 ? 0 : this.columns;
    for (let point = 0; point < closed; point++) {
      const start = firstBucket + point * group;
      const end = Math.min(endBucket, start + group);
      let sum = 0;
      let minimum = Infinity;
      let maximum = -Infinity;
      for (let bucket = start; bucket < end; bucket++) {
        const at = (bucket % this.#capacity) * stride + column;
        sum += level.ring[at];
        minimum = Math.min(minimum, level.ring[at + extreme]);
        maximum = Math.max(maximum, level.ring[at + 2 * extreme]);
      }
      points.row[point] = (start * level.width + end * level.width - 1) / 2;
      points.mean[point] = sum / (end - start);
      points.minimum[point] = minimum;
      points.maximum[point] = maximum;
    }
    if (withOpen) {
      points.row[closed] = level.completed * level.width + (level.openRows - 1) / 2;
      points.mean[closed] = level.sum[column] / level.openRows;
      points.minimum[closed] = level.minimum[column];
      points.maximum[closed] = level.maximum[column];
    }
    return points;
  }

  #levelSnapshot(level: Level): LevelSnapshot {
    const stride = this.#stride(level);
    const keptBuckets = Math.min(level.completed, this.#capacity);
    const kept = new Float32Array(keptBuckets * stride);
    for (let bucket = 0; bucket < keptBuckets; bucket++) {
      const slot = ((level.completed - keptBuckets + bucket) % this.#capacity) * stride;
      kept.set(level.ring.subarray(slot, slot + stride), bucket * stride);
    }
    const open = new Float64Array(3 * this.columns);
    open.set(level.sum);
    open.set(level.minimum, this.columns);
    open.set(level.maximum, 2 * this.columns);
    return { completed: level.completed, kept, openRows: level.openRows, open };
  }
}
