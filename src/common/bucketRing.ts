/** Points of one column for drawing: `row` is the middle of what each point stands for. */
export interface LevelPoints {
  readonly row: Float64Array;
  readonly mean: Float32Array;
  readonly minimum: Float32Array;
  readonly maximum: Float32Array;
  /** Rows that one point stands for. */
  readonly width: number;
}

/** What of a ring may be read. */
export interface Buckets {
  /** Rows that a bucket stands for. */
  readonly width: number;
  /** The oldest bucket that is kept, and the one after the newest; bucket n stands for rows n·width to before (n+1)·width. */
  readonly first: number;
  readonly end: number;
  /** A copy of buckets `first` ≤ bucket < `end`: per bucket the columns' means, then (from a width of 2 on) minima and maxima. */
  slice(first: number, end: number): Float32Array<ArrayBuffer>;
}

/** The newest buckets of a table's rows: single rows, or means, minima and maxima over as many rows as the width. */
export class BucketRing implements Buckets {
  readonly width: number;
  /** Numbers of one bucket. */
  readonly stride: number;
  readonly #columns: number;
  readonly #capacity: number;
  readonly #ring: Float32Array;
  #first = 0;
  #end = 0;

  constructor(columns: number, width: number, capacity: number) {
    this.width = width;
    this.stride = columns * (width === 1 ? 1 : 3);
    this.#columns = columns;
    this.#capacity = capacity;
    this.#ring = new Float32Array(capacity * this.stride);
  }

  get first(): number {
    return this.#first;
  }

  get end(): number {
    return this.#end;
  }

  get byteLength(): number {
    return this.#ring.byteLength;
  }

  /**
   * Takes buckets, of which the first is number `first`. Those that do not follow the ones here replace them.
   * @throws {RangeError} where the numbers are no whole buckets, or more than the ring holds.
   */
  append(buckets: ArrayLike<number>, first = this.#end): void {
    const count = buckets.length / this.stride;
    if (!Number.isInteger(count) || count > this.#capacity) {
      throw new RangeError(`${buckets.length} numbers are not at most ${this.#capacity} buckets of ${this.stride}`);
    }
    if (first !== this.#end) this.#first = first;
    for (let bucket = 0; bucket < count; bucket++) {
      const to = this.#at(first + bucket);
      for (let i = 0; i < this.stride; i++) this.#ring[to + i] = buckets[bucket * this.stride + i];
    }
    this.#end = first + count;
    this.#first = Math.max(this.#first, this.#end - this.#capacity);
  }

  slice(first: number, end: number): Float32Array<ArrayBuffer> {
    const buckets = new Float32Array((end - first) * this.stride);
    for (let bucket = first; bucket < end; bucket++) {
      const from = this.#at(bucket);
      buckets.set(this.#ring.subarray(from, from + this.stride), (bucket - first) * this.stride);
    }
    return buckets;
  }

  /** Forgets all buckets: the next one is number `first`. */
  restart(first: number): void {
    this.#first = first;
    this.#end = first;
  }

  /** The mean of a column in the newest bucket; NaN where none is kept. */
  newest(column: number): number {
    return this.#first === this.#end ? NaN : this.#ring[this.#at(this.#end - 1) + column];
  }

  /** Adds a column of buckets `first` ≤ bucket < `end` to what was summed up before. */
  sumUp(summary: Summary, column: number, first: number, end: number): void {
    const extreme = this.width === 1 ? 0 : this.#columns;
    for (let bucket = first; bucket < end; bucket++) {
      const at = this.#at(bucket) + column;
      summary.add(this.width, this.#ring[at], this.#ring[at + extreme], this.#ring[at + 2 * extreme]);
    }
  }

  #at(bucket: number): number {
    return (bucket % this.#capacity) * this.stride;
  }
}

/** Sum, minimum and maximum over some rows. */
export class Summary {
  rows = 0;
  sum = 0;
  minimum = Infinity;
  maximum = -Infinity;

  add(rows: number, mean: number, minimum: number, maximum: number): void {
    this.rows += rows;
    this.sum += mean * rows;
    // Math.min and Math.max carry NaN on, so a run that stopped being finite shows a gap, not an invented number.
    this.minimum = Math.min(this.minimum, minimum);
    this.maximum = Math.max(this.maximum, maximum);
  }
}

/** The value of a column at the newest row, or its mean over the newest rows where only that is known; NaN before the first. */
export function newestOf(levels: readonly BucketRing[], column: number): number {
  return levels.find((level) => level.first < level.end)?.newest(column) ?? NaN;
}

/**
 * At most `maxPoints` points of a column over rows `from` ≤ row < `to` of the `rows` that there are.
 * @param levels of growing width; each has all completed buckets from some bucket on, the last from the start on.
 */
export function pointsOf(
  levels: readonly BucketRing[],
  rows: number,
  column: number,
  from: number,
  to: number,
  maxPoints: number,
): LevelPoints {
  const last = Math.min(to, rows);
  const first = Math.max(0, Math.min(from, last));
  const finest = levels.findIndex(
    (level) => level.first * level.width <= first && (last - first) / level.width + 2 <= maxPoints,
  );
  const index = finest < 0 ? levels.length - 1 : finest;
  if (index < 0) return emptyPoints(0, 1);
  const level = levels[index];
  const firstBucket = Math.max(level.first, Math.floor(first / level.width));
  const endBucket = Math.max(firstBucket, Math.min(level.end, Math.ceil(last / level.width)));
  const hasTail = last > level.end * level.width;
  // More buckets than points can only come from the last level: then every n-th run of buckets becomes one point.
  const room = Math.max(1, maxPoints - (hasTail ? 1 : 0));
  const group = Math.max(1, Math.ceil((endBucket - firstBucket) / room));
  const closed = Math.ceil((endBucket - firstBucket) / group);
  const points = emptyPoints(closed + (hasTail ? 1 : 0), level.width * group);
  for (let point = 0; point < closed; point++) {
    const start = firstBucket + point * group;
    const summary = new Summary();
    level.sumUp(summary, column, start, Math.min(endBucket, start + group));
    setPoint(points, point, start * level.width, summary);
  }
  if (hasTail) setPoint(points, closed, level.end * level.width, tailOf(levels, index, column));
  return points;
}

/** The rows after the last completed bucket of a level: the finer levels have them. */
function tailOf(levels: readonly BucketRing[], index: number, column: number): Summary {
  const summary = new Summary();
  let row = levels[index].end * levels[index].width;
  for (const level of levels.slice(0, index).reverse()) {
    level.sumUp(summary, column, row / level.width, level.end);
    row = level.end * level.width;
  }
  return summary;
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
