import type { DirectReach, Reach } from '../../protocol/study.ts';
import { formatShare } from '../../common/format.ts';
import { formatFactor } from './memoryFactors.ts';

/** What the direct path of a state keeps, in numbers and words. Pure functions; every factor is "times so much per step". */

export interface KeptSplit {
  /** What is kept at every step, the mean over units; of every unit, the geometric mean over time. */
  readonly byStep: Float64Array;
  readonly byUnit: Float64Array;
  readonly mean: number;
  /** exp(mean ln f), over units and steps. */
  readonly geometricMean: number;
  /** In steps: of the mean of ln f, of the median unit, and of the one that keeps most. */
  readonly halfLife: number;
  readonly medianHalfLife: number;
  readonly longest: {
    readonly unit: number;
    readonly kept: number;
    readonly halfLife: number;
    readonly entered: number;
  };
  /** What the units keep, weighted by the share of the error that enters each. */
  readonly whereEntered: number;
  /** What the lines through the logs of the lag profiles fall by, of the direct path alone and of all ways; null where there is none. */
  readonly direct: number | null;
  readonly whole: number | null;
  /** Whether nothing comes back by another way. */
  readonly isOnly: boolean;
  /** Whether the direct path and the rest are each larger than the whole at most lags: they point against each other. */
  readonly isCancelling: boolean;
}

/** After how many steps half is left: ln ½ / ln f; infinite from a factor of 1 on, 0 where nothing is kept. */
export function halfLifeOf(kept: number): number {
  if (kept >= 1) return Infinity;
  return kept === 0 ? 0 : Math.log(0.5) / Math.log(kept);
}

/** The share of the direct path from which on less is rounding. */
const ROUNDING = 1e-9;
/** The direct path ends at 1e-150 (`inspection/directPath.ts`), all ways not at the same lag: what is left of them from there on is no other way. */
const ENDED = 1e-149;

export function splitKept(
  { keptByStep, keptByUnit, enteredByUnit, directProfile, othersProfile, decay }: DirectReach,
  whole: Pick<Reach, 'decay' | 'lagProfile'>,
): KeptSplit {
  const sorted = keptByUnit.slice().sort();
  const geometricMean = Math.exp(mean(keptByUnit.map(Math.log)));
  const unit = keptByUnit.indexOf(sorted[sorted.length - 1]);
  const kept = keptByUnit[unit];
  return {
    byStep: keptByStep,
    byUnit: keptByUnit,
    mean: mean(keptByStep),
    geometricMean,
    halfLife: halfLifeOf(geometricMean),
    medianHalfLife: halfLifeOf(sorted[Math.floor((sorted.length - 1) / 2)]),
    longest: { unit, kept, halfLife: halfLifeOf(kept), entered: enteredByUnit[unit] },
    whereEntered: keptByUnit.reduce((sum, value, i) => sum + value * enteredByUnit[i], 0),
    direct: factorOf(decay),
    whole: factorOf(whole.decay),
    isOnly: othersProfile.every((others, lag) => others <= Math.max(ENDED, ROUNDING * directProfile[lag])),
    isCancelling: isMostly(whole, (lag) => Math.min(directProfile[lag], othersProfile[lag]) > whole.lagProfile[lag]),
  };
}

/** Whether something is so at more than half of the lags that the decay was fitted to. */
function isMostly({ decay }: Pick<Reach, 'decay'>, isSo: (lag: number) => boolean): boolean {
  if (decay === null) return false;
  const lags = Array.from({ length: decay.toLag - decay.fromLag + 1 }, (_, index) => decay.fromLag + index);
  return 2 * lags.filter(isSo).length > lags.length;
}

function factorOf(decay: Reach['decay']): number | null {
  return decay === null ? null : Math.exp(decay.ratePerStep);
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** `5.2 steps`. */
export function halfLifeText(halfLife: number): string {
  if (halfLife > 1e4) return 'more than 10,000 steps';
  const text = halfLife < 100 ? halfLife.toPrecision(2) : String(Math.round(halfLife));
  return `${text} ${text === '1' ? 'step' : 'steps'}`;
}

/** What is spoken of: the state, and what is kept of it as a formula and in words. */
export interface KeptWords {
  readonly state: string;
  readonly kept: string;
  readonly keptWords: string;
  /** How the other ways are called; undefined where there is none. */
  readonly others: string | undefined;
}

/** What the direct path keeps, what was measured, and what follows, in a few sentences. */
export function keptSentences(split: KeptSplit, words: KeptWords): string[] {
  const { state, kept, keptWords } = words;
  const { longest } = split;
  return [
    `By the direct path each step back multiplies the error of ${state}, unit by unit, by ${keptWords}: ${split.mean.toPrecision(3)} on average. ` +
      `Over all units half of it is gone after ${halfLifeText(split.halfLife)} (ln ½ / mean ln ${bracketed(kept)}); half of the units keep half of it for more than ${halfLifeText(split.medianHalfLife)}, ` +
      `and unit ${longest.unit} keeps it longest: half of it for ${halfLifeText(longest.halfLife)}.`,
    enteredSentence(split, words),
    measuredSentence(split, words),
  ];
}

/** Weighted by the error, less than this share of the mean is kept where errors enter the units that forget. */
const ENTERS_FORGETTING = 0.8;

function enteredSentence({ whereEntered, geometricMean, longest }: KeptSplit, { kept }: KeptWords): string {
  const weighted = `Weighted by how much of the error enters each unit at its own step, ${kept} keeps ${formatFactor(whereEntered)} a step`;
  if (whereEntered >= ENTERS_FORGETTING * geometricMean) return `${weighted}.`;
  return `${weighted}: the error enters units that forget, and those that keep get little of it (unit ${longest.unit}: ${formatShare(longest.entered)}).`;
}

function bracketed(kept: string): string {
  return kept.includes(' ') ? `(${kept})` : kept;
}

function measuredSentence(split: KeptSplit, { kept, others }: KeptWords): string {
  const { direct, whole } = split;
  if (split.isOnly || others === undefined) {
    const measured =
      direct === null
        ? ''
        : `Measured on the lag profile: ${formatFactor(direct)} a step. ${direct > 1 ? `${risen(kept)} ` : reconciled(split, kept)}`;
    return `${measured}There is no other way back: what ${kept} keeps is all that is left of an error.`;
  }
  if (direct === null || whole === null) {
    return 'No decay could be fitted to the lag profiles: fewer than three of their lags are above zero.';
  }
  const measured = `Measured on the lag profiles: ${formatFactor(direct)} a step by the direct path alone, ${formatFactor(whole)} by all ways. `;
  if (direct > 1) return measured + risen(kept);
  if (whole > 1) {
    return (
      `${measured}By all ways the fitted line rises: either what comes by ${others} makes errors larger on their way back, or the profile, a mean over t of fewer and other errors at larger lags, ` +
      'only looks so; it cannot tell which.'
    );
  }
  return measured + reconciled(split, kept) + verdict(split, Math.log(direct), Math.log(whole), { kept, others });
}

/** Of a fitted line that rises: nothing follows from it. */
function risen(kept: string): string {
  return (
    `The fitted line rises, although ${kept} is at most 1 and makes no error larger: the profile is a mean over t, of fewer and other errors at larger lags, ` +
    'and here that outweighs what is lost on the way. Nothing follows from it of how long this state remembers.'
  );
}

/** Why more is left at every step than of the first one, where that is so. */
function reconciled({ direct, whereEntered }: KeptSplit, kept: string): string {
  if (direct === null || Math.log(direct) - Math.log(whereEntered) < ALIKE) return '';
  return (
    `By ${kept} alone that is more than the ${formatFactor(whereEntered)} where errors enter, which is the average of the first step back: ` +
    'after some steps only the units that keep longest have anything left, and what is measured over many lags is theirs. '
  );
}

/** Rates that differ by less are alike, nats per step. */
const ALIKE = 0.02;

/** Which way is the one that lasts. */
function verdict(
  { isCancelling }: KeptSplit,
  direct: number,
  whole: number,
  { kept, others }: { readonly kept: string; readonly others: string },
): string {
  if (Math.abs(direct - whole) < ALIKE) {
    return `Both fall alike: it is ${kept} that sets how long this state remembers.`;
  }
  if (direct > whole && isCancelling) {
    return (
      `The direct path lasts longer than the whole, but what came by ${kept} alone and what came by ${others} are each larger than the whole at most lags: ` +
      'they point against each other and cancel there, so that neither is a share of what is left.'
    );
  }
  return direct > whole
    ? `The direct path lasts longer than the whole: what comes by ${others} fades sooner, and the further back, the more of what is left came by ${kept}.`
    : `The whole lasts longer than the direct path: what comes by ${others} adds to it, and carries errors on that ${kept} would have let fade.`;
}
