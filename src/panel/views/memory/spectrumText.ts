import { formatFactor } from '../../charts/memoryFactors.ts';
import { powerOfTen } from '../../../common/format.ts';
import { SATURATION } from '../../../network/slopes.ts';
import type { WayWords } from '../../../network/wayWords.ts';
import type { Spectrum } from '../../../protocol/study.ts';
import { growthOver, windowGrowth, type WindowGrowth } from '../../../common/windowGrowth.ts';

/** Nats from which on only the power of ten is written. */
const FAR = 9 * Math.LN10;

const GROWTH_WORDS: Readonly<Record<WindowGrowth, string>> = {
  fade: 'errors fade',
  last: 'errors about keep their size',
  grow: 'errors grow',
  explode: 'errors explode',
};

/** What the numbers of the recurrent weight mean, in words, where errors go back through it and one activation alone. Pure functions. */

export function radiusMeaning(
  { spectralRadius }: Pick<Spectrum, 'spectralRadius'>,
  { of, activation }: Pick<WayWords, 'of' | 'activation'>,
): string {
  // Where a unit is on, ReLU passes all of it: what bounds is that others are off.
  if (SATURATION[of].passesNothing) {
    return spectralRadius > 1
      ? 'above 1: with all units on, some directions would grow for ever'
      : 'not above 1: with all units on, every direction would fade in the long run';
  }
  return spectralRadius > 1
    ? `above 1: without ${activation} some directions would grow for ever`
    : `not above 1: without ${activation} every direction would fade in the long run`;
}

export function sigmaMeaning(sigmaMax: number, activation: string): string {
  return sigmaMax < 1
    ? `below 1: errors must vanish, whatever ${activation} does`
    : 'not below 1: errors can explode, but need not';
}

/** @param lyapunov nats per step back, of a window of T steps. */
export function lyapunovMeaning(lyapunov: number, T: number): string {
  const growth = growthOver(lyapunov, T);
  // Over a long window, factors beyond the range of numbers are common.
  const isFar = Math.abs(growth) > FAR;
  const overWindow = isFar ? `×${powerOfTen(Math.round(growth / Math.LN10))}` : formatFactor(Math.exp(growth));
  return `in the long run ${overWindow} over ${T - 1} steps: ${GROWTH_WORDS[windowGrowth(lyapunov, T)]}`;
}
