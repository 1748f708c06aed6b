import { step1_L } from './backward.ts';
import { cellAt } from './cell.ts';
import { lossDivisor, type Parameters, type ReferencePass, type Vector } from './tensors.ts';

/**
 * Side A of MATH.md, one function a formula. Every function works on one time step of B streams; B, H and V follow from
 * the lengths of the arrays.
 */

/** h(t) = W_xh x(t) + W_ah a(t−1) + b_h. Reads x (B) and a(t−1) (B, H), writes h (B, H). */
export function sideA_h(parameters: Parameters, x: Int32Array, aPrevious: Vector, h: Vector): void {
  const { W_xh, W_ah, b_h, b_o } = parameters;
  const H = b_h.length;
  const V = b_o.length;
  for (let b = 0; b < x.length; b++) {
    for (let i = 0; i < H; i++) {
      let sum = W_xh[i * V + x[b]] + b_h[i];
      for (let j = 0; j < H; j++) sum += W_ah[i * H + j] * aPrevious[b * H + j];
      h[b * H + i] = sum;
    }
  }
}

/** a(t) = tanh h(t), both (B, H). */
export function sideA_a(h: Vector, a: Vector): void {
  for (let i = 0; i < h.length; i++) a[i] = Math.tanh(h[i]);
}

/** o(t) = W_ao a(t) + b_o. Reads a (B, H), writes o (B, V). */
export function sideA_o(parameters: Parameters, a: Vector, o: Vector): void {
  const { W_ao, b_h, b_o } = parameters;
  const H = b_h.length;
  const V = b_o.length;
  for (let b = 0; b < a.length / H; b++) {
    for (let k = 0; k < V; k++) {
      let sum = b_o[k];
      for (let i = 0; i < H; i++) sum += W_ao[k * H + i] * a[b * H + i];
      o[b * V + k] = sum;
    }
  }
}

/**
 * ŷ(t) = softmax o(t), both (B, V). Each row's largest logit is subtracted first, which changes nothing but keeps every
 * exponential at most 1.
 */
export function sideA_yhat(o: Vector, yhat: Vector, V: number): void {
  for (let row = 0; row < o.length; row += V) {
    let largest = -Infinity;
    for (let k = 0; k < V; k++) largest = Math.max(largest, o[row + k]);
    let sum = 0;
    for (let k = 0; k < V; k++) {
      yhat[row + k] = Math.exp(o[row + k] - largest);
      sum += yhat[row + k];
    }
    for (let k = 0; k < V; k++) yhat[row + k] /= sum;
  }
}

/** Side A over the whole window, from the carried-in state in slot 0 of `a`. Returns the total loss L, nats. */
export function forward(pass: ReferencePass): number {
  const { shape, parameters, activations, reduction } = pass;
  const N = lossDivisor(shape, reduction);
  let L = 0;
  for (let t = 0; t < shape.T; t++) {
    const { x, y, aPrevious, h, a, o, yhat } = cellAt(pass, t);
    sideA_h(parameters, x, aPrevious, h);
    sideA_a(h, a);
    sideA_o(parameters, a, o);
    sideA_yhat(o, yhat, shape.V);
    activations.stepLoss[t] = step1_L(o, y, N);
    L += activations.stepLoss[t];
  }
  return L;
}
