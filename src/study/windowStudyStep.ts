import { cellAt } from '../model/cell.ts';
import { sumOfSquares } from '../model/norms.ts';
import {
  errorName,
  type Network,
  type Parameter,
  shapeOf,
  sizeOf as sizeOfParameter,
  type Step,
} from '../network/network.ts';
import { operandsAt } from '../inspection/operands.ts';
import { operand, type StepPass } from '../model/stepValues.ts';
import type { Vector } from '../model/tensors.ts';
import { stepLoss } from '../model/output.ts';
import { addColumns, addOuterProducts, addTransposedProducts } from '../model/rows.ts';
import type { StreamPass } from '../model/streamPass.ts';
import { transposed } from '../inspection/transposed.ts';
import { InputError } from '../common/inputError.ts';
import type { StepDetail, Matrix, MatrixName } from '../protocol/study.ts';
import { groupDigits } from '../common/written.ts';

/** How many of the likeliest symbols the detail of a step tells. */
const TOP = 5;
/** Numbers of the largest matrix that can be looked at: W_ah of the largest hidden size, in 128 MiB. */
const MOST_NUMBERS = 4096 ** 2;

/** The part of the detail of a step that does not depend on which window it is from. */
export type StepNumbers = Omit<StepDetail, 'iteration' | 'stream' | 't'>;

/** Every quantity of time step t, as copies. */
export function stepNumbers(pass: StreamPass, t: number): StepNumbers {
  const quantities = cellAt(pass, t);
  const { T } = pass.shape;
  const topIds = likeliest(quantities.yhat);
  return {
    T,
    N: pass.N,
    input: quantities.x[0],
    target: quantities.y[0],
    lossNats: stepLoss(quantities.o, quantities.y, 1),
    aPrevious: quantities.aPrevious.slice(),
    h: quantities.h.slice(),
    a: quantities.a.slice(),
    o: quantities.o.slice(),
    yhat: quantities.yhat.slice(),
    dyhat: quantities.dyhat.slice(),
    do: quantities.do.slice(),
    daOwn: ownPart(pass, t),
    daFuture: futurePart(pass, t),
    da: quantities.da.slice(),
    dh: quantities.dh.slice(),
    message: quantities.message.slice(),
    stepNorm: Float64Array.from(pass.network.steps, (step) => normOf(step, pass, quantities, t)),
    topIds,
    topProbability: Float64Array.from(topIds, (id) => quantities.yhat[id]),
  };
}

/**
 * The norm of what a step gives; of the loss its value. The norm of an outer product u vᵀ is ‖u‖‖v‖, and with a one-hot v it is u in
 * one of its columns.
 */
function normOf(step: Step, pass: StreamPass, { errors, now, before }: StepPass, t: number): number {
  switch (step.kind) {
    case 'loss':
      return pass.activations.stepLoss[t];
    case 'error':
      return norm(errors.now[step.of]);
    case 'contribution':
      return (
        norm(errors.now[step.u]) * (step.v === undefined || step.v === 'x' ? 1 : norm(operand({ now, before }, step.v)))
      );
    case 'message':
      return norm(errors.messages[step.to]);
    default:
      return step satisfies never;
  }
}

/** (H): W_aoᵀ ∂o(t), step 6 without the message. */
export function ownPart(pass: StreamPass, t: number): Float64Array<ArrayBuffer> {
  const own = new Float64Array(pass.shape.H);
  addTransposedProducts(pass.parameters.W_ao, cellAt(pass, t).do, 1, own);
  return own;
}

/** (H): W_ahᵀ ∂h(t+1), the message of the step after; zeros at the last step. */
export function futurePart(pass: StreamPass, t: number): Float64Array<ArrayBuffer> {
  return t + 1 < pass.shape.T ? cellAt(pass, t + 1).message.slice() : new Float64Array(pass.shape.H);
}

/** @throws {InputError} for a matrix too large to be looked at. */
export function matrixNumbers(
  pass: StreamPass,
  t: number,
  name: MatrixName,
): Pick<Matrix, 'rows' | 'columns' | 'values'> {
  const [rows, columns] = sizeOf(name, pass);
  if (rows * columns > MOST_NUMBERS) {
    throw new InputError(
      `This matrix has ${groupDigits(rows)} × ${groupDigits(columns)} numbers, too many to show: at most ${groupDigits(MOST_NUMBERS)} can be. Look at it in a run with fewer symbols or hidden units.`,
    );
  }
  return { rows, columns, values: valuesOf(name, pass, t) };
}

function sizeOf(name: MatrixName, { network, shape }: StreamPass): readonly [rows: number, columns: number] {
  const { V, H } = shape;
  if (name === 'softmaxJacobian') return [V, V];
  if (name === 'cellJacobian') return [H, H];
  const [rows, columns] = shapeOf(weightOf(name, network), shape);
  return [rows, columns];
}

/** Of a weight's name, or of its contribution's. */
function weightOf(name: MatrixName, network: Network): Parameter {
  const weight = network.parameters.find((parameter) => parameter.name === name || errorName(parameter.name) === name);
  if (weight === undefined) throw new RangeError(`The network has no matrix "${name}".`);
  return weight;
}

function valuesOf(name: MatrixName, pass: StreamPass, t: number): Float64Array<ArrayBuffer> {
  const quantities = cellAt(pass, t);
  if (name === 'softmaxJacobian') return softmaxJacobian(quantities.yhat);
  if (name === 'cellJacobian') return cellJacobian(pass.parameters.W_ah, quantities.a);
  const weight = weightOf(name, pass.network);
  if (weight.name === name) return pass.parameters[name].slice();
  const values = new Float64Array(sizeOfParameter(weight, pass.shape));
  const { u, v } = operandsAt(pass, weight, t);
  if (v instanceof Int32Array) addColumns(u, v, values);
  else if (v !== undefined) addOuterProducts(u, v, 1, values);
  return values;
}

/** (V, V): ∂ŷᵢ/∂oⱼ = ŷᵢ(δᵢⱼ − ŷⱼ). */
function softmaxJacobian(yhat: Float64Array): Float64Array<ArrayBuffer> {
  const V = yhat.length;
  const values = new Float64Array(V * V);
  for (let i = 0; i < V; i++) {
    for (let j = 0; j < V; j++) values[i * V + j] = yhat[i] * ((i === j ? 1 : 0) - yhat[j]);
  }
  return values;
}

/** (H, H): W_ahᵀ diag(1 − a(t)²), which takes ∂a(t) to the message of step 11. */
function cellJacobian(W_ah: Float64Array, a: Float64Array): Float64Array<ArrayBuffer> {
  const H = a.length;
  const values = transposed(W_ah, H);
  for (let i = 0; i < H; i++) for (let j = 0; j < H; j++) values[i * H + j] *= 1 - a[j] * a[j];
  return values;
}

/** The ids of the largest probabilities, largest first. */
export function likeliest(yhat: Float64Array): Int32Array<ArrayBuffer> {
  const ids: number[] = [];
  for (let id = 0; id < yhat.length; id++) {
    let place = ids.length;
    while (place > 0 && yhat[ids[place - 1]] < yhat[id]) place--;
    if (place < TOP) ids.splice(place, 0, id);
    if (ids.length > TOP) ids.pop();
  }
  return Int32Array.from(ids);
}

function norm(x: Vector): number {
  return Math.sqrt(sumOfSquares(x));
}
