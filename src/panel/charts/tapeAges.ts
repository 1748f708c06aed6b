import { interpolated } from '../../common/colorScale.ts';
import type { Ground } from './divergingScale.ts';

/** The part of viridis that stands out from the ground: its dark end does not on a dark one, its yellow not on a light one. */
const PART: Readonly<Record<Ground, readonly [oldest: number, newest: number]>> = {
  dark: [0.3, 1],
  light: [0.12, 0.8],
};

/** The colour of one of several curves, from the oldest to the newest, as a style. */
export function ageColor(index: number, count: number, ground: Ground): string {
  const [oldest, newest] = PART[ground];
  const share = count < 2 ? 0.5 : index / (count - 1);
  return `rgb(${interpolated(oldest + share * (newest - oldest)).join(' ')})`;
}
