import { logarithmicAxis, ticksIn } from '../charts/logarithmicAxis.ts';
import type { Axis } from '../charts/plot.ts';
import { linearTicks, robustRange } from '../../common/ranges.ts';
import { formatTick } from '../../common/format.ts';

/** The vertical axes of the comparison. Pure functions. */

/** An axis for losses: it is not stretched by a few spikes, unless it is logarithmic. */
export function lossAxis(
  values: readonly number[],
  logarithmic: boolean,
  height: number,
): Axis & { cutAbove?: number } {
  const most = ticksIn(height);
  if (!logarithmic) {
    const { min, max, cutAbove } = robustRange(values, values, []);
    const ticks = linearTicks({ min, max }, most, false);
    const step = ticks.length > 1 ? ticks[1] - ticks[0] : 1;
    const axis = { logarithmic, min, max, ticks: ticks.map((value) => ({ value, label: formatTick(value, step) })) };
    return cutAbove === undefined ? axis : { ...axis, cutAbove: values[cutAbove] };
  }
  return logarithmicAxis(values, height);
}

/** A logarithmic axis for norms, of at most eight decades. */
export function normAxis(values: readonly ArrayLike<number>[], height: number): Axis {
  return logarithmicAxis(
    values.flatMap((list) => Array.from(list)),
    height,
  );
}

/** The axis of lags from 0 to a little above the largest. */
export function lagAxis(most: number, height: number): Axis {
  const max = Math.max(1, most) * 1.08;
  const ticks = linearTicks({ min: 0, max }, ticksIn(height), true);
  return { logarithmic: false, min: 0, max, ticks: ticks.map((value) => ({ value, label: String(value) })) };
}
