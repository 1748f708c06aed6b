import { SETTINGS, type RunSettings } from '../../protocol/settings.ts';
import { DIVERGED_RATE_FACTOR, UPDATE_FACTOR, USUAL_UPDATE } from './thresholds.ts';

/** Which way to turn the settings that decide how large a step is. Pure functions; sentences without their last stop. */

/** What to change of a run that diverged, with what it has now: both settings, each with its direction. */
export function againstDivergence(settings: Pick<RunSettings, 'learningRate' | 'clipNorm' | 'optimizer'>): string {
  const { learningRate, clipNorm } = settings;
  const rate = `Lower learningRate from ${learningRate} to ${lowerRate(settings)}`;
  return clipNorm === 0
    ? `${rate}, and turn clipping on: clipNorm is 0, ${SETTINGS.clipNorm.default} is usual`
    : `${rate}, or clipNorm from ${clipNorm}`;
}

/** Optimizers whose step is about the learning rate, whatever the gradient: the default is one for them. */
const ADAPTIVE: readonly RunSettings['optimizer'][] = ['adam', 'rmsprop'];

/** The learning rate with which a run that diverged is tried again; of an adaptive optimizer not above the default. */
export function lowerRate({ learningRate, optimizer }: Pick<RunSettings, 'learningRate' | 'optimizer'>): number {
  const lower = learningRate / DIVERGED_RATE_FACTOR;
  const most = ADAPTIVE.includes(optimizer) ? SETTINGS.learningRate.default : Infinity;
  return rounded(lower > most ? most : lower, 3);
}

/**
 * Where to turn the learning rate for updates of a usual size: every optimizer's update is a multiple of it.
 * @param updateToWeight ‖Δθ‖ / ‖θ‖.
 * @returns undefined where they have a usual size, or their size is not known.
 */
export function learningRateAdvice(updateToWeight: number | undefined, learningRate: number): string | undefined {
  if (updateToWeight === undefined || !Number.isFinite(updateToWeight)) return undefined;
  if (updateToWeight < USUAL_UPDATE / UPDATE_FACTOR) {
    const raised = updateToWeight > 0 ? learningRate * (USUAL_UPDATE / updateToWeight) : Infinity;
    return `raise learningRate from ${learningRate}${target(raised)}`;
  }
  if (updateToWeight <= USUAL_UPDATE * UPDATE_FACTOR) return undefined;
  // Half of the way in decades: networks learn well at a few times the usual size, too.
  return `lower learningRate from ${learningRate}${target(learningRate * Math.sqrt(USUAL_UPDATE / updateToWeight))}`;
}

/** A learning rate to try, where it is one that the setting takes. */
function target(learningRate: number): string {
  const { minimum, maximum } = SETTINGS.learningRate;
  return learningRate < minimum || learningRate > maximum ? '' : `, to ${rounded(learningRate, 1)} for a start`;
}

function rounded(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}
