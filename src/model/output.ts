import type { Vector } from './tensors.ts';

/** What every network has between its logits and its loss, for one time step of B streams: softmax, and steps 1 to 3 of MATH.md. */

/**
 * ŷ(t) = softmax o(t), both (B, V). Each row's largest logit is subtracted first, which changes nothing but keeps every
 * exponential at most 1.
 */
export function softmax(o: Vector, yhat: Vector, V: number): void {
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

/**
 * Step 1: L(t) = −log ŷ_c(t). Reads o (B, V) and y (B), returns (1/N) Σ_b L(t), nats. It is taken from the logits, as
 * log Σ_k exp o_k − o_c, because a probability too small for a float would make the loss infinite.
 */
export function stepLoss(o: Vector, y: Int32Array, N: number): number {
  const V = o.length / y.length;
  let L = 0;
  for (let b = 0; b < y.length; b++) {
    let largest = -Infinity;
    for (let k = 0; k < V; k++) largest = Math.max(largest, o[b * V + k]);
    let sum = 0;
    for (let k = 0; k < V; k++) sum += Math.exp(o[b * V + k] - largest);
    L += Math.log(sum) - (o[b * V + y[b]] - largest);
  }
  return L / N;
}

/** Step 2: ∂ŷ(t), class c: −1/(N ŷ_c), classes k: 0. Reads ŷ (B, V) and y (B), writes ∂ŷ (B, V). */
export function errorOfProbabilities(yhat: Vector, y: Int32Array, N: number, dyhat: Vector): void {
  const V = yhat.length / y.length;
  dyhat.fill(0);
  for (let b = 0; b < y.length; b++) {
    const c = b * V + y[b];
    dyhat[c] = -1 / (N * yhat[c]);
  }
}

/**
 * Step 3: ∂o(t), class c: (ŷ_c − 1)/N, classes k: ŷ_k/N. Reads ŷ (B, V) and y (B), writes ∂o (B, V). This is ∂ŷ(t) through
 * the softmax Jacobian ∂ŷᵢ/∂oⱼ = ŷᵢ(δᵢⱼ − ŷⱼ), in which ŷ_c cancels, so that it holds for ŷ_c = 0 too.
 */
export function errorOfLogits(yhat: Vector, y: Int32Array, N: number, dO: Vector): void {
  const V = yhat.length / y.length;
  for (let b = 0; b < y.length; b++) {
    for (let k = 0; k < V; k++) {
      const isTarget = k === y[b] ? 1 : 0;
      dO[b * V + k] = (yhat[b * V + k] - isTarget) / N;
    }
  }
}
