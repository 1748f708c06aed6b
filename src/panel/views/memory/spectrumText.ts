import type { Spectrum } from '../../../protocol/study.ts';

/** What the numbers of W_ah mean, in words. Pure functions. */

export function radiusMeaning({ spectralRadius }: Pick<Spectrum, 'spectralRadius'>): string {
  return spectralRadius > 1
    ? 'above 1: without tanh some directions would grow for ever'
    : 'not above 1: without tanh every direction would fade in the long run';
}

export function sigmaMeaning(sigmaMax: number): string {
  return sigmaMax < 1
    ? 'below 1: errors must vanish, whatever tanh does'
    : 'not below 1: errors can explode, but need not';
}

export function lyapunovMeaning(lyapunov: number): string {
  if (Math.abs(lyapunov) < 0.005) return 'errors keep their size through this window';
  return lyapunov < 0
    ? 'errors vanish on their way back through this window'
    : 'errors explode on their way back through this window';
}
