import type { Vitals } from '../../protocol/events.ts';
import type { IterationRange } from '../state/iterationView.ts';

type Point = Pick<Vitals, 'iteration' | 'updateToWeight' | 'updateToWeightOfLayers'>;

/** The points in a range and one beyond each end, so that the line reaches the edges: first index, and end not included. */
export function curveSpan(points: readonly Point[], { from, to }: IterationRange): [first: number, end: number] {
  const first = points.findIndex(({ iteration }) => iteration >= from);
  const beyond = points.findIndex(({ iteration }) => iteration > to);
  return [Math.max(0, (first === -1 ? points.length : first) - 1), beyond === -1 ? points.length : beyond + 1];
}

/** The rows of the saved numbers: what lies in the range. @param layers whose updates are measured for themselves. */
export function updateRows(points: readonly Point[], { from, to }: IterationRange, layers = 0): (number | null)[][] {
  return points
    .filter(({ iteration }) => iteration >= from && iteration <= to)
    .map((point) => [
      point.iteration,
      point.updateToWeight,
      ...Array.from({ length: layers }, (_, index) => point.updateToWeightOfLayers?.[index] ?? null),
    ]);
}
