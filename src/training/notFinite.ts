import { findNotFinite, type NotFiniteFinding } from '../inspection/notFinite.ts';
import type { GradientNorms, Kernels } from '../kernels/kernels.ts';
import { written } from '../network/names.ts';
import type { Network } from '../network/network.ts';
import type { NotFinite } from '../protocol/run.ts';

/** Where the pass of an iteration, whose loss or total norm is known not to be finite, stopped being so. */
export function describeNotFinite(kernels: Kernels, norms: GradientNorms, iteration: number): NotFinite {
  const { quantity, timeStep, message } =
    findNotFinite(kernels, kernels.parameters) ?? overflowOfNorms(kernels.network, norms);
  return {
    iteration,
    quantity,
    timeStep,
    message: `Iteration ${iteration}: ${message} This iteration changed no parameter.`,
  };
}

/** Every number of the gradient is finite, but the sum of their squares is not. */
function overflowOfNorms({ parameterNames }: Network, { byParameter }: GradientNorms): NotFiniteFinding {
  const largest = parameterNames.reduce((a, b) => (byParameter[b] > byParameter[a] ? b : a));
  return {
    quantity: largest,
    timeStep: null,
    message: `The norm of the gradient overflows, most of all that of ${written(largest)}. Lower the learning rate or clip.`,
  };
}
