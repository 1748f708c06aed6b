import { powerOfTen } from '../format.ts';
import type { Axis } from './plot.ts';
import { decadeTicks, type ValueRange } from './ranges.ts';

const PIXELS_PER_TICK = 24;

/** A logarithmic axis over whole decades on so many pixels. */
export function decadeAxis(range: ValueRange, height: number): Axis {
  const ticks = decadeTicks(range, Math.max(2, Math.floor(height / PIXELS_PER_TICK)));
  return { logarithmic: true, ...range, ticks: ticks.map((value) => ({ value, label: decadeLabel(value) })) };
}

/** A power of ten, or 2 or 5 times one, as axes and legends write it. */
export function decadeLabel(value: number): string {
  const exponent = Math.floor(Math.log10(value) + 1e-9);
  const mantissa = Math.round(value / 10 ** exponent);
  if (exponent >= -3 && exponent <= 3) return String(Number(value.toPrecision(1)));
  return mantissa === 1 ? powerOfTen(exponent) : `${mantissa}·${powerOfTen(exponent)}`;
}
