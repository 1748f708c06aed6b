import { formatLoss, formatNorm, unitName, type LossUnit } from '../../common/format.ts';
import { valueAt } from '../metrics.ts';
import type { Validation } from '../../protocol/events.ts';
import { dead, saturation } from './functionSigns.ts';
import { DIVERGED, judgeGap, judgeGradient, judgeUpdate, NOT_JUDGED } from './judgements.ts';
import { lossFacts, median, type LossFacts } from './losses.ts';
import { horizon, radius } from './memorySigns.ts';
import { MOST_POINTS, seriesOf, type SignId, type SignSource, unknown, type VitalSign } from './sign.ts';
import { USUAL_UPDATE } from './thresholds.ts';

/** Iterations over which the share of clipped ones is counted; the history keeps these as they came. */
const CLIP_WINDOW = 100;
/** The signs as they are now. Of a run that is worse than guessing, or not finite, none is called good. */
export function vitalSigns(run: SignSource, unit: LossUnit, losses: LossFacts = lossesOf(run)): VitalSign[] {
  const signs = [
    gradient(run, losses),
    update(run, losses),
    saturation(run),
    dead(run, losses.isEarly),
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
