import type { ReadableHistory } from '../../history/history.ts';
import { valueAt } from '../../history/metrics.ts';
import type { IterationRange } from '../state/iterationView.ts';
import { nearestIndex } from '../state/nearestIndex.ts';

/** The losses of a run as the chart of them reads them. */

const MOST_VALIDATIONS = 1000;

/** Validations in a range, every n-th where there are more than a curve may have. */
export function validationPoints(
  history: ReadableHistory,
  range: IterationRange,
): { iteration: number; lossNats: number }[] {
  const inRange = history.of('validation').filter(({ iteration }) => iteration >= range.from && iteration <= range.to);
  const every = Math.ceil(inRange.length / MOST_VALIDATIONS);
  return every <= 1 ? inRange : inRange.filter((_, index) => index % every === 0);
}

/** The losses at an iteration (the newest for null): the mean where the history keeps only means there. */
export function lossAt(
  history: ReadableHistory,
  iteration: number | null,
): { iteration?: number; train?: number; smoothed?: number; validation?: number } {
  const newest = history.iterations - 1;
  if (newest < 0) return {};
  const at = Math.min(iteration ?? newest, newest);
  const train = valueAt(history, 'lossNats', at);
  const smoothed = valueAt(history, 'lossSmoothedNats', at);
  const validations = history.of('validation');
  const nearest = iteration === null ? validations.at(-1) : validations[nearestIndex(validations, at)];
  return { iteration: at, train, smoothed, ...(nearest && { validation: nearest.lossNats }) };
}
