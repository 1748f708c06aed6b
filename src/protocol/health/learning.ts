import { formatLoss, groupDigits, unitName, type LossUnit } from '../../common/format.ts';
import { valueAt, type Metrics } from '../metrics.ts';
import type { Baselines } from '../study.ts';

/** Before so many iterations a loss may stand still for a while and fall later. */
const EARLIEST = 300;
/** A run whose smoothed loss fell by less than this share in its last half stands still. */
const LEAST_FALL_SHARE = 0.02;
/** A 2-gram needs no memory but the character before: who stands still above it has not begun to learn. */
const ORDER = 2;
/** Where no n-gram is known: of the loss of guessing. */
const SHARE_OF_UNIFORM = 0.7;

/**
 * Says of a network that it does not learn: its loss stands still, and is one that counting pairs of characters would beat.
 * Every number of the gradient may be usual then, as with a learning rate that is far too small.
 * @param symbols V, of the vocabulary.
 * @returns undefined where it learns, or may yet.
 */
export function notLearning(
  metrics: Metrics,
  { baselines, symbols, unit }: { readonly baselines: Baselines | undefined; readonly symbols: number; unit: LossUnit },
): string | undefined {
  const { iterations } = metrics;
  if (iterations < EARLIEST) return undefined;
  const half = Math.floor(iterations / 2);
  const now = metrics.newest('lossSmoothedNats');
  const before = valueAt(metrics, 'lossSmoothedNats', half);
  const counting = baselines?.ngramNats[ORDER - 1];
  const limit = counting ?? SHARE_OF_UNIFORM * Math.log(symbols);
  if (!(now > limit) || !(before - now < LEAST_FALL_SHARE * before)) return undefined;
  const loss = (nats: number): string => formatLoss(nats, unit);
  const beaten = counting === undefined ? '' : `, and a ${ORDER}-gram has ${loss(counting)}`;
  return `The loss stands still: ${loss(before)} at iteration ${groupDigits(half)}, now ${loss(now)} ${unitName(unit)}${beaten}. Try another learning rate`;
}
