import { readRef, type Equation, type Ref } from '../network/description.ts';
import type { Network } from '../network/network.ts';
import { ACTIVATIONS } from './activations.ts';
import { stepAt } from './stepOfPass.ts';
import { softmax, stepLoss } from './output.ts';
import { factorOf, operand, type StepValues } from './stepValues.ts';
import { lossDivisor, type Parameters, type ReferencePass, type Vector } from './tensors.ts';

/**
 * Side A of MATH.md for any network: one time step of B streams by the kinds of its equations, and the whole window. Loops around
 * products count, as in backward.ts.
 */

/** Fills every quantity of a time step, in the order of the network's equations. */
export function forwardStep(network: Network, parameters: Parameters, values: StepValues): void {
  forwardCells(network, parameters, values);
  forwardOutput(network, parameters, values);
}

/** The quantities of the layers alone, with which the state of the time step is there. */
export function forwardCells({ layerEquations }: Network, parameters: Parameters, values: StepValues): void {
  for (let e = 0; e < layerEquations.length; e++) {
    const equation = layerEquations[e];
    const gives = values.now[equation.gives];
    if ('affine' in equation) affine(equation, parameters, values, gives);
    else if ('apply' in equation) applied(equation, values, gives);
    else summed(equation, values, gives);
  }
}

/** The logits and the probabilities, of a state that is there. */
export function forwardOutput({ output }: Network, parameters: Parameters, values: StepValues): void {
  const [logits, probabilities] = output;
  const o = values.now[logits.gives];
  affine(logits, parameters, values, o);
  softmax(o, values.now[probabilities.gives], o.length / values.x.length);
}

/** Side A over the whole window, from the carried-in states. Returns the total loss L, nats. */
export function forward(pass: ReferencePass): number {
  const { network, shape, parameters, activations, reduction } = pass;
  const N = lossDivisor(shape, reduction);
  let L = 0;
  for (let t = 0; t < shape.T; t++) {
    const step = stepAt(pass, t);
    forwardStep(network, parameters, step);
    activations.stepLoss[t] = stepLoss(step.now[network.output[0].gives], step.y, N);
    L += activations.stepLoss[t];
  }
  return L;
}

/** W x + … + b: with a one-hot x the column of what is read, added to the bias; then each product. */
function affine(
  { affine: terms, bias }: Extract<Equation, { affine: unknown }>,
  parameters: Parameters,
  values: StepValues,
  gives: Vector,
): void {
  const { x } = values;
  const b = parameters[bias];
  const rows = b.length;
  const ofInput = terms.find(([, of]) => of === 'x');
  const products = terms.filter((term) => term !== ofInput);
  for (let stream = 0; stream < x.length; stream++) {
    const row = gives.subarray(stream * rows, (stream + 1) * rows);
    if (ofInput === undefined) row.set(b);
    else addColumn(parameters[ofInput[0]], x[stream], b, row);
  }
  for (let p = 0; p < products.length; p++) {
    addProducts(parameters[products[p][0]], operand(values, products[p][1]), x.length, gives);
  }
}

/** Writes column j of W (m, V) plus b (m). */
function addColumn(W: Vector, j: number, b: Vector, to: Vector): void {
  const V = W.length / b.length;
  for (let i = 0; i < b.length; i++) to[i] = W[i * V + j] + b[i];
}

/** Adds W v_b to every row of `to` (B, m) for W (m, n) and the rows of v (B, n). */
function addProducts(W: Vector, v: Vector, B: number, to: Vector): void {
  const m = to.length / B;
  const n = v.length / B;
  for (let b = 0; b < B; b++) {
    let i = 0;
    for (; i + 4 <= m; i += 4) addFourProducts(W, i * n, v, b * n, n, to, b * m + i);
    for (; i < m; i++) {
      let sum = to[b * m + i];
      for (let j = 0; j < n; j++) sum += W[i * n + j] * v[b * n + j];
      to[b * m + i] = sum;
    }
  }
}

/** Four rows of W side by side, so that no sum waits for itself; each is added up in the same order as by itself. */
function addFourProducts(W: Vector, row: number, v: Vector, start: number, n: number, to: Vector, at: number): void {
  const row1 = row + n;
  const row2 = row1 + n;
  const row3 = row2 + n;
  let s0 = to[at];
  let s1 = to[at + 1];
  let s2 = to[at + 2];
  let s3 = to[at + 3];
  for (let j = 0; j < n; j++) {
    const x = v[start + j];
    s0 += W[row + j] * x;
    s1 += W[row1 + j] * x;
    s2 += W[row2 + j] * x;
    s3 += W[row3 + j] * x;
  }
  to[at] = s0;
  to[at + 1] = s1;
  to[at + 2] = s2;
  to[at + 3] = s3;
}

function applied({ apply, to }: Extract<Equation, { apply: unknown }>, values: StepValues, gives: Vector): void {
  const { of } = ACTIVATIONS[apply];
  const h = operand(values, to);
  for (let i = 0; i < gives.length; i++) gives[i] = of(h[i]);
}

function summed({ sum }: Extract<Equation, { sum: unknown }>, values: StepValues, gives: Vector): void {
  gives.fill(0);
  for (let t = 0; t < sum.length; t++) addTerm(sum[t], values, gives);
}

/** The usual term is of one tensor or of two as they are: a function for their elements would take longer than what it computes. */
function addTerm(factors: readonly Ref[], values: StepValues, to: Vector): void {
  const [first, second] = factors;
  if (factors.length === 2 && !factors.some((factor) => readRef(factor).isLeft)) {
    const x = operand(values, first);
    const y = operand(values, second);
    for (let i = 0; i < to.length; i++) to[i] += x[i] * y[i];
    return;
  }
  const x = factorOf(values, first);
  const y = factors.length === 2 ? factorOf(values, second) : undefined;
  for (let i = 0; i < to.length; i++) to[i] += y === undefined ? x(i) : x(i) * y(i);
}
