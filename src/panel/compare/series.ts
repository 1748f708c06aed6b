import { rootsOfSquares } from '../../network/norms.ts';
import { curveColumnsOf } from '../../protocol/compare.ts';
import type { ShownRun } from './compareState.ts';

/** Numbers of runs as curves. Pure functions. */

export interface Series {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

/** One column over the iterations that its points stand in the middle of; none of a run whose network lacks it. */
export function curve({ run: { curves }, network }: Pick<ShownRun, 'run' | 'network'>, column: string): Series {
  const points = curves.iteration.length;
  const index = curveColumnsOf(network).indexOf(column);
  if (index < 0) return { x: [], y: [] };
  const from = index * points;
  return { x: curves.iteration, y: curves.mean.subarray(from, from + points) };
}

/** The same of several columns together: the root of the sum of their squares. None of a run whose network lacks one of them. */
export function jointCurve(shown: Pick<ShownRun, 'run' | 'network'>, columns: readonly string[]): Series {
  const curves = columns.map((column) => curve(shown, column));
  const [first] = curves;
  if (first === undefined || curves.some(({ x }) => x.length === 0)) return { x: [], y: [] };
  return curves.length === 1 ? first : { x: first.x, y: rootsOfSquares(curves.map(({ y }) => y)) };
}

/** The value of a series at its end; undefined of one without points. */
export function lastOf({ y }: Series): number | undefined {
  return y.length === 0 ? undefined : y[y.length - 1];
}

/** Pairs that travelled in one array. */
export function pairs(packed: Float64Array): { x: Float64Array; y: Float64Array } {
  const count = packed.length >> 1;
  return {
    x: Float64Array.from({ length: count }, (_, i) => packed[2 * i]),
    y: Float64Array.from({ length: count }, (_, i) => packed[2 * i + 1]),
  };
}

/** The index of the number nearest to `x` in ascending ones; −1 of none. */
export function nearest(ascending: ArrayLike<number>, x: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < x) low = middle + 1;
    else high = middle;
  }
  return low > 0 && x - ascending[low - 1] <= ascending[low] - x ? low - 1 : high < 0 ? -1 : low;
}

/** The value at `x`: that of the nearest point. None beyond the ends of the curve by more than its points are apart there. */
export function valueAt({ x: xs, y }: Series, x: number): number | undefined {
  const index = nearest(xs, x);
  if (index < 0) return undefined;
  const last = xs.length - 1;
  const neighbour = index === last ? Math.max(0, last - 1) : index + 1;
  const apart = Math.abs(xs[neighbour] - xs[index]);
  return x > xs[last] + apart || x < xs[0] - apart ? undefined : y[index];
}

/** Means over stretches: of all points between two borders one, in the middle of them. */
export function binned({ x, y }: Series, borders: readonly number[]): { x: number[]; y: number[] } {
  const means = { x: [] as number[], y: [] as number[] };
  let point = 0;
  while (point < x.length && x[point] < borders[0]) point++;
  for (const border of borders.slice(1)) {
    let count = 0;
    let sumX = 0;
    let sumY = 0;
    for (; point < x.length && x[point] < border; point++) {
      count++;
      sumX += x[point];
      // A value that is not a number makes the mean none: a gap, not an invented number.
      sumY += y[point];
    }
    if (count === 0) continue;
    means.x.push(sumX / count);
    means.y.push(sumY / count);
  }
  return means;
}

/**
 * The median of each value and its neighbours, `span` together, fewer at the ends. NaN stands for a value above all others,
 * and so does NaN in the result.
 */
export function runningMedian(values: ArrayLike<number>, span: number): number[] {
  const half = span >> 1;
  return Array.from({ length: values.length }, (_, index) => {
    const reach = Math.min(half, index, values.length - 1 - index);
    const around = Array.from({ length: 2 * reach + 1 }, (_, i) => values[index - reach + i]);
    const sorted = around.map((value) => (Number.isNaN(value) ? Infinity : value)).sort((one, other) => one - other);
    const median = sorted[reach];
    return median === Infinity ? NaN : median;
  });
}
