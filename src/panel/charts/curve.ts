import type { HistoryColumn } from '../../history/metrics.ts';
import { rootsOfSquares } from '../../network/norms.ts';
import { iterationAt, type IterationRange } from '../state/iterationView.ts';
import type { Metrics } from '../../history/metrics.ts';

/** A column of the history as a curve: what each point stands for has a mean, a minimum and a maximum. */
export interface Curve {
  readonly iteration: readonly number[];
  readonly mean: readonly number[];
  readonly minimum: readonly number[];
  readonly maximum: readonly number[];
  /** True where some point stands for more than one iteration. */
  readonly isThinned: boolean;
}

/** On a logarithmic axis the early iterations are wide: each of so many equal parts of the axis is thinned on its own. */
const LOGARITHMIC_PARTS = 10;

/** At most `mostPoints` points of a column over a range of iterations. */
export function curveOf(
  history: Metrics,
  column: HistoryColumn,
  range: IterationRange,
  logarithmic: boolean,
  mostPoints: number,
): Curve {
  const curve = {
    iteration: [] as number[],
    mean: [] as number[],
    minimum: [] as number[],
    maximum: [] as number[],
    isThinned: false,
  };
  const parts = logarithmic ? LOGARITHMIC_PARTS : 1;
  let newest = -Infinity;
  for (let part = 0; part < parts; part++) {
    const from = Math.floor(iterationAt(range, part / parts, logarithmic));
    const to = Math.ceil(iterationAt(range, (part + 1) / parts, logarithmic)) + 1;
    const points = history.points(column, from, to, Math.floor(mostPoints / parts));
    curve.isThinned ||= points.width > 1;
    for (let i = 0; i < points.row.length; i++) {
      // Neighbouring parts may share the run of iterations across their border.
      if (points.row[i] <= newest) continue;
      newest = points.row[i];
      curve.iteration.push(newest);
      curve.mean.push(points.mean[i]);
      curve.minimum.push(points.minimum[i]);
      curve.maximum.push(points.maximum[i]);
    }
  }
  return curve;
}

/**
 * The norm of several parameters together. Where a point stands for many iterations, it is that of their mean norms, a little less than
 * the mean of the norms together.
 */
export function jointCurve(
  history: Metrics,
  columns: readonly HistoryColumn[],
  range: IterationRange,
  logarithmic: boolean,
  mostPoints: number,
): Pick<Curve, 'iteration' | 'mean'> {
  const curves = columns.map((column) => curveOf(history, column, range, logarithmic, mostPoints));
  return { iteration: curves[0].iteration, mean: rootsOfSquares(curves.map(({ mean }) => mean)) };
}

/** Points of a curve for a plot so many pixels wide: about one a pixel, at most 2,000. */
export function mostPointsFor(width: number): number {
  return Math.min(2000, Math.max(300, Math.round(width)));
}
