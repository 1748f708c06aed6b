import { formatLoss, formatNorm, formatShare, unitName, type LossUnit } from '../../common/format.ts';
import type { Activation } from '../../network/description.ts';
import { networkOf } from '../../network/network.ts';
import { wayWordsOf, type WayWords } from '../../network/wayWords.ts';
import { valueAt } from '../metrics.ts';
import type { ReadableHistory } from '../history.ts';
import type { Validation } from '../../protocol/events.ts';
import type { NotFinite, RunFacts } from '../../protocol/run.ts';
import type { RunSettings } from '../../protocol/settings.ts';
import {
  judgeGap,
  judgeGradient,
  judgeHorizon,
  judgeRecurrence,
  judgeSaturation,
  judgeUpdate,
  DIVERGED,
  NOT_JUDGED,
  NOT_KNOWN,
  type Judgement,
} from './judgements.ts';
import { lossFacts, median, type LossFacts } from './losses.ts';
import { SATURATION_LIMITS, USUAL_UPDATE } from './thresholds.ts';

/** Iterations over which the share of clipped ones is counted; the history keeps these as they came. */
const CLIP_WINDOW = 100;
/** Points of a sparkline. */
const MOST_POINTS = 60;

export const SIGN_IDS = ['gradient', 'update', 'saturation', 'horizon', 'radius', 'gap'] as const;
export type SignId = (typeof SIGN_IDS)[number];

/** A reading over the run, oldest first: at most MOST_POINTS of its values. */
export interface Series {
  readonly iterations: readonly number[];
  readonly values: readonly number[];
}

/** A vital sign as it is now. */
export interface VitalSign extends Judgement {
  readonly id: SignId;
  /** As it stands on the screen, and unformatted; NaN where it is not known. */
  readonly text: string;
  readonly value: number;
  /** What else is measured with it, unformatted: the share of clipped iterations. */
  readonly second?: number;
  readonly series: Series;
  readonly logarithmic: boolean;
  /** Where the values usually lie; a line where both are equal. */
  readonly usual: { readonly from: number; readonly to: number } | undefined;
}

/** What of a run its vital signs are read from. */
export interface SignSource {
  readonly description: { readonly settings: RunSettings; readonly facts?: RunFacts | undefined };
  readonly history: ReadableHistory;
  /** Where a number stopped being finite, if one did. */
  readonly notFinite?: NotFinite | undefined;
}

/** The signs as they are now. Of a run that is worse than guessing, or not finite, none is called good. */
export function vitalSigns(run: SignSource, unit: LossUnit, losses: LossFacts = lossesOf(run)): VitalSign[] {
  const signs = [
    gradient(run, losses),
    update(run, losses),
    saturation(run),
    horizon(run),
    radius(run),
    gap(run, unit, losses),
  ];
  return losses.isAboveGuessing || !losses.isFinite ? signs.map(withoutPraise) : signs;
}

export function lossesOf({ description: { facts }, history, notFinite }: SignSource): LossFacts {
  return lossFacts({ facts, history, notFinite });
}

/** Signs whose word is what was measured, and no judgement. */
const MEASURED: ReadonlySet<SignId> = new Set(['gradient', 'horizon']);

function withoutPraise(sign: VitalSign): VitalSign {
  if (sign.condition !== 'ok') return sign;
  return { ...sign, condition: 'unknown', word: MEASURED.has(sign.id) ? sign.word : NOT_JUDGED };
}

/** A sign of which there is no reading. */
function unknown(id: SignId, word = NOT_KNOWN.word): VitalSign {
  return {
    ...NOT_KNOWN,
    id,
    word,
    text: '–',
    value: NaN,
    series: { iterations: [], values: [] },
    logarithmic: false,
    usual: undefined,
  };
}

function gradient({ history, description }: SignSource, { isLearnt }: LossFacts): VitalSign {
  const { iterations } = history;
  if (iterations === 0) return unknown('gradient');
  const { clipNorm, reduction, sequenceLength, batchSize } = description.settings;
  const norm = history.newest('gradNorm');
  const points = history.points('gradNorm', 0, iterations, MOST_POINTS);
  const recent = history.points('gradNorm', iterations - CLIP_WINDOW, iterations, CLIP_WINDOW + 2);
  const factors = history.points('clipFactor', iterations - CLIP_WINDOW, iterations, CLIP_WINDOW + 2).mean;
  const clipped = clipNorm === 0 ? undefined : factors.filter((factor) => factor < 1).length / factors.length;
  const judged = judgeGradient({
    norm,
    usualNorm: median(points.mean),
    // Of some of them nothing may be known.
    recentLargest: Math.max(norm, ...recent.maximum.filter(Number.isFinite)),
    clipped,
    summed: reduction === 'sum' ? sequenceLength * batchSize : 1,
    isLearnt,
  });
  return {
    ...judged,
    id: 'gradient',
    text: formatNorm(norm),
    value: norm,
    ...(clipped !== undefined && { second: clipped }),
    series: { iterations: Array.from(points.row), values: Array.from(points.mean) },
    logarithmic: true,
    usual: clipNorm === 0 ? undefined : { from: 0, to: clipNorm },
  };
}

function update({ history, description }: SignSource, { isLearnt, hasDiverged }: LossFacts): VitalSign {
  const newest = history.of('vitals').at(-1);
  if (newest === undefined) return unknown('update');
  return {
    ...judgeUpdate({
      updateToWeight: newest.updateToWeight,
      learningRate: description.settings.learningRate,
      isLearnt,
      hasDiverged,
    }),
    id: 'update',
    text: formatNorm(newest.updateToWeight),
    value: newest.updateToWeight,
    series: seriesOf(history.of('vitals'), ({ updateToWeight }) => updateToWeight),
    logarithmic: true,
    usual: { from: USUAL_UPDATE, to: USUAL_UPDATE },
  };
}

/** How errors go back in the run's network; what is said of saturation is, where they go several ways, that of bounded functions. */
function wayOf({ settings }: SignSource['description']): { way: WayWords | undefined; activation: Activation } {
  const way = wayWordsOf(networkOf(settings));
  return { way, activation: way?.of ?? 'tanh' };
}

function saturation({ history, description }: SignSource): VitalSign {
  const newest = history.of('vitals').at(-1);
  if (newest === undefined) return unknown('saturation');
  const { activation } = wayOf(description);
  return {
    ...judgeSaturation(newest.saturation, activation),
    id: 'saturation',
    text: formatShare(newest.saturation),
    value: newest.saturation,
    series: seriesOf(history.of('vitals'), (vitals) => vitals.saturation),
    logarithmic: false,
    usual: { from: 0, to: SATURATION_LIMITS[activation].much },
  };
}

function horizon({ history, description }: SignSource): VitalSign {
  const newest = history.of('memoryPoint').at(-1);
  if (newest === undefined) return unknown('horizon');
  const { sequenceLength: T } = description.settings;
  const steps = newest.horizonOnePercent;
  return {
    ...judgeHorizon(steps, T, wayOf(description).activation),
    id: 'horizon',
    text: steps === null ? `> ${T - 1} steps` : `${steps} ${steps === 1 ? 'step' : 'steps'}`,
    value: steps ?? Infinity,
    // A horizon beyond the window lies above every one that can be measured.
    series: seriesOf(history.of('memoryPoint'), (point) => point.horizonOnePercent ?? T),
    logarithmic: false,
    usual: undefined,
  };
}

function radius({ history, description }: SignSource): VitalSign {
  const newest = history.of('memoryPoint').at(-1);
  if (newest === undefined) return unknown('radius');
  return {
    ...judgeRecurrence(
      {
        spectralRadius: newest.spectralRadius,
        sigmaMax: newest.sigmaMax,
        lyapunov: newest.lyapunov,
        horizon: newest.horizonOnePercent,
        T: description.settings.sequenceLength,
      },
      wayOf(description).way,
    ),
    id: 'radius',
    text: formatNorm(newest.spectralRadius),
    value: newest.spectralRadius,
    series: seriesOf(history.of('memoryPoint'), ({ spectralRadius }) => spectralRadius),
    logarithmic: false,
    usual: { from: 1, to: 1 },
  };
}

function gap({ history, description }: SignSource, unit: LossUnit, losses: LossFacts): VitalSign {
  const validations = history.of('validation');
  const newest = validations.at(-1);
  if (newest === undefined)
    return unknown('gap', description.facts?.validationCharacters === 0 ? 'no validation' : undefined);
  const trainingAt = ({ iteration }: Validation): number =>
    valueAt(history, 'lossSmoothedNats', Math.min(iteration, history.iterations - 1));
  const gapAt = (validation: Validation): number => validation.lossNats - trainingAt(validation);
  let lowest = newest;
  for (const validation of validations) if (validation.lossNats < lowest.lossNats) lowest = validation;
  const gapNats = gapAt(newest);
  const facts = {
    validationNats: newest.lossNats,
    lowestNats: lowest.lossNats,
    lowestIteration: lowest.iteration,
    trainingNats: trainingAt(newest),
    trainingAtLowestNats: trainingAt(lowest),
  };
  return {
    ...(losses.hasDiverged ? DIVERGED : judgeGap(facts, unit)),
    id: 'gap',
    text: `${gapNats >= 0 ? '+' : '−'}${formatLoss(Math.abs(gapNats), unit)} ${unitName(unit)}`,
    value: gapNats,
    series: seriesOf(validations, gapAt),
    logarithmic: false,
    usual: { from: 0, to: 0 },
  };
}

/** At most MOST_POINTS of a list's values, evenly spaced, the newest always among them. */
function seriesOf<P extends { readonly iteration: number }>(
  points: readonly P[],
  valueOf: (point: P) => number,
): Series {
  const count = Math.min(points.length, MOST_POINTS);
  const chosen = Array.from(
    { length: count },
    (_, i) => points[count === 1 ? 0 : Math.round((i * (points.length - 1)) / (count - 1))],
  );
  return { iterations: chosen.map(({ iteration }) => iteration), values: chosen.map(valueOf) };
}
