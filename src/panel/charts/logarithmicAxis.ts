import { powerOfTen } from '../../common/format.ts';
import type { ValueRange } from '../../common/ranges.ts';
import type { Axis } from './plot.ts';

/** Logarithmic axes whose values may lie within much less than a decade, as losses do. Pure functions. */

const PIXELS_PER_TICK = 32;
const MANTISSAS = [
  [1],
  [1, 3],
  [1, 2, 5],
  [1, 1.5, 2, 3, 4, 5, 6, 8],
  [1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9],
];
/** Room above and below on a logarithmic axis, as a factor. */
const MARGIN = 1.06;
const MOST_DECADES = 8;

/** From the smallest value to the largest, with a little room. */
export function logarithmicAxis(values: readonly number[], height: number): Axis {
  const most = ticksIn(height);
  const positive = values.filter((value) => value > 0 && value < Infinity);
  const max = (positive.length === 0 ? 1 : largest(positive)) * MARGIN;
  const min = positive.length === 0 ? 0.1 : Math.max(least(positive) / MARGIN, max / 10 ** MOST_DECADES);
  const ticks = fineTicks({ min, max }, most).map((value) => ({ value, label: tickLabel(value) }));
  return { logarithmic: true, min, max, ticks };
}

/** 0.03, 2, 1 000 written out; what is smaller or larger as a power of ten: 3·10⁻⁵. */
function tickLabel(value: number): string {
  const exponent = Math.floor(Math.log10(value) + 1e-9);
  if (exponent >= -3 && exponent <= 3) return String(value);
  const mantissa = Number((value / 10 ** exponent).toPrecision(2));
  return mantissa === 1 ? powerOfTen(exponent) : `${mantissa}·${powerOfTen(exponent)}`;
}

/** Ticks that so many pixels have room for. */
export function ticksIn(height: number): number {
  return Math.max(2, Math.floor(height / PIXELS_PER_TICK));
}

/** Round numbers in a range that may be much less than a decade: as many as there is room for. */
export function fineTicks({ min, max }: ValueRange, most: number): number[] {
  const low = Math.floor(Math.log10(min));
  const high = Math.ceil(Math.log10(max));
  const choices = MANTISSAS.map((mantissas) =>
    Array.from({ length: high - low + 1 }, (_, i) => mantissas.map((m) => Number((m * 10 ** (low + i)).toPrecision(2))))
      .flat()
      .filter((value) => value >= min && value <= max),
  );
  const fitting = choices.findLast((ticks) => ticks.length <= most);
  if (fitting !== undefined) return fitting;
  // Whole decades alone are too many.
  const [decades] = choices;
  const every = Math.ceil(decades.length / most);
  return decades.filter((_, index) => index % every === 0);
}

function least(values: readonly number[]): number {
  return values.reduce((one, other) => Math.min(one, other));
}

function largest(values: readonly number[]): number {
  return values.reduce((one, other) => Math.max(one, other));
}
