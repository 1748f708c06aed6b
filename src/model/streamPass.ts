import { productNumbers, type Network } from '../network/network.ts';
import { backwardStep } from './backward.ts';
import { stepAt } from './stepOfPass.ts';
import { forwardStep } from './forward.ts';
import { stepLoss } from './output.ts';
import type { Work } from '../common/work.ts';
import type { StepErrors } from './stepValues.ts';
import {
  allocateActivations,
  allocateDeltas,
  allocateFloat64,
  allocateTensors,
  lossDivisor,
  parameterSizes,
  type Parameters,
  type Reduction,
  type ReferencePass,
  type Shape,
  type Tensors,
  type Window,
} from './tensors.ts';

/** Multiplications that an exponential or a tanh costs, about. */
const COST_OF_FUNCTION = 20;

/** What an iteration starts from: a window of all streams, the state carried in, the parameters before the update. */
export interface BatchStart extends Window {
  readonly network: Network;
  readonly shape: Shape;
  readonly reduction: Reduction;
  readonly parameters: Parameters<Float64Array>;
  /** (B, H): each state of the network, as it is carried in. */
  readonly states: Tensors;
}

/**
 * The pass of one stream of a batch by itself, with every quantity: `shape.B` is 1, but N is that of the whole batch. So the
 * gradients are this stream's contribution to those of the batch, and `stepLoss` its contribution to the total loss.
 */
export interface StreamPass extends ReferencePass {
  /** N of the whole batch: T·B or 1. */
  readonly N: number;
}

/**
 * Both sides of MATH.md for one stream, in float64 and in pieces: about 4·T·H² multiplications.
 * @param stream 0 ≤ stream < B.
 * @param gradients to which those of the stream are added; zeros, unless they are given.
 */
export function* passOfStream(start: BatchStart, stream: number, gradients = zeroGradients(start)): Work<StreamPass> {
  const pass = allocatePass(start, stream, gradients);
  const cost = costOfStep(pass);
  for (let t = 0; t < pass.shape.T; t++) {
    const step = stepAt(pass, t);
    forwardStep(pass.network, pass.parameters, step);
    pass.activations.stepLoss[t] = stepLoss(step.now[pass.network.output[0].gives], step.y, pass.N);
    yield cost;
  }
  let ofNext: StepErrors['messages'] | undefined;
  for (let t = pass.shape.T - 1; t >= 0; t--) {
    const step = stepAt(pass, t);
    backwardStep(pass.network, pass.parameters, step, ofNext, pass.N, pass.gradients);
    ofNext = step.errors.messages;
    yield 2 * cost;
  }
  return pass;
}

/** Of all parameters, before any stream is read. */
export function zeroGradients({ network, shape }: Pick<BatchStart, 'network' | 'shape'>): Parameters<Float64Array> {
  return allocateTensors(parameterSizes(network, shape), allocateFloat64);
}

function allocatePass(
  { network, shape: batch, reduction, parameters, states, ...window }: BatchStart,
  stream: number,
  gradients: Parameters<Float64Array>,
): StreamPass {
  const { V, H, T, B } = batch;
  const shape: Shape = { V, H, T, B: 1 };
  const activations = allocateActivations(network, shape, allocateFloat64);
  for (const state of network.states) activations[state].set(states[state].subarray(stream * H, (stream + 1) * H));
  const ofStream = (ids: Int32Array) => Int32Array.from({ length: T }, (_, t) => ids[t * B + stream]);
  return {
    network,
    shape,
    reduction,
    N: lossDivisor(batch, reduction),
    parameters,
    window: { inputs: ofStream(window.inputs), targets: ofStream(window.targets) },
    activations,
    deltas: allocateDeltas(network, shape, allocateFloat64),
    gradients,
  };
}

/** Multiplications of a time step. */
function costOfStep({ network, shape }: StreamPass): number {
  const functions = network.quantities.reduce((sum, { axis }) => sum + shape[axis], 0);
  return productNumbers(network.parameters, shape) + COST_OF_FUNCTION * functions;
}
