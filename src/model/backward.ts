import { cellAt, type Cell } from './cell.ts';
import {
  allocateFloat64,
  allocateTensors,
  lossDivisor,
  parameterSizes,
  type Parameters,
  type ReferencePass,
  type Vector,
} from './tensors.ts';

/**
 * Side B of MATH.md: the eleven steps, one function a step. Every function works on one time step of B streams; B, H and V
 * follow from the lengths of the arrays. Steps 4, 5, 8, 9 and 10 add the step's contribution, summed over the batch, to the
 * tensor given: backpropagation through time gives all steps the same one.
 */

/**
 * Step 1: L(t) = −log ŷ_c(t). Reads o (B, V) and y (B), returns (1/N) Σ_b L(t), nats. It is taken from the logits, as
 * log Σ_k exp o_k − o_c, because a probability too small for a float would make the loss infinite.
 */
export function step1_L(o: Vector, y: Int32Array, N: number): number {
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
export function step2_dyhat(yhat: Vector, y: Int32Array, N: number, dyhat: Vector): void {
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
export function step3_do(yhat: Vector, y: Int32Array, N: number, dO: Vector): void {
  const V = yhat.length / y.length;
  for (let b = 0; b < y.length; b++) {
    for (let k = 0; k < V; k++) {
      const isTarget = k === y[b] ? 1 : 0;
      dO[b * V + k] = (yhat[b * V + k] - isTarget) / N;
    }
  }
}

/** Step 4: ∂b_o(t) = ∂o(t). Reads ∂o (B, V), adds to ∂b_o (V). */
export function step4_db_o(dO: Vector, db_o: Vector): void {
  addRows(dO, db_o);
}

/** Step 5: ∂W_ao(t) = ∂o(t) a(t)ᵀ. Reads ∂o (B, V) and a (B, H), adds to ∂W_ao (V, H). */
export function step5_dW_ao(dO: Vector, a: Vector, B: number, dW_ao: Vector): void {
  addOuterProducts(dO, a, B, dW_ao);
}

/**
 * Step 6: ∂a(t) = W_aoᵀ ∂o(t) + W_ahᵀ ∂h(t+1). Reads W_ao (V, H), ∂o (B, V) and the message of step 11 at t+1 (B, H), which
 * does not exist at t = T−1; writes ∂a (B, H).
 */
export function step6_da(W_ao: Vector, dO: Vector, message: Vector | undefined, B: number, da: Vector): void {
  multiplyByTransposed(W_ao, dO, B, da);
  if (message !== undefined) for (let i = 0; i < da.length; i++) da[i] += message[i];
}

/** Step 7: ∂h(t) = (1 − a(t)²) ⊙ ∂a(t), all (B, H). */
export function step7_dh(a: Vector, da: Vector, dh: Vector): void {
  for (let i = 0; i < dh.length; i++) dh[i] = (1 - a[i] * a[i]) * da[i];
}

/** Step 8: ∂b_h(t) = ∂h(t). Reads ∂h (B, H), adds to ∂b_h (H). */
export function step8_db_h(dh: Vector, db_h: Vector): void {
  addRows(dh, db_h);
}

/**
 * Step 9: ∂W_xh(t) = ∂h(t) x(t)ᵀ, which touches only the column of the character read. Reads ∂h (B, H) and x (B), adds to
 * ∂W_xh (H, V).
 */
export function step9_dW_xh(dh: Vector, x: Int32Array, dW_xh: Vector): void {
  const H = dh.length / x.length;
  const V = dW_xh.length / H;
  for (let b = 0; b < x.length; b++) {
    for (let i = 0; i < H; i++) dW_xh[i * V + x[b]] += dh[b * H + i];
  }
}

/** Step 10: ∂W_ah(t) = ∂h(t) a(t−1)ᵀ. Reads ∂h (B, H) and a(t−1) (B, H), adds to ∂W_ah (H, H). */
export function step10_dW_ah(dh: Vector, aPrevious: Vector, B: number, dW_ah: Vector): void {
  addOuterProducts(dh, aPrevious, B, dW_ah);
}

/** Step 11: W_ahᵀ ∂h(t), passed to the previous cell. Reads W_ah (H, H) and ∂h (B, H), writes the message (B, H). */
export function step11_message(W_ah: Vector, dh: Vector, B: number, message: Vector): void {
  multiplyByTransposed(W_ah, dh, B, message);
}

/**
 * Backpropagation through time: steps 2 to 11 from t = T−1 to 0 after side A (which takes step 1), each parameter's
 * contributions summed over t. Fills every tensor of `deltas` and `gradients` anew.
 */
export function backward(pass: ReferencePass): void {
  const { shape, parameters, gradients, reduction } = pass;
  const N = lossDivisor(shape, reduction);
  for (const gradient of Object.values(gradients)) gradient.fill(0);
  let messageOfNext: Float64Array | undefined;
  for (let t = shape.T - 1; t >= 0; t--) {
    const cell = cellAt(pass, t);
    step2_dyhat(cell.yhat, cell.y, N, cell.dyhat);
    step3_do(cell.yhat, cell.y, N, cell.do);
    step6_da(parameters.W_ao, cell.do, messageOfNext, shape.B, cell.da);
    step7_dh(cell.a, cell.da, cell.dh);
    addContributions(cell, shape.B, gradients);
    step11_message(parameters.W_ah, cell.dh, shape.B, cell.message);
    messageOfNext = cell.message;
  }
}

/** The contribution ∂P(t) of time step t to every parameter's gradient, as whole tensors, summed over the batch. */
export function contributionsAt(pass: ReferencePass, t: number): Parameters<Float64Array> {
  const contributions = allocateTensors(parameterSizes(pass.shape), allocateFloat64);
  addContributions(cellAt(pass, t), pass.shape.B, contributions);
  return contributions;
}

/** Steps 4, 5, 8, 9 and 10 of one cell. */
function addContributions(cell: Cell, B: number, to: Parameters): void {
  step4_db_o(cell.do, to.b_o);
  step5_dW_ao(cell.do, cell.a, B, to.W_ao);
  step8_db_h(cell.dh, to.b_h);
  step9_dW_xh(cell.dh, cell.x, to.W_xh);
  step10_dW_ah(cell.dh, cell.aPrevious, B, to.W_ah);
}

/** Adds every row of `rows` (B, n) to `to` (n). */
function addRows(rows: Vector, to: Vector): void {
  for (let i = 0; i < rows.length; i++) to[i % to.length] += rows[i];
}

/** Adds Σ_b u_b v_bᵀ to `to` (m, n) for the rows of u (B, m) and v (B, n). */
function addOuterProducts(u: Vector, v: Vector, B: number, to: Vector): void {
  const m = u.length / B;
  const n = v.length / B;
  for (let b = 0; b < B; b++) {
    for (let i = 0; i < m; i++) {
      const factor = u[b * m + i];
      for (let j = 0; j < n; j++) to[i * n + j] += factor * v[b * n + j];
    }
  }
}

/** Writes Wᵀ u_b into every row of `to` (B, n) for W (m, n) and the rows of u (B, m). */
function multiplyByTransposed(W: Vector, u: Vector, B: number, to: Vector): void {
  const m = u.length / B;
  const n = to.length / B;
  to.fill(0);
  for (let b = 0; b < B; b++) {
    for (let i = 0; i < m; i++) {
      const factor = u[b * m + i];
      for (let j = 0; j < n; j++) to[b * n + j] += W[i * n + j] * factor;
    }
  }
}
