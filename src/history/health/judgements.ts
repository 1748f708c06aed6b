import { formatLoss, formatNorm, formatShare, groupDigits, unitName, type LossUnit } from '../../common/format.ts';
import { SETTINGS } from '../../protocol/settings.ts';
import { learningRateAdvice } from './advice.ts';
import {
  EXPLODED_NORM,
  FALLEN_SHARE,
  HUGE_UPDATE,
  JUMP,
  JUMP_LEAST_NORM,
  LARGE_GAP,
  NOTABLE_GAP,
  NOTABLE_GAP_SHARE,
  OFTEN_CLIPPED,
  RISEN,
  RISEN_FAR,
  RISEN_FAR_SHARE,
  RISEN_SHARE,
  UPDATE_FACTOR,
  USUAL_UPDATE,
  VANISHED_NORM,
} from './thresholds.ts';

/**
 * What is normal, watched and alarming about each sign. Each function takes what was measured and says how it stands with it: a
 * condition, a word, and where it is not ok a sentence with the number.
 */

export type Condition = 'unknown' | 'ok' | 'watch' | 'alarm';

export interface Judgement {
  readonly condition: Condition;
  /** One or two words that stand beside the value. */
  readonly word: string;
  /** The sentence for the summary, without its last stop; empty where there is nothing to say. */
  readonly evidence: string;
  /** The function or state that is spoken of, by its name in code, where there are several. */
  readonly of?: string;
}

export const NOT_KNOWN: Judgement = { condition: 'unknown', word: 'not yet known', evidence: '' };
/** The word of a sign that would be usual, of a run of which nothing is. */
export const NOT_JUDGED = 'not judged';
/** Of the sign that compares two losses, where they say nothing any more; the headline says it in a sentence. */
export const DIVERGED: Judgement = { condition: 'alarm', word: 'diverged', evidence: '' };

export function ok(word: string): Judgement {
  return { condition: 'ok', word, evidence: '' };
}

export function watch(word: string, evidence: string): Judgement {
  return { condition: 'watch', word, evidence };
}

export function alarm(word: string, evidence: string): Judgement {
  return { condition: 'alarm', word, evidence };
}

export interface GradientFacts {
  /** ‖g‖ before clipping, at the newest iteration and the usual one: the median over the run. */
  readonly norm: number;
  readonly usualNorm: number;
  /** The largest of the recent iterations. */
  readonly recentLargest: number;
  /** The share of recent iterations that were clipped; undefined where clipping is off. */
  readonly clipped: number | undefined;
  /** Symbols that the loss is summed over: T·B where it is no mean, else 1. */
  readonly summed: number;
  /** Nothing is left to learn: a small gradient is what is to be expected. */
  readonly isLearnt: boolean;
}

export function judgeGradient(facts: GradientFacts): Judgement {
  const { norm, usualNorm, recentLargest, clipped, summed, isLearnt } = facts;
  if (!Number.isFinite(norm)) return alarm('not finite', 'The gradient is not finite');
  if (norm < VANISHED_NORM) {
    return isLearnt ? ok('nothing left') : watch('vanished', `The gradient has vanished (‖g‖ = ${formatNorm(norm)})`);
  }
  if (clipped === undefined) return judgeUnclipped(recentLargest, usualNorm, summed);
  const word = `clipped ${formatShare(clipped)}`;
  return clipped > OFTEN_CLIPPED
    ? watch(word, `Gradients are clipped in ${formatShare(clipped)} of iterations`)
    : ok(word);
}

function judgeUnclipped(recentLargest: number, usualNorm: number, summed: number): Judgement {
  const wayOut = `and clipping is off: turn it on, clipNorm ${SETTINGS.clipNorm.default} is usual`;
  const most = EXPLODED_NORM * summed;
  if (recentLargest > most) {
    const evidence = `‖g‖ reaches ${formatNorm(recentLargest)}, out of hand above ${formatNorm(most)}, ${wayOut}`;
    return alarm('exploded', evidence);
  }
  return recentLargest > Math.max(JUMP * usualNorm, JUMP_LEAST_NORM * summed)
    ? alarm('jumps', `‖g‖ jumped to ${formatNorm(recentLargest)}, usual is ${formatNorm(usualNorm)}, ${wayOut}`)
    : ok('no clipping');
}

export interface UpdateFacts {
  /** ‖Δθ‖ / ‖θ‖ */
  readonly updateToWeight: number;
  readonly learningRate: number;
  /** Nothing is left to learn: small updates are what is to be expected. */
  readonly isLearnt: boolean;
  /** Its parameters have grown without measure: that updates are small beside them asks for no larger ones. */
  readonly hasDiverged: boolean;
}

export function judgeUpdate({ updateToWeight, learningRate, isLearnt, hasDiverged }: UpdateFacts): Judgement {
  if (!Number.isFinite(updateToWeight)) return alarm('not finite', 'The updates are not finite');
  const share = formatNorm(updateToWeight);
  // Of a run that diverged the headline says where to turn it.
  const advice = hasDiverged ? '' : `: ${learningRateAdvice(updateToWeight, learningRate)}`;
  if (updateToWeight > HUGE_UPDATE) {
    return alarm('huge', `Each update changes the parameters by ${formatShare(updateToWeight)} of their size${advice}`);
  }
  if (updateToWeight > USUAL_UPDATE * UPDATE_FACTOR) {
    return watch('large', `Updates are large (${share} of the parameters, usual is 10⁻³)${advice}`);
  }
  if (updateToWeight >= USUAL_UPDATE / UPDATE_FACTOR || hasDiverged) return ok('usual');
  return isLearnt
    ? ok('nothing left')
    : watch('small', `Updates are small (${share} of the parameters, usual is 10⁻³)${advice}`);
}

export interface GapFacts {
  /** The newest validation loss and the lowest one, nats, with the iteration of the lowest. */
  readonly validationNats: number;
  readonly lowestNats: number;
  readonly lowestIteration: number;
  /** The smoothed training loss at the newest validation and at the lowest one, nats. */
  readonly trainingNats: number;
  readonly trainingAtLowestNats: number;
}

export function judgeGap(facts: GapFacts, unit: LossUnit): Judgement {
  const { validationNats, lowestNats, lowestIteration, trainingNats, trainingAtLowestNats } = facts;
  const gapNats = validationNats - trainingNats;
  if (!Number.isFinite(gapNats)) return alarm('not finite', 'The validation loss is not finite');
  const loss = (nats: number): string => `${formatLoss(nats, unit)} ${unitName(unit)}`;
  const risen = validationNats - lowestNats;
  const hasRisen = (nats: number, share: number): boolean => risen > Math.max(nats, share * lowestNats);
  const isFar = hasRisen(RISEN_FAR, RISEN_FAR_SHARE);
  const since = `since iteration ${groupDigits(lowestIteration)}`;
  const trainingRise = trainingNats - trainingAtLowestNats;
  if (isFar && trainingRise > Math.max(RISEN, RISEN_SHARE * trainingAtLowestNats)) {
    const evidence = `Both losses have risen ${since}: validation by ${loss(risen)}, training by ${loss(trainingRise)}`;
    return watch('both rise', `${evidence}. A lower learning rate keeps what was learnt`);
  }
  const isNotable = gapNats > Math.max(NOTABLE_GAP, NOTABLE_GAP_SHARE * validationNats);
  if (isNotable && hasRisen(RISEN, RISEN_SHARE)) {
    const evidence = `The validation loss has risen by ${loss(risen)} ${since}`;
    const hasTrainingFallen = -trainingRise > FALLEN_SHARE * trainingAtLowestNats;
    return isFar && hasTrainingFallen
      ? alarm(
          'by heart',
          `${evidence} while the training loss fell by ${loss(-trainingRise)}: the text is being learnt by heart`,
        )
      : watch('rising', evidence);
  }
  return gapNats > LARGE_GAP
    ? watch('large', `The validation loss is ${loss(gapNats)} above the training loss`)
    : ok('small');
}
