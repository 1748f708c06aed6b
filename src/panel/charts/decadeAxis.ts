import { decadeLabel } from '../../common/format.ts';
import type { Axis } from './plot.ts';
import { decadeTicks, type ValueRange } from '../../common/ranges.ts';

export { decadeLabel } from '../../common/format.ts';

const PIXELS_PER_TICK = 24;

/** A logarithmic axis over whole decades on so many pixels. */
export function decadeAxis(range: ValueRange, height: number): Axis {
  const ticks = decadeTicks(range, Math.max(2, Math.floor(height / PIXELS_PER_TICK)));
  return { logarithmic: true, ...range, ticks: ticks.map((value) => ({ value, label: decadeLabel(value) })) };
}
