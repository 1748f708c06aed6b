import type { Activation } from '../../network/description.ts';
import { SATURATION } from '../../network/slopes.ts';
import type { WayWords } from '../../network/wayWords.ts';
import type { Reach, Spectrum, Units } from '../../protocol/study.ts';

/** The decay of errors on their way back, split into its two causes. Pure functions; every factor is "times so much per step". */

export interface DecaySplit {
  /** By how much the activation shrinks an error at each time step, over all hidden units, with its mean, least and largest. */
  readonly slopes: Float64Array;
  readonly slopeMean: number;
  readonly slopeLeast: number;
  readonly slopeMost: number;
  /** What the line through the log of the lag profile falls (or grows) by; null where none could be fitted. */
  readonly measured: number | null;
  /** Whether no error reaches a hidden state at all: the lag profile is 0 at lag 0. */
  readonly isNothing: boolean;
  /** Whether errors of a layer above come down at every step as well, so that the decay is not that of this way alone. */
  readonly isFed: boolean;
  /** What the measured factor leaves for the recurrent weight once the mean slope is taken out; null where that is not known. */
  readonly leftForW: number | null;
  /** Of the recurrent weight W: the most that one step can stretch, and the root mean square over all directions, ‖W‖_F/√H. */
  readonly sigmaMax: number | undefined;
  readonly sigmaRms: number | undefined;
}

type Measured = Pick<Units, 'slope'> & Pick<Reach, 'decay' | 'horizon'>;

export function splitDecay(
  memory: Measured,
  spectrum: Pick<Spectrum, 'singularValues' | 'sigmaMax'> | undefined,
  activation: Activation,
  isFed = false,
): DecaySplit {
  const { decay, horizon } = memory;
  const slopes = shrinking(memory.slope, activation);
  const slopeMean = mean(slopes);
  const measured = decay === null ? null : Math.exp(decay.ratePerStep);
  return {
    slopes,
    slopeMean,
    slopeLeast: slopes.reduce((least, value) => Math.min(least, value), Infinity),
    slopeMost: slopes.reduce((most, value) => Math.max(most, value), 0),
    measured,
    isNothing: horizon.onePercent === 0,
    isFed,
    leftForW: measured === null || slopeMean === 0 || isFed ? null : measured / slopeMean,
    sigmaMax: spectrum?.sigmaMax,
    sigmaRms: spectrum && Math.sqrt(mean(spectrum.singularValues.map((sigma) => sigma * sigma))),
  };
}

/**
 * From the mean slopes over the units. Where a share of the units is on and passes an error whole, and the others nothing of it, the norm shrinks by
 * the root of that share, which is the root mean square of the slopes; the mean would blame the activation for too much.
 */
function shrinking(meanSlopes: Float64Array, activation: Activation): Float64Array {
  return SATURATION[activation].passesNothing ? meanSlopes.map(Math.sqrt) : meanSlopes;
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function plain(factor: number): string {
  return formatFactor(factor).slice(1);
}

/** A factor as it is written: ×0.62; three significant digits, so that one just under 1 is told from 1. */
export function formatFactor(factor: number): string {
  if (!Number.isFinite(factor)) return '×∞';
  if (factor === 0) return '×0';
  return factor >= 0.001 && factor < 1000
    ? `×${factor.toPrecision(3)}`
    : `×${factor.toExponential(1).replace('+', '')}`;
}

/** Of a decay of the errors, the share in logarithms from which on one cause is said to do it nearly alone. */
const NEARLY_ALONE = 0.8;

/** What one step back consists of, what was measured, and what follows, in a few sentences. */
export function decaySentences(split: DecaySplit, words: WayWords): string[] {
  const { slopeMean, slopeLeast, slopeMost, sigmaMax, sigmaRms } = split;
  const range =
    slopeMost - slopeLeast > 0.005 ? ` (${slopeLeast.toFixed(2)} to ${slopeMost.toFixed(2)} from step to step)` : '';
  const { weight, activation, slope } = words;
  const root = SATURATION[words.of].passesNothing ? ', the root mean square over the units,' : '';
  const averages = `the ${activation} factor${root} averages ${plain(slopeMean)}${range}`;
  const stretch =
    sigmaMax === undefined || sigmaRms === undefined
      ? ''
      : `; ${weight} stretches by at most σ_max = ${plain(sigmaMax)}, and by ${plain(sigmaRms)} over all directions (root mean square of its singular values)`;
  return [
    `Each step back multiplies the error by ${weight}ᵀ and then, unit by unit, by ${slope}: ${averages}${stretch}.`,
    measuredSentence(split, words),
  ];
}

function measuredSentence(split: DecaySplit, words: WayWords): string {
  const { measured, leftForW, slopeMean } = split;
  if (split.isNothing) {
    return 'No error passes at all: the lag profile is zero from lag 0 on, so there is no decay to split.';
  }
  if (measured !== null && split.isFed) {
    return (
      `Measured on the lag profile: ${formatFactor(measured)} a step. Errors of the layer above come down at every step as well, ` +
      `so that this is not the decay by ${words.activation} and ${words.weight} alone, and cannot be split between them.`
    );
  }
  if (measured === null || leftForW === null) {
    return 'No decay could be fitted to the lag profile: fewer than three of its lags are above zero.';
  }
  return (
    `Measured on the lag profile: ${formatFactor(measured)} a step. Divided by the mean ${words.activation} factor that leaves ${formatFactor(leftForW)} ` +
    `for ${words.weight} in the directions that these errors take. ${verdict(measured, slopeMean, leftForW, words)}`
  );
}

/** Which of the two causes makes the error vanish or grow. */
function verdict(measured: number, slopeMean: number, leftForW: number, { weight, activation }: WayWords): string {
  if (Math.abs(Math.log(measured)) < 0.01) return 'The error keeps its size: the two factors cancel.';
  if (measured > 1) return `${weight} stretches more than ${activation} takes away: the error grows on its way back.`;
  if (leftForW >= 1)
    return `${weight} by itself would keep the error or let it grow: it is the ${activation} factor that makes it vanish.`;
  const slopeShare = Math.log(slopeMean) / Math.log(measured);
  const percent = Math.round(100 * slopeShare);
  if (slopeShare >= NEARLY_ALONE)
    return `Of this decay the ${activation} factor makes ${percent} %, in logarithms: ${activation}, not ${weight}, ends the memory.`;
  if (slopeShare <= 1 - NEARLY_ALONE)
    return `Of this decay the ${activation} factor makes only ${percent} %, in logarithms: ${weight} is too small to keep the memory.`;
  return `Of this decay the ${activation} factor makes ${percent} %, in logarithms, ${weight} the rest.`;
}

/** A logarithmic axis of factors. */
export interface FactorAxis {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
}

/** The range of a logarithmic axis of factors around 1, and its ticks. */
export function factorAxis(factors: readonly (number | null | undefined)[]): FactorAxis {
  const shown = factors.filter(
    (factor): factor is number => typeof factor === 'number' && factor > 0 && Number.isFinite(factor),
  );
  const min = Math.min(0.5, ...shown.map((factor) => factor / 1.3));
  const max = Math.max(2, ...shown.map((factor) => factor * 1.3));
  const mantissas = max / min > 1000 ? [1] : [1, 2, 5];
  const ticks: number[] = [];
  for (let exponent = Math.floor(Math.log10(min)); exponent <= Math.log10(max); exponent++) {
    for (const mantissa of mantissas) {
      const tick = Number(`${mantissa}e${exponent}`);
      if (tick >= min && tick <= max) ticks.push(tick);
    }
  }
  return { min, max, ticks };
}
