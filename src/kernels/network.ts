import { sumOfSquares } from '../model/norms.ts';
import { createOptimizerState, momentCount, optimizerStep } from '../model/optimizer.ts';
import {
  allocateTensors,
  parameterSizes,
  type Allocate,
  type Parameters,
  type Shape,
  type Tensors,
  type Vector,
} from '../model/tensors.ts';
import type { ParameterName } from '../network/names.ts';
import type { GradientNorms, Kernels, NetworkRequest } from './kernels.ts';

/** What a kernel adds to what all of them share. */
type PassOfKernel = 'name' | 'activations' | 'deltas' | 'forward' | 'backward';

/**
 * What every kernel does alike: parameters, gradients, optimizer, window, and the states that are carried from one window to
 * the next.
 * @param activations with the states of the network, each (T+1, B, H).
 */
export function createNetwork<A extends Vector>(
  { network, shape, reduction, optimizer }: NetworkRequest,
  allocate: Allocate<A>,
  activations: Tensors<A>,
): Omit<Kernels<A>, PassOfKernel> {
  const { T, B } = shape;
  const sizes = parameterSizes(network, shape);
  const parameters = allocateTensors(sizes, allocate);
  const gradients = allocateTensors(sizes, allocate);
  const optimizerState = createOptimizerState(optimizer, network, shape, allocate);
  return {
    network,
    shape,
    reduction,
    window: { inputs: new Int32Array(T * B), targets: new Int32Array(T * B) },
    parameters,
    gradients,
    optimizerState,
    gradientNorms: () => gradientNorms(gradients),
    update: (learningRate, clipFactor) =>
      optimizerStep(optimizerState, parameters, gradients, learningRate, clipFactor),
    ...carrying(
      network.states.map((state) => activations[state]),
      shape,
    ),
  };
}

/** How the states (T+1, B, H) go from one window to the next. */
export function carrying(states: readonly Vector[], { H, T, B }: Shape): Pick<Kernels, 'carryState' | 'resetState'> {
  return {
    carryState: () => {
      for (const state of states) state.copyWithin(0, T * B * H);
    },
    resetState: () => {
      for (const state of states) state.fill(0, 0, B * H);
    },
  };
}

/** Bytes of what `createNetwork` allocates. */
export function networkMemoryBytes({ network, shape, optimizer }: NetworkRequest, bytesPerNumber: number): number {
  const parameterCount = sum(parameterSizes(network, shape));
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
  for (const [name, gradient] of Object.entries(gradients)) {
    const squares = sumOfSquares(gradient);
    byParameter[name] = Math.sqrt(squares);
    total += squares;
  }
  return { byParameter, total: Math.sqrt(total) };
}
