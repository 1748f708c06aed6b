import { NORM_FLOOR } from '../common/optimizers.ts';

/**
 * What all gradients are multiplied by so that their global norm is at most `clipNorm` (Pascanu et al. 2013, algorithm 1):
 * min(1, clipNorm / (‖∂‖ + 1e-6)). A `clipNorm` of 0 switches clipping off, which gives 1.
 */
export function clipFactor(totalNorm: number, clipNorm: number): number {
  return clipNorm === 0 ? 1 : Math.min(1, clipNorm / (totalNorm + NORM_FLOOR));
}
