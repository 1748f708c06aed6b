import { NETWORK } from '../network/names.ts';
import { backwardStep } from './backward.ts';
import { cellAt } from './cell.ts';
import { forwardStep } from './forward.ts';
import { stepLoss } from './output.ts';
import { Pace } from './pace.ts';
import type { StepErrors } from './stepValues.ts';
import {
  activationSizes,
  allocateFloat64,
  allocateTensors,
  deltaSizes,
  lossDivisor,
  parameterSizes,
  type Parameters,
  type Reduction,
  type ReferencePass,
  type Shape,
  type Vector,
  type Window,
} from './tensors.ts';

/** Multiplications that an exponential or a tanh costs, about. */
const COST_OF_FUNCTION = 20;

/** What an iteration starts from: a window of all streams, the state carried in, the parameters before the update. */
export interface BatchStart extends Window {
  readonly shape: Shape;
  readonly reduction: Reduction;
  readonly parameters: Parameters<Float64Array>;
  /** (B, H): a(−1). */
  readonly state: Vector;
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
 */
export function* passOfStream(start: BatchStart, stream: number): Generator<undefined, StreamPass> {
  const pass = allocatePass(start, stream);
  const pace = new Pace();
  for (let t = 0; t < pass.shape.T; t++) {
    const cell = cellAt(pass, t);
    forwardStep(pass.network, pass.parameters, cell);
    pass.activations.stepLoss[t] = stepLoss(cell.o, cell.y, pass.N);
    if (pace.spend(costOfCell(pass.shape))) yield;
  }
  let ofNext: StepErrors['messages'] | undefined;
  for (let t = pass.shape.T - 1; t >= 0; t--) {
    const cell = cellAt(pass, t);
    backwardStep(pass.network, pass.parameters, cell, ofNext, pass.N, pass.gradients);
    ofNext = cell.errors.messages;
    if (pace.spend(2 * costOfCell(pass.shape))) yield;
  }
  return pass;
}

function allocatePass(
  { shape: batch, reduction, parameters, state, ...window }: BatchStart,
  stream: number,
): StreamPass {
  const { V, H, T, B } = batch;
  const shape: Shape = { V, H, T, B: 1 };
  const activations = {
    ...allocateTensors(activationSizes(shape), allocateFloat64),
    stepLoss: new Float64Array(T),
  };
  activations.a.set(state.subarray(stream * H, (stream + 1) * H));
  const ofStream = (ids: Int32Array) => Int32Array.from({ length: T }, (_, t) => ids[t * B + stream]);
  return {
    network: NETWORK,
    shape,
    reduction,
    N: lossDivisor(batch, reduction),
    parameters,
    window: { inputs: ofStream(window.inputs), targets: ofStream(window.targets) },
    activations,
    deltas: allocateTensors(deltaSizes(shape), allocateFloat64),
    gradients: allocateTensors(parameterSizes(shape), allocateFloat64),
  };
}

function costOfCell({ V, H }: Shape): number {
  return H * (H + V) + COST_OF_FUNCTION * (H + V);
}
