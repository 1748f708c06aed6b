import { formatNorm } from '../../common/format.ts';
import { indexOfLargest } from '../../common/ranges.ts';
import type { Point } from './plot.ts';

/** What there is to see in a picture, in a sentence for those who cannot see it. Pure. */

/** The course of a curve: where it begins, its lowest point, where it ends. Empty where there are not two points. */
export function courseText(name: string, points: readonly Point[]): string {
  const shown = points.filter(({ y }) => Number.isFinite(y));
  const [first] = shown;
  const last = shown.at(-1);
  if (first === undefined || last === undefined || shown.length < 2) return '';
  const lowest = shown.reduce((least, point) => (point.y < least.y ? point : least));
  const between = lowest === first || lowest === last ? '' : `, lowest ${formatNorm(lowest.y)}`;
  return `${name} from ${formatNorm(first.y)}${between} to ${formatNorm(last.y)}.`;
}

/** The course of norms over the time steps of a window: where they are largest, and how they are at both ends. */
export function profileText(norms: ArrayLike<number>): string {
  if (norms.length === 0) return '';
  const t = indexOfLargest(norms);
  const at = (step: number): string => `${formatNorm(norms[step])} at t = ${step}`;
  const ends = [0, norms.length - 1].filter((step, index, all) => step !== t && all.indexOf(step) === index);
  return `Largest ${at(t)}${ends.length === 0 ? '' : `; ${ends.map(at).join(', ')}`}.`;
}
