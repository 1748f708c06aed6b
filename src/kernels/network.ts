import { PARAMETER_NAMES, type ParameterName } from '../network/names.ts';
import { sumOfSquares } from '../model/norms.ts';
import { createOptimizerState, momentCount, optimizerStep, type OptimizerName } from '../model/optimizer.ts';
import {
  allocateTensors,
  parameterSizes,
  type Allocate,
  type Parameters,
  type Shape,
  type Vector,
} from '../model/tensors.ts';
import type { GradientNorms, KernelOptions, Kernels } from './kernels.ts';

/** What a kernel adds to what all of them share. */
type PassOfKernel = 'name' | 'activations' | 'deltas' | 'forward' | 'backward';

/**
 * What every kernel does alike: parameters, gradients, optimizer, window, and the state that is carried from one window to
 * the next in `a` (T+1, B, H).
 */
export function createNetwork<A extends Vector>(
  shape: Shape,
  options: KernelOptions,
  allocate: Allocate<A>,
  a: A,
): Omit<Kernels<A>, PassOfKernel> {
  const { H, T, B } = shape;
  const parameters = allocateTensors(parameterSizes(shape), allocate);
  const gradients = allocateTensors(parameterSizes(shape), allocate);
  const optimizerState = createOptimizerState(options.optimizer, shape, allocate);
  return {
    shape,
    reduction: options.reduction,
    window: { inputs: new Int32Array(T * B), targets: new Int32Array(T * B) },
    parameters,
    gradients,
    optimizerState,
    gradientNorms: () => gradientNorms(gradients),
    update: (learningRate, clipFactor) =>
      optimizerStep(optimizerState, parameters, gradients, learningRate, clipFactor),
    carryState: () => void a.copyWithin(0, T * B * H),
    resetState: () => void a.fill(0, 0, B * H),
  };
}

/** Bytes of what `createNetwork` allocates. */
export function networkMemoryBytes(shape: Shape, optimizer: OptimizerName, bytesPerNumber: number): number {
  const parameterCount = sum(parameterSizes(shape));
  const windowBytes = 2 * shape.T * shape.B * Int32Array.BYTES_PER_ELEMENT;
  return (2 + momentCount(optimizer)) * parameterCount * bytesPerNumber + windowBytes;
}

/** The sum of the sizes of some tensors. */
export function sum(sizes: Readonly<Record<string, number>>): number {
  return Object.values(sizes).reduce((total, size) => total + size, 0);
}

function gradientNorms(gradients: Parameters): GradientNorms {
  const byParameter: Record<ParameterName, number> = {};
  let total = 0;
  for (const name of PARAMETER_NAMES) {
    const squares = sumOfSquares(gradients[name]);
    byParameter[name] = Math.sqrt(squares);
    total += squares;
  }
  return { byParameter, total: Math.sqrt(total) };
}
