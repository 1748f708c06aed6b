import type { Vector } from './tensors.ts';

/** Sums over the streams of a batch, in one order: what is added first decides the last digit. */

/** Adds every row of `rows` (B, n) to `to` (n). */
export function addRows(rows: Vector, to: Vector): void {
  for (let i = 0; i < rows.length; i++) to[i % to.length] += rows[i];
}

/** Adds Σ_b u_b v_bᵀ to `to` (m, n) for the rows of u (B, m) and v (B, n). */
export function addOuterProducts(u: Vector, v: Vector, B: number, to: Vector): void {
  const m = u.length / B;
  const n = v.length / B;
  for (let b = 0; b < B; b++) {
    for (let i = 0; i < m; i++) {
      const factor = u[b * m + i];
      for (let j = 0; j < n; j++) to[i * n + j] += factor * v[b * n + j];
    }
  }
}

/** Adds Wᵀ u_b to every row of `to` (B, n) for W (m, n) and the rows of u (B, m). */
export function addTransposedProducts(W: Vector, u: Vector, B: number, to: Vector): void {
  const m = u.length / B;
  const n = to.length / B;
  for (let b = 0; b < B; b++) {
    let i = 0;
    for (; i + 4 <= m; i += 4) addFourRows(W, i * n, u, b * m + i, n, to, b * n);
    for (; i < m; i++) {
      const factor = u[b * m + i];
      for (let j = 0; j < n; j++) to[b * n + j] += W[i * n + j] * factor;
    }
  }
}

/** Four rows of W at once, one after the other for every number, which is then read and written once. */
function addFourRows(W: Vector, row: number, u: Vector, at: number, n: number, to: Vector, start: number): void {
  const row1 = row + n;
  const row2 = row1 + n;
  const row3 = row2 + n;
  const u0 = u[at];
  const u1 = u[at + 1];
  const u2 = u[at + 2];
  const u3 = u[at + 3];
  for (let j = 0; j < n; j++) {
    to[start + j] = to[start + j] + W[row + j] * u0 + W[row1 + j] * u1 + W[row2 + j] * u2 + W[row3 + j] * u3;
  }
}

/** Adds the rows of u (B, m) to the columns of `to` (m, V) of what each stream reads: ∂h xᵀ with a one-hot x. */
export function addColumns(u: Vector, x: Int32Array, to: Vector): void {
  const m = u.length / x.length;
  const V = to.length / m;
  for (let b = 0; b < x.length; b++) {
    for (let i = 0; i < m; i++) to[i * V + x[b]] += u[b * m + i];
  }
}
