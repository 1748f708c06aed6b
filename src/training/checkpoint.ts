import type { Kernels } from '../kernels/kernels.ts';
import { type Parameters, tensorNamed, type Vector } from '../model/tensors.ts';
import type { NetworkState, Tensor, Tensors } from '../protocol/checkpoint.ts';

/** What a network's state is made of besides its kernels. */
export type Progress = Omit<NetworkState, 'parameters' | 'moments' | 'optimizerStep' | 'states'>;

/** Copies the network with its optimizer, between two iterations. */
export function networkStateOf(kernels: Kernels, progress: Progress): NetworkState {
  const { parameters, optimizerState } = kernels;
  // What would not be carried may hold anything, even numbers that are not finite.
  const carried = progress.carriesState ? ownCopy : zerosLike;
  return {
    ...progress,
    samplingRandom: [...progress.samplingRandom],
    parameters: copied(parameters),
    moments: Object.fromEntries(
      Object.entries(optimizerState.moments).map(([moment, tensors]) => [moment, copied(tensors)]),
    ),
    optimizerStep: optimizerState.step,
    states: carriedStates(kernels, carried),
  };
}

/** A copy that shares no memory, which may go to another thread. */
export function copyOf(network: NetworkState): NetworkState {
  return {
    ...network,
    parameters: copied(network.parameters),
    moments: Object.fromEntries(
      Object.entries(network.moments).map(([moment, tensors]) => [moment, copied(tensors)] as const),
    ),
    states: copied(network.states),
  };
}

/** The parameters alone, for a network that starts with them. */
export function restoreParameters(parameters: Parameters, from: Parameters): void {
  for (const name of Object.keys(parameters)) parameters[name].set(from[name]);
}

/** The optimizer's running quantities and its count of steps; the network must have the same optimizer. */
export function restoreOptimizer(kernels: Kernels, from: NetworkState): void {
  for (const [moment, tensors] of Object.entries(kernels.optimizerState.moments)) {
    restoreParameters(tensors, from.moments[moment]);
  }
  kernels.optimizerState.step = from.optimizerStep;
}

/** (B, H) of each state: what the next window goes on from, which are the states after the last time step. */
export function carriedStates({ network, shape, activations }: Kernels, copy: (state: Vector) => Tensor): Tensors {
  const { H, T, B } = shape;
  const last = (state: string): Vector => tensorNamed(activations, state).subarray(T * B * H, (T + 1) * B * H);
  return Object.fromEntries(network.states.map((state) => [state, copy(last(state))]));
}

export function restoreCarriedStates({ network, shape, activations }: Kernels, states: Tensors): void {
  const { H, T, B } = shape;
  for (const state of network.states) tensorNamed(activations, state).set(states[state], T * B * H);
}

/** Whether every number of the network is finite; no run could go on from another. */
export function isFiniteNetwork({ parameters, moments, states }: NetworkState): boolean {
  const tensors = [parameters, ...Object.values(moments), states].flatMap((group) => Object.values(group));
  return tensors.every((tensor) => tensor.every(Number.isFinite));
}

function copied(tensors: Parameters): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, ownCopy(tensor)]));
}

/** A copy in memory that is shared with no other thread. */
export function ownCopy(tensor: Vector): Tensor {
  return tensor instanceof Float32Array ? new Float32Array(tensor) : new Float64Array(tensor);
}

export function zerosLike(tensor: Vector): Tensor {
  return tensor instanceof Float32Array ? new Float32Array(tensor.length) : new Float64Array(tensor.length);
}

/** The memory of all tensors of a checkpoint or of a part of one, to be moved to another thread. */
export function tensorBuffers(part: unknown): ArrayBuffer[] {
  if (part instanceof Float32Array || part instanceof Float64Array) return [part.buffer as ArrayBuffer];
  if (typeof part !== 'object' || part === null) return [];
  return Object.values(part).flatMap(tensorBuffers);
}
