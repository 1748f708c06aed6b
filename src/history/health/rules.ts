import { capitalized } from '../../common/written.ts';
import { formatLoss, formatNorm, groupDigits, unitName, type LossUnit } from '../../common/format.ts';
import { valueAt, type Metrics } from '../metrics.ts';
import type { NotFinite } from '../../protocol/run.ts';
import type { RunSettings } from '../../protocol/settings.ts';
import type { Baselines } from '../../protocol/study.ts';
import { againstDivergence, learningRateAdvice } from './advice.ts';
import { gradientAround, jumpOf } from './jump.ts';
import type { Condition } from './judgements.ts';
import type { LossFacts } from './losses.ts';
import {
  ABOVE_GUESSING_SHARE,
  EXPLODED_NORM,
  JUMP_GRADIENT,
  LEAST_FALL_SHARE,
  RECENT_ITERATIONS,
  STILL_EARLIEST,
  STILL_ORDER,
  STILL_SHARE_OF_UNIFORM,
} from './thresholds.ts';

/** What the losses of a run tell of it as a whole, whatever its signs are: a rule a row. */

/** What the rules look at. */
export interface RuleFacts {
  readonly metrics: Metrics;
  readonly losses: LossFacts;
  readonly settings: RunSettings;
  readonly notFinite: NotFinite | undefined;
  readonly baselines: Baselines | undefined;
  /** The newest ‖Δθ‖ / ‖θ‖, where it was measured. */
  readonly updateToWeight: number | undefined;
  readonly unit: LossUnit;
}

/** Something that is notable of a run, as a sentence without its last stop. */
export interface Finding {
  readonly condition: Condition;
  readonly text: string;
}

interface Rule {
  readonly condition: 'watch' | 'alarm';
  /** @returns the sentence, or undefined where there is nothing to say. */
  readonly tell: (facts: RuleFacts) => string | undefined;
}

const RULES: readonly Rule[] = [
  { condition: 'alarm', tell: diverged },
  { condition: 'alarm', tell: notFiniteAnyMore },
  { condition: 'watch', tell: jumped },
  { condition: 'watch', tell: standsStill },
  { condition: 'watch', tell: aboveGuessing },
];

/** What is notable of the losses, the most alarming first. */
export function lossFindings(facts: RuleFacts): Finding[] {
  return RULES.flatMap(({ condition, tell }) => {
    const text = tell(facts);
    return text === undefined ? [] : [{ condition, text }];
  });
}

function diverged({ losses, metrics, notFinite, settings, unit }: RuleFacts): string | undefined {
  if (!losses.hasDiverged) return undefined;
  const wayOut = againstDivergence(settings);
  if (!losses.isFinite) {
    const what = notFinite === undefined || notFinite.quantity === 'loss' ? 'the loss' : 'the gradient';
    const since = `from iteration ${groupDigits(notFinite?.iteration ?? metrics.iterations - 1)} on`;
    return `Training has diverged: ${what} is not finite ${since}. ${wayOut}`;
  }
  const { recentNats, uniformNats } = losses;
  const since = lastBelow(metrics, (1 + ABOVE_GUESSING_SHARE) * uniformNats);
  const when = since === undefined ? '' : ` since iteration ${groupDigits(since + 1)}`;
  return `Training has diverged: the loss is ${inWords(recentNats, unit)}, above the ${formatLoss(uniformNats, unit)} of guessing (ln V)${when}. ${wayOut}`;
}

/** Where exactly, and in which quantity: the headline has no room for it. */
function notFiniteAnyMore({ notFinite }: RuleFacts): string | undefined {
  return notFinite?.message.replace(/\.$/, '');
}

function jumped({ losses, metrics, unit }: RuleFacts): string | undefined {
  const jump = jumpOf(metrics, losses.recentNats);
  if (jump === undefined) return undefined;
  const { iteration, precision, beforeNats, afterNats } = jump;
  const { largest, usual } = gradientAround(metrics, iteration);
  const gradient =
    largest > JUMP_GRADIENT * usual ? `, with ‖g‖ at ${formatNorm(largest)} (usual ${formatNorm(usual)})` : '';
  const at = `${precision > 1 ? 'around' : 'at'} iteration ${groupDigits(iteration)}`;
  return `The loss jumped ${at} from ${formatLoss(beforeNats, unit)} to ${inWords(afterNats, unit)} and has not come back${gradient}`;
}

/**
 * The loss stands still, and is one that counting pairs of characters would beat. Every number of the gradient may be usual
 * then, as with a learning rate that is far too small.
 */
function standsStill(facts: RuleFacts): string | undefined {
  const { metrics, losses, baselines, settings, updateToWeight, unit } = facts;
  const { iterations } = metrics;
  if (iterations < STILL_EARLIEST || losses.isLearnt || losses.hasDiverged) return undefined;
  const half = Math.floor(iterations / 2);
  const now = metrics.newest('lossSmoothedNats');
  const before = valueAt(metrics, 'lossSmoothedNats', half);
  const counting = baselines?.ngramNats[STILL_ORDER - 1];
  const limit = counting ?? STILL_SHARE_OF_UNIFORM * losses.uniformNats;
  if (!(now > limit) || !(before - now < LEAST_FALL_SHARE * before)) return undefined;
  // One that jumped up moved, in the wrong direction: that is told already.
  if (jumpOf(metrics, losses.recentNats) !== undefined) return undefined;
  const beaten = counting === undefined ? '' : `, and a ${STILL_ORDER}-gram has ${formatLoss(counting, unit)}`;
  const advice = learningRateAdvice(updateToWeight, settings.learningRate) ?? 'try another learning rate';
  return `The loss stands still: ${formatLoss(before, unit)} at iteration ${groupDigits(half)}, now ${inWords(now, unit)}${beaten}. ${capitalized(advice)}`;
}

/** Where the loss neither diverged nor stands still, it is on its way, or only that of the validation is so high. */
function aboveGuessing(facts: RuleFacts): string | undefined {
  const { losses, unit, metrics, settings } = facts;
  const { recentNats, validationNats, uniformNats, isEarly, isAboveGuessing, hasDiverged } = losses;
  if (!isAboveGuessing || isEarly || hasDiverged || standsStill(facts) !== undefined) return undefined;
  const guessing = `the ${formatLoss(uniformNats, unit)} of guessing (ln V)`;
  const notYet = `The loss is ${inWords(recentNats, unit)} and not yet below ${guessing}`;
  if (recentNats > uniformNats) return notYet;
  // Where training itself is far off at some windows, it is not that the other text is another.
  const worst = largest(metrics, 'lossNats');
  const isWorse = validationNats > uniformNats;
  if (worst > (1 + ABOVE_GUESSING_SHARE) * uniformNats || largest(metrics, 'gradNorm') > explodedNorm(settings)) {
    const validation = isWorse ? `, and the validation loss is ${inWords(validationNats, unit)}` : '';
    const leaps = `The training loss leaps to ${inWords(worst, unit)}, where guessing (ln V) has ${formatLoss(uniformNats, unit)}${validation}`;
    return `${leaps}: the steps are too large. ${againstDivergence(settings)}`;
  }
  return isWorse
    ? `The validation loss is ${inWords(validationNats, unit)}, above ${guessing}: what was learnt does not hold on other text`
    : notYet;
}

/** The largest value of a column over the recent iterations; of those of which nothing is known none. */
function largest(metrics: Metrics, column: 'lossNats' | 'gradNorm'): number {
  const { iterations } = metrics;
  const { maximum } = metrics.points(
    column,
    Math.max(0, iterations - RECENT_ITERATIONS),
    iterations,
    RECENT_ITERATIONS + 2,
  );
  return Math.max(...maximum.filter(Number.isFinite));
}

/** Beyond it a gradient is out of hand; clipped, it does no such harm. */
function explodedNorm({ clipNorm, reduction, sequenceLength, batchSize }: RunSettings): number {
  return clipNorm === 0 ? EXPLODED_NORM * (reduction === 'sum' ? sequenceLength * batchSize : 1) : Infinity;
}

/** The last iteration whose loss was not above a level; undefined where none was. */
function lastBelow(metrics: Metrics, levelNats: number): number | undefined {
  const coarse = metrics.points('lossNats', 0, metrics.iterations, POINTS);
  const point = coarse.mean.findLastIndex((nats) => nats <= levelNats);
  const end = point < 0 ? 0 : coarse.row[point] + coarse.width / 2;
  // The rise is within the point after it, or within its own last iterations.
  const from = Math.max(0, Math.floor(end) - coarse.width);
  const fine = metrics.points('lossNats', from, Math.ceil(end) + coarse.width, 2 * coarse.width + 4);
  const at = fine.mean.findLastIndex((nats) => nats <= levelNats);
  return at < 0 ? undefined : Math.floor(fine.row[at] + (fine.width - 1) / 2);
}

const POINTS = 256;

function inWords(nats: number, unit: LossUnit): string {
  return `${formatLoss(nats, unit)} ${unitName(unit)}`;
}
