import {
  step10_dW_ah,
  step11_message,
  step1_L,
  step2_dyhat,
  step3_do,
  step4_db_o,
  step5_dW_ao,
  step6_da,
  step7_dh,
  step8_db_h,
  step9_dW_xh,
} from './backward.ts';
import { cellAt, type Cell } from './cell.ts';
import { sideA_a, sideA_h, sideA_o, sideA_yhat } from './forward.ts';
import { Pace } from './pace.ts';
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
    sideA(pass, cellAt(pass, t), t);
    if (pace.spend(costOfCell(pass.shape))) yield;
  }
  let messageOfNext: Float64Array | undefined;
  for (let t = pass.shape.T - 1; t >= 0; t--) {
    const cell = cellAt(pass, t);
    sideB(pass, cell, messageOfNext);
    messageOfNext = cell.message;
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

function sideA({ parameters, activations, shape, N }: StreamPass, cell: Cell, t: number): void {
  sideA_h(parameters, cell.x, cell.aPrevious, cell.h);
  sideA_a(cell.h, cell.a);
  sideA_o(parameters, cell.a, cell.o);
  sideA_yhat(cell.o, cell.yhat, shape.V);
  activations.stepLoss[t] = step1_L(cell.o, cell.y, N);
}

/** Steps 2 to 11. */
function sideB({ parameters, gradients, N }: StreamPass, cell: Cell, messageOfNext: Float64Array | undefined): void {
  step2_dyhat(cell.yhat, cell.y, N, cell.dyhat);
  step3_do(cell.yhat, cell.y, N, cell.do);
  step4_db_o(cell.do, gradients.b_o);
  step5_dW_ao(cell.do, cell.a, 1, gradients.W_ao);
  step6_da(parameters.W_ao, cell.do, messageOfNext, 1, cell.da);
  step7_dh(cell.a, cell.da, cell.dh);
  step8_db_h(cell.dh, gradients.b_h);
  step9_dW_xh(cell.dh, cell.x, gradients.W_xh);
  step10_dW_ah(cell.dh, cell.aPrevious, 1, gradients.W_ah);
  step11_message(parameters.W_ah, cell.dh, 1, cell.message);
}

function costOfCell({ V, H }: Shape): number {
  return H * (H + V) + COST_OF_FUNCTION * (H + V);
}
