import { createKernels } from '../kernels/built.ts';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import { RandomStream } from '../../../src/common/random.ts';

/** What is read is so small that tanh is the identity to rounding, and logits are those of the bias. */
const TINY = 1e-9;

export interface LinearNetwork {
  readonly kernels: Kernels;
  /** ‖W_aoᵀ(ŷ − y)‖, the same at every step. */
  readonly ownError: number;
}

/**
 * A recurrent network that is linear, after side A: V = 2, the same symbol everywhere, one stream.
 * @param W_ah element (i, j).
 * @param W_ao element (k, i); random where it is not given.
 */
export function linearNetwork(
  H: number,
  T: number,
  W_ah: (i: number, j: number) => number,
  W_ao?: (k: number, i: number) => number,
): LinearNetwork {
  const kernels = createKernels('reference', { V: 2, H, T, B: 1 }, { reduction: 'mean', optimizer: 'sgd' });
  const random = RandomStream.seeded(8, 'initialization');
  const { parameters } = kernels;
  for (let i = 0; i < H; i++) {
    for (let j = 0; j < H; j++) parameters.W_ah[i * H + j] = W_ah(i, j);
    for (let k = 0; k < 2; k++) {
      parameters.W_xh[i * 2 + k] = TINY * random.normal();
      parameters.W_ao[k * H + i] = W_ao === undefined ? random.normal() : W_ao(k, i);
    }
  }
  kernels.forward();
  // ŷ − y = (−½, ½), since the logits are 0.
  let squares = 0;
  for (let i = 0; i < H; i++) squares += ((parameters.W_ao[H + i] - parameters.W_ao[i]) / 2) ** 2;
  return { kernels, ownError: Math.sqrt(squares) };
}
