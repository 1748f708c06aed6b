import { shownLine } from '../common/foreignText.ts';
import { ACTIVATIONS } from '../model/activations.ts';
import { errorFromNow, errorFromReader, parametersTimes } from '../model/backward.ts';
import { stepAt } from '../model/stepOfPass.ts';
import { sumOfSquares } from '../model/norms.ts';
import { layerOfJacobian, SOFTMAX_JACOBIAN } from '../network/jacobians.ts';
import {
  errorName,
  type Network,
  type NetworkEquation,
  type Parameter,
  readersOf,
  shapeOf,
  sizeOf as sizeOfParameter,
  type Step,
} from '../network/network.ts';
import { wayBackOf } from '../network/wayBack.ts';
import { operandsAt } from '../inspection/operands.ts';
import { operand, type StepPass } from '../model/stepValues.ts';
import type { Vector } from '../model/tensors.ts';
import { stepLoss } from '../model/output.ts';
import { addColumns, addOuterProducts } from '../model/rows.ts';
import type { StreamPass } from '../model/streamPass.ts';
import { transposed } from '../inspection/transposed.ts';
import { InputError } from '../common/inputError.ts';
import type { Matrix, MatrixName, StepDetail } from '../protocol/study.ts';
import { groupDigits } from '../common/written.ts';

/** How many of the likeliest symbols the detail of a step tells. */
const TOP = 5;
/** Numbers of the largest matrix that can be looked at: a recurrent weight of the largest hidden size, in 128 MiB. */
const MOST_NUMBERS = 4096 ** 2;

/** The part of the detail of a step that does not depend on which window it is from. */
export type StepNumbers = Omit<StepDetail, 'iteration' | 'stream' | 't'>;

/** Every quantity of time step t, as copies. */
export function stepNumbers(pass: StreamPass, t: number): StepNumbers {
  const step = stepAt(pass, t);
  const { now, before, errors } = step;
  const [{ gives: logits }, { gives: probabilities }] = pass.network.output;
  const topIds = likeliest(now[probabilities]);
  return {
    T: pass.shape.T,
    N: pass.N,
    input: step.x[0],
    target: step.y[0],
    lossNats: stepLoss(now[logits], step.y, 1),
    now: copied(now),
    before: copied(before),
    errors: copied(errors.now),
    own: ofStates(pass, (state) => ownPart(pass, t, state)),
    future: ofStates(pass, (state) => futurePart(pass, t, state)),
    messages: copied(errors.messages),
    terms: ofStates(pass, (state) => termsOf(pass, t, state)),
    stepNorm: Float64Array.from(pass.network.steps, (part) => normOf(part, pass, step, t)),
    topIds,
    topProbability: Float64Array.from(topIds, (id) => now[probabilities][id]),
  };
}

function copied(tensors: Readonly<Record<string, Float64Array>>): Record<string, Float64Array<ArrayBuffer>> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tensor.slice()]));
}

function ofStates<P>({ network }: StreamPass, part: (state: string) => P): Record<string, P> {
  return Object.fromEntries(network.states.map((state) => [state, part(state)]));
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

/** (H): what comes to a state from this time step, its error without the message. */
export function ownPart(pass: StreamPass, t: number, state: string): Float64Array<ArrayBuffer> {
  const own = new Float64Array(pass.shape.H);
  const step = { ...stepAt(pass, t), B: pass.shape.B };
  errorFromNow(pass.network, parametersTimes(pass.parameters), step, state, own);
  return own;
}

/** (H): the message to a state from the step after; zeros at the last step. */
export function futurePart(pass: StreamPass, t: number, state: string): Float64Array<ArrayBuffer> {
  return t + 1 < pass.shape.T ? stepAt(pass, t + 1).errors.messages[state].slice() : new Float64Array(pass.shape.H);
}

/** What each reader of a state sends back to it: of this time step, of the one after, and to the one before. */
function termsOf(pass: StreamPass, t: number, state: string): StepDetail['terms'][string] {
  const { now, next } = readersOf(pass.network, state);
  return {
    own: sentBack(pass, t, now, state, false),
    future: t + 1 < pass.shape.T ? sentBack(pass, t + 1, next, state, true) : {},
    message: sentBack(pass, t, next, state, true),
  };
}

/** (H) by what a reader gives: its term at time step t. */
function sentBack(
  pass: StreamPass,
  t: number,
  readers: readonly NetworkEquation[],
  name: string,
  isBefore: boolean,
): Record<string, Float64Array<ArrayBuffer>> {
  const step = { ...stepAt(pass, t), B: pass.shape.B };
  return Object.fromEntries(
    readers.map((reader) => {
      const term = new Float64Array(pass.shape.H);
      errorFromReader(reader, parametersTimes(pass.parameters), step, { name, isBefore }, term);
      return [reader.gives, term];
    }),
  );
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
  if (name === SOFTMAX_JACOBIAN) return [V, V];
  if (layerOfJacobian(network, name) !== undefined) return [H, H];
  const [rows, columns] = shapeOf(weightOf(name, network), shape);
  return [rows, columns];
}

/**
 * Of a weight's name, or of its contribution's.
 * @throws {InputError} for a matrix that the network does not have.
 */
function weightOf(name: MatrixName, { parameters }: Network): Parameter {
  const weight = parameters.find((parameter) => parameter.name === name || errorName(parameter.name) === name);
  if (weight?.times === undefined) {
    throw new InputError(`The network of this run has no matrix "${shownLine(name)}".`);
  }
  return weight;
}

function valuesOf(name: MatrixName, pass: StreamPass, t: number): Float64Array<ArrayBuffer> {
  const { network } = pass;
  const { now } = stepAt(pass, t);
  if (name === SOFTMAX_JACOBIAN) return softmaxJacobian(now[network.output[1].gives]);
  const layer = layerOfJacobian(network, name);
  if (layer !== undefined) return cellJacobian(pass, layer, now);
  const weight = weightOf(name, network);
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

/**
 * (H, H): Wᵀ diag(f′), which takes the error of the state of a layer to its message.
 * @throws {InputError} for a network in which it goes by several ways.
 */
function cellJacobian(
  { network, parameters, shape: { H } }: StreamPass,
  layer: number,
  now: Readonly<Record<string, Float64Array>>,
): Float64Array<ArrayBuffer> {
  const way = wayBackOf(network, layer);
  if (way === undefined)
    throw new InputError('Errors go back through this cell by several ways: they are no single matrix.');
  const { slope } = ACTIVATIONS[way.activation];
  const gave = now[way.state];
  const values = transposed(parameters[way.weight], H);
  for (let i = 0; i < H; i++) for (let j = 0; j < H; j++) values[i * H + j] *= slope(gave[j]);
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
