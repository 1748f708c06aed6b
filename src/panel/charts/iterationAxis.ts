import { groupDigits } from '../../common/format.ts';
import { toAxis, type IterationRange } from '../state/iterationView.ts';
import type { Axis, Tick } from './plot.ts';
import { linearTicks } from '../../common/ranges.ts';

/** Width of a number on the axis with room around it, in pixels. */
const PIXELS_PER_TICK = 90;

/** The axis of iterations for a shown range on so many pixels. */
export function iterationAxis(range: IterationRange, logarithmic: boolean, width: number): Axis {
  const most = Math.max(2, Math.floor(width / PIXELS_PER_TICK));
  const iterations = logarithmic
    ? logarithmicTicks(range, most)
    : linearTicks({ min: range.from, max: range.to }, most, true);
  return {
    logarithmic,
    min: toAxis(range.from, logarithmic),
    max: toAxis(range.to, logarithmic),
    ticks: iterations.map((iteration): Tick => ({
      value: toAxis(iteration, logarithmic),
      label: groupDigits(iteration),
    })),
  };
}

/** 0 and powers of ten; on a short stretch, where fewer than two of those lie, evenly spaced iterations. */
function logarithmicTicks(range: IterationRange, most: number): number[] {
  const powers: number[] = [];
  for (let power = 1; power <= range.to; power *= 10) if (power >= range.from) powers.push(power);
  if (powers.length < 2) return linearTicks({ min: range.from, max: range.to }, most, true);
  const every = Math.ceil(powers.length / most);
  return powers.filter((_, index) => (powers.length - 1 - index) % every === 0);
}
