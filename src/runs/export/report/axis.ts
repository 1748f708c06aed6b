import { decadeLabel, formatTick, groupDigits } from '../../../common/format.ts';
import { decadeRange, decadeTicks, linearTicks, type ValueRange } from '../../../common/ranges.ts';

export interface Tick {
  readonly value: number;
  readonly label: string;
}

export interface Axis extends ValueRange {
  readonly logarithmic: boolean;
  readonly ticks: readonly Tick[];
  /** What is measured, and its unit. */
  readonly title: string;
}

/** A page is as narrow as 480 pixels: more numbers than these would run into each other. */
const MOST_TICKS_X = 4;
const MOST_TICKS_Y = 6;
const MOST_DECADES = 12;

/** From the first iteration to the network that the last one left, which has a validation too. */
export function iterationAxis(iterations: number): Axis {
  return wholeAxis('iteration', iterations);
}

/** Whole numbers from 0 on. */
export function wholeAxis(title: string, last: number): Axis {
  const range = { min: 0, max: Math.max(1, last) };
  const ticks = linearTicks(range, MOST_TICKS_X, true).map((value) => ({ value, label: groupDigits(value) }));
  return { ...range, logarithmic: false, ticks, title };
}

export function linearAxis(title: string, range: ValueRange, isWhole = false): Axis {
  const values = linearTicks(range, MOST_TICKS_Y, isWhole);
  const step = values.length > 1 ? values[1] - values[0] : 1;
  return {
    ...range,
    logarithmic: false,
    title,
    ticks: values.map((value) => ({ value, label: isWhole ? groupDigits(value) : formatTick(value, step) })),
  };
}

/** Whole decades around all positive values of some lists. */
export function decadeAxis(title: string, lists: readonly ArrayLike<number>[]): Axis {
  const range = decadeRange(lists, MOST_DECADES);
  const ticks = decadeTicks(range, MOST_TICKS_Y).map((value) => ({ value, label: decadeLabel(value) }));
  return { ...range, logarithmic: true, ticks, title };
}

/** Where a value lies: 0 at the low end, 1 at the high end, beyond them outside; NaN for what has no place. */
export function placeOf(value: number, { min, max, logarithmic }: Axis): number {
  if (!Number.isFinite(value)) return NaN;
  if (!logarithmic) return (value - min) / (max - min);
  return value > 0 ? Math.log(value / min) / Math.log(max / min) : NaN;
}
