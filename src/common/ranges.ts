/** Ranges and ticks of axes, from the numbers that are shown. Pure functions. */

export interface ValueRange {
  readonly min: number;
  readonly max: number;
}
export interface RobustRange extends ValueRange {
  /** The index of the largest value where it lies above the range, so that the chart can say so. */
  readonly cutAbove: number | undefined;
}

/** How far beyond the middle half of the values a value may lie, in widths of that half, to count for the range. */
const FENCE = 3;

/**
 * A range that a few outliers do not stretch (Tukey's far-out fence): all values inside the fence, and the references.
 * Its ends are round numbers, so that the axis does not move with every new value.
 */
export function robustRange(
  lows: ArrayLike<number>,
  highs: ArrayLike<number>,
  references: readonly number[],
): RobustRange {
  const low = finiteSorted(lows);
  const high = finiteSorted(highs);
  if (low.length === 0 || high.length === 0) return { ...roundedRange(references), cutAbove: undefined };
  const spread = quantile(high, 0.75) - quantile(low, 0.25);
  const fenceAbove = Math.max(quantile(high, 0.75) + FENCE * spread, ...references.map((value) => value * 1.05));
  const fenceBelow = quantile(low, 0.25) - FENCE * spread;
  const range = roundedRange([
    Math.max(low[0], fenceBelow),
    Math.min(high[high.length - 1], fenceAbove),
    ...references,
  ]);
  return { ...range, cutAbove: high[high.length - 1] > range.max ? indexOfLargest(highs) : undefined };
}

/** The range of some values, widened to round numbers. */
function roundedRange(values: readonly number[]): ValueRange {
  const min = Math.min(...values);
  const max = Math.max(...values);
  if (!Number.isFinite(min) || !Number.isFinite(max)) return { min: 0, max: 1 };
  const step = roundStep(Math.max((max - min) / 10, Math.abs(max) * 1e-3, 1e-6));
  const rounded = { min: Math.floor(min / step) * step, max: Math.ceil(max / step) * step };
  return rounded.max > rounded.min ? rounded : { min: rounded.min, max: rounded.min + step };
}

/** The smallest of 1, 2, 5 times a power of ten that is at least `step`. */
export function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= step * 0.999) ?? 10;
  return factor * power;
}

/** Whole decades around positive values; at most `mostDecades`, counted from the largest. */
export function decadeRange(values: Iterable<ArrayLike<number>>, mostDecades: number): ValueRange {
  let smallest = Infinity;
  let largest = 0;
  for (const list of values) {
    for (let i = 0; i < list.length; i++) {
      const value = list[i];
      if (!(value > 0) || value === Infinity) continue;
      if (value < smallest) smallest = value;
      if (value > largest) largest = value;
    }
  }
  if (largest === 0) return { min: 0.1, max: 1 };
  const high = Math.ceil(Math.log10(largest));
  const low = Math.max(Math.min(Math.floor(Math.log10(smallest)), high - 1), high - mostDecades);
  return { min: 10 ** low, max: 10 ** high };
}

/** Ticks of a logarithmic axis: powers of ten, thinned to at most `most`; 2 and 5 between them on a short axis. */
export function decadeTicks(range: ValueRange, most: number): number[] {
  const low = Math.round(Math.log10(range.min));
  const high = Math.round(Math.log10(range.max));
  const every = Math.max(1, Math.ceil((high - low) / Math.max(1, most - 1)));
  const ticks: number[] = [];
  for (let exponent = high; exponent >= low; exponent -= every) {
    ticks.unshift(10 ** exponent);
    if (high - low <= 1 && exponent > low && most >= 4)
      ticks.unshift(2 * 10 ** (exponent - 1), 5 * 10 ** (exponent - 1));
  }
  return ticks;
}

/** Round ticks inside a range, about `most` of them; whole numbers where `whole` is set. */
export function linearTicks(range: ValueRange, most: number, whole: boolean): number[] {
  const step = Math.max(roundStep((range.max - range.min) / Math.max(1, most)), whole ? 1 : 0);
  const ticks: number[] = [];
  // The rounding of a number just below zero is −0, which adding 0 makes an ordinary one.
  for (let n = Math.ceil(range.min / step - 1e-9) + 0; n * step <= range.max + step * 1e-9; n++) ticks.push(n * step);
  return ticks;
}

function finiteSorted(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(Array.from(values).filter(Number.isFinite)).sort();
}

function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.round(share * (sorted.length - 1))];
}

/** The first index of the largest number; numbers that are not numbers do not count. */
export function indexOfLargest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best] || Number.isNaN(values[best])) best = i;
  return best;
}
