import type { Parameters, Vector } from '../../../src/model/tensors.ts';

/**
 * The tanh cell as the derivation writes it, one function a formula and a step: a second opinion on what follows from its description.
 * Every function works on one time step of B streams; B, H and V follow from the lengths of the arrays. Steps 4, 5, 8, 9 and 10 add the
 * step's contribution, summed over the batch, to the tensor given. Steps 1 to 3 are those of every network, in `model/output.ts`.
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
