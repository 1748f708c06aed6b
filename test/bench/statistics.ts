/** The middle and the spread of repeated measurements. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly greatest: number;
  readonly count: number;
}

/** @throws {RangeError} for no values, and for one that is not a finite number. */
export function spread(values: readonly number[]): Spread {
  return { median: median(values), least: Math.min(...values), greatest: Math.max(...values), count: values.length };
}

/**
 * The value in the middle; of an even number, the mean of the two in the middle.
 * @throws {RangeError} for no values, and for one that is not a finite number.
 */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('there is nothing to take the median of');
  const odd = values.find((value) => !Number.isFinite(value));
  if (odd !== undefined) throw new RangeError(`${odd} was measured, which is not a number`);
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The least value that is above the given share of all values, such as 0.95; the greatest where there is none.
 * @throws {RangeError} for no values.
 */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError('there is nothing to take a percentile of');
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/**
 * How many times as large the first of each pair is. What slows the machine down for a while slows both of a pair down, so that
 * the median of these ratios says more than the ratio of the medians.
 * @throws {RangeError} where the pairs are not complete, and for a ratio that is not finite.
 */
export function ratioOfPairs(values: readonly number[], others: readonly number[]): Spread {
  if (values.length !== others.length) throw new RangeError(`${values.length} values have ${others.length} partners`);
  return spread(values.map((value, pair) => value / others[pair]));
}
