import { isRefTo, readRef, type Equation, type Ref } from '../network/description.ts';
import { readersOf, type Network, type NetworkEquation } from '../network/network.ts';
import { ACTIVATIONS } from './activations.ts';
import { stepAt } from './stepOfPass.ts';
import { errorOfLogits, errorOfProbabilities } from './output.ts';
import { addColumns, addOuterProducts, addRows, addTransposedProducts } from './rows.ts';
import { operand, type StepErrors, type StepPass, type StepValues } from './stepValues.ts';
import { lossDivisor, type Parameters, type ReferencePass, type Vector } from './tensors.ts';

/**
 * Side B of MATH.md for any network: one time step of B streams by the kinds of its equations, and the whole window.
 *
 * Loops around products count: within a `for … of`, which has to close its iterator, V8 makes them twice as slow.
 */

/**
 * Steps 2 and on of a time step, from the last equation to the first: fills every error and the messages, and adds the contributions
 * to the gradients.
 * @param ofNext the messages of the time step after; undefined at the last one.
 * @param N of MATH.md.
 */
export function backwardStep(
  network: Network,
  parameters: Parameters,
  step: StepPass,
  ofNext: StepErrors['messages'] | undefined,
  N: number,
  gradients: Parameters,
): void {
  const [{ gives: logits }, { gives: probabilities }] = network.output;
  const yhat = step.now[probabilities];
  errorOfProbabilities(yhat, step.y, N, step.errors.now[probabilities]);
  errorOfLogits(yhat, step.y, N, step.errors.now[logits]);
  pullBack(network, parametersTimes(parameters), { ...step, B: step.x.length }, ofNext);
  addContributions(network, step, gradients);
}

/** Adds Wᵀ u_b to every row of `into` (B, n), for a weight W (m, n) by its name and the rows of u (B, m). */
export type AddTransposed = (weight: string, u: Vector, B: number, into: Vector) => void;

export function parametersTimes(parameters: Parameters): AddTransposed {
  return (weight, u, B, into) => addTransposedProducts(parameters[weight], u, B, into);
}

/** The equations that errors go back through: those of a network, or of its layers alone. */
export type PulledBack = Pick<Network, 'layerEquations' | 'equations' | 'states'>;

/** What {@link pullBack} reads and writes of a time step. */
export type PulledStep = Omit<StepPass, 'x' | 'y'> & { readonly B: number };

/**
 * Without loss and gradients: the errors of all layers, from the last equation to the first, and the messages, from the error of the
 * logits where the equations have them and from the messages of the time step after.
 */
export function pullBack(
  network: PulledBack,
  addTransposed: AddTransposed,
  step: PulledStep,
  ofNext: StepErrors['messages'] | undefined,
): void {
  const { errors } = step;
  for (let e = network.layerEquations.length - 1; e >= 0; e--) {
    const { gives } = network.layerEquations[e];
    const error = errors.now[gives];
    errorFromNow(network, addTransposed, step, gives, error);
    const message = ofNext?.[gives];
    if (message !== undefined) for (let i = 0; i < error.length; i++) error[i] += message[i];
  }
  for (let s = 0; s < network.states.length; s++) {
    const state = network.states[s];
    const { next: readers } = readersOf(network, state);
    fill(errors.messages[state], readers, { name: state, isBefore: true }, addTransposed, step);
  }
}

/**
 * Backpropagation through time: side B from t = T−1 to 0 after side A (which takes step 1), each parameter's contributions summed
 * over t. Fills every tensor of `deltas` and `gradients` anew.
 */
export function backward(pass: ReferencePass): void {
  const { network, shape, parameters, gradients, reduction } = pass;
  const N = lossDivisor(shape, reduction);
  for (const gradient of Object.values(gradients)) gradient.fill(0);
  let ofNext: StepErrors['messages'] | undefined;
  for (let t = shape.T - 1; t >= 0; t--) {
    const step = stepAt(pass, t);
    backwardStep(network, parameters, step, ofNext, N, gradients);
    ofNext = step.errors.messages;
  }
}

/** ∂W(t) = ∂u vᵀ and ∂b(t) = ∂u of every affine equation, summed over the batch. */
export function addContributions({ equations }: Network, step: StepPass, to: Parameters): void {
  for (let e = equations.length - 1; e >= 0; e--) {
    const equation = equations[e];
    if (!('affine' in equation)) continue;
    const error = step.errors.now[equation.gives];
    addRows(error, to[equation.bias]);
    for (let w = 0; w < equation.affine.length; w++) {
      const [weight, of] = equation.affine[w];
      if (of === 'x') addColumns(error, step.x, to[weight]);
      else addOuterProducts(error, operand(step, of), step.x.length, to[weight]);
    }
  }
}

/** (B, H): the error that comes to a quantity from its own time step, without a message; `into` is written. */
export function errorFromNow(
  network: Pick<Network, 'equations'>,
  addTransposed: AddTransposed,
  step: PulledStep,
  quantity: string,
  into: Vector,
): void {
  const read = { name: quantity, isBefore: false };
  fill(into, readersOf(network, quantity).now, read, addTransposed, step);
}

/** (B, H): of that, and of a message, what one of the readers sends back; `into` is written. */
export function errorFromReader(
  reader: NetworkEquation,
  addTransposed: AddTransposed,
  step: PulledStep,
  read: Read,
  into: Vector,
): void {
  fill(into, [reader], read, addTransposed, step);
}

/** What is read, of this time step or of the one before. */
export interface Read {
  readonly name: string;
  readonly isBefore: boolean;
}

/** Writes the sum of what comes to something from the errors of all that reads it. */
function fill(
  into: Vector,
  readers: readonly NetworkEquation[],
  read: Read,
  addTransposed: AddTransposed,
  step: PulledStep,
): void {
  const isMeant = (ref: Ref): boolean => isRefTo(ref, read);
  let isFirst = true;
  for (let r = 0; r < readers.length; r++) {
    const reader = readers[r];
    if (isFirst && !('apply' in reader)) into.fill(0);
    const error = step.errors.now[reader.gives];
    if ('affine' in reader) {
      for (let w = 0; w < reader.affine.length; w++) {
        const [weight, of] = reader.affine[w];
        if (isMeant(of)) addTransposed(weight, error, step.B, into);
      }
    } else if ('apply' in reader) throughActivation(reader, step.now[reader.gives], error, into, isFirst);
    else if ('sum' in reader) {
      for (const factors of reader.sum) addThroughProduct(factors, isMeant, step, error, into);
    }
    isFirst = false;
  }
  if (isFirst) into.fill(0);
}

/** Writes f′ ⊙ ∂a, or adds it. What is the first is written as it is, since −0 added to 0 would be another number. */
function throughActivation(
  { apply }: Extract<Equation, { apply: unknown }>,
  gave: Vector,
  error: Vector,
  into: Vector,
  isFirst: boolean,
): void {
  const { slope } = ACTIVATIONS[apply];
  if (isFirst) for (let i = 0; i < into.length; i++) into[i] = slope(gave[i]) * error[i];
  else for (let i = 0; i < into.length; i++) into[i] += slope(gave[i]) * error[i];
}

/** Adds, for every factor that is meant, ±∂ ⊙ the other factor, where there is one. */
function addThroughProduct(
  factors: readonly Ref[],
  isMeant: (ref: Ref) => boolean,
  values: Pick<StepValues, 'now' | 'before'>,
  error: Vector,
  into: Vector,
): void {
  factors.forEach((factor, at) => {
    if (!isMeant(factor)) return;
    const sign = readRef(factor).isLeft ? -1 : 1;
    const other = factors.find((_factor, index) => index !== at);
    if (other !== undefined) addThroughOther(other, sign, values, error, into);
    else for (let i = 0; i < into.length; i++) into[i] += sign * error[i];
  });
}

/** Loops of their own: a function for the elements of a factor would take longer than what it computes. */
function addThroughOther(
  other: Ref,
  sign: number,
  values: Pick<StepValues, 'now' | 'before'>,
  error: Vector,
  into: Vector,
): void {
  const x = operand(values, other);
  if (readRef(other).isLeft) for (let i = 0; i < into.length; i++) into[i] += sign * error[i] * (1 - x[i]);
  else for (let i = 0; i < into.length; i++) into[i] += sign * error[i] * x[i];
}
