import type { Vector } from './tensors.ts';

/**
 * Matrix products for float32 kernels and for inspection, in tiles small enough that the sums stay in registers, which is
 * what plain TypeScript can do about speed. Sums are float64 whatever the arrays are. The terms of every number of a result
 * are added in an order that does not depend on how many rows there are.
 */

/** Adds A Wᵀ to `out` for A (M, K) and W (N, K): out (M, N). Both run along K, so that memory is read in order. */
export function addProduct(A: Vector, W: Vector, K: number, out: Vector): void {
  const M = A.length / K;
  const N = W.length / K;
  let row = 0;
  for (; row + 2 <= M; row += 2) addTwoRows(A, row, W, K, out, N);
  if (row < M) addOneRow(A, row, W, K, out, N);
}

/** Tile 2×4, with the columns that are left over one by one. */
function addTwoRows(A: Vector, row: number, W: Vector, K: number, out: Vector, N: number): void {
  const p = row * K;
  const q = p + K;
  const outP = row * N;
  const outQ = outP + N;
  let column = 0;
  for (; column + 4 <= N; column += 4) {
    const w0 = column * K;
    const w1 = w0 + K;
    const w2 = w1 + K;
    const w3 = w2 + K;
    let p0 = 0;
    let p1 = 0;
    let p2 = 0;
    let p3 = 0;
    let q0 = 0;
    let q1 = 0;
    let q2 = 0;
    let q3 = 0;
    for (let k = 0; k < K; k++) {
      const x = A[p + k];
      const y = A[q + k];
      const f0 = W[w0 + k];
      const f1 = W[w1 + k];
      const f2 = W[w2 + k];
      const f3 = W[w3 + k];
      p0 += x * f0;
      p1 += x * f1;
      p2 += x * f2;
      p3 += x * f3;
      q0 += y * f0;
      q1 += y * f1;
      q2 += y * f2;
      q3 += y * f3;
    }
    out[outP + column] += p0;
    out[outP + column + 1] += p1;
    out[outP + column + 2] += p2;
    out[outP + column + 3] += p3;
    out[outQ + column] += q0;
    out[outQ + column + 1] += q1;
    out[outQ + column + 2] += q2;
    out[outQ + column + 3] += q3;
  }
  for (; column < N; column++) {
    out[outP + column] += dot(A, p, W, column * K, K);
    out[outQ + column] += dot(A, q, W, column * K, K);
  }
}

/** Tile 1×4, with the columns that are left over one by one: the whole product at B = 1. */
function addOneRow(A: Vector, row: number, W: Vector, K: number, out: Vector, N: number): void {
  const p = row * K;
  const outP = row * N;
  let column = 0;
  for (; column + 4 <= N; column += 4) {
    const w0 = column * K;
    const w1 = w0 + K;
    const w2 = w1 + K;
    const w3 = w2 + K;
    let p0 = 0;
    let p1 = 0;
    let p2 = 0;
    let p3 = 0;
    for (let k = 0; k < K; k++) {
      const x = A[p + k];
      p0 += x * W[w0 + k];
      p1 += x * W[w1 + k];
      p2 += x * W[w2 + k];
      p3 += x * W[w3 + k];
    }
    out[outP + column] += p0;
    out[outP + column + 1] += p1;
    out[outP + column + 2] += p2;
    out[outP + column + 3] += p3;
  }
  for (; column < N; column++) out[outP + column] += dot(A, p, W, column * K, K);
}

/** ⟨u, v⟩ of `length` numbers from `u[uStart]` and `v[vStart]` on, in four partial sums that do not wait for each other. */
export function dot(u: Vector, uStart: number, v: Vector, vStart: number, length: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let k = 0;
  for (; k + 4 <= length; k += 4) {
    s0 += u[uStart + k] * v[vStart + k];
    s1 += u[uStart + k + 1] * v[vStart + k + 1];
    s2 += u[uStart + k + 2] * v[vStart + k + 2];
    s3 += u[uStart + k + 3] * v[vStart + k + 3];
  }
  for (; k < length; k++) s0 += u[uStart + k] * v[vStart + k];
  return s0 + s1 + (s2 + s3);
}

/** Rows of Σ_r u_r v_rᵀ that `outerRows` computes at once. */
export const PANEL_ROWS = 4;

/**
 * Rows i to i+3 of Σ_r u_r v_rᵀ (m, n), or as many as there are left, for the rows of u (R, m) and v (R, n), written to `out`
 * from `start` on. Returns how many rows were written. A few rows at a time, the matrix can be used without being stored.
 */
export function outerRows(u: Vector, m: number, v: Vector, n: number, i: number, out: Vector, start: number): number {
  if (i + PANEL_ROWS <= m) {
    fourOuterRows(u, m, v, n, i, out, start);
    return PANEL_ROWS;
  }
  for (let row = i; row < m; row++) oneOuterRow(u, m, v, n, row, out, start + (row - i) * n);
  return m - i;
}

/** Tile 4×2, with a column that is left over by itself. */
function fourOuterRows(u: Vector, m: number, v: Vector, n: number, i: number, out: Vector, start: number): void {
  const end = u.length;
  const row0 = start;
  const row1 = row0 + n;
  const row2 = row1 + n;
  const row3 = row2 + n;
  let column = 0;
  for (; column + 2 <= n; column += 2) {
    let a0 = 0;
    let a1 = 0;
    let b0 = 0;
    let b1 = 0;
    let c0 = 0;
    let c1 = 0;
    let d0 = 0;
    let d1 = 0;
    for (let p = i, q = column; p < end; p += m, q += n) {
      const x = v[q];
      const y = v[q + 1];
      const a = u[p];
      const b = u[p + 1];
      const c = u[p + 2];
      const d = u[p + 3];
      a0 += a * x;
      a1 += a * y;
      b0 += b * x;
      b1 += b * y;
      c0 += c * x;
      c1 += c * y;
      d0 += d * x;
      d1 += d * y;
    }
    out[row0 + column] = a0;
    out[row0 + column + 1] = a1;
    out[row1 + column] = b0;
    out[row1 + column + 1] = b1;
    out[row2 + column] = c0;
    out[row2 + column + 1] = c1;
    out[row3 + column] = d0;
    out[row3 + column + 1] = d1;
  }
  if (column < n) {
    for (let row = 0; row < PANEL_ROWS; row++)
      out[start + row * n + column] = outerElement(u, m, v, n, i + row, column);
  }
}

/** Tile 1×4, with the columns that are left over one by one. */
function oneOuterRow(u: Vector, m: number, v: Vector, n: number, i: number, out: Vector, start: number): void {
  const end = u.length;
  let column = 0;
  for (; column + 4 <= n; column += 4) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let p = i, q = column; p < end; p += m, q += n) {
      const x = u[p];
      s0 += x * v[q];
      s1 += x * v[q + 1];
      s2 += x * v[q + 2];
      s3 += x * v[q + 3];
    }
    out[start + column] = s0;
    out[start + column + 1] = s1;
    out[start + column + 2] = s2;
    out[start + column + 3] = s3;
  }
  for (; column < n; column++) out[start + column] = outerElement(u, m, v, n, i, column);
}

function outerElement(u: Vector, m: number, v: Vector, n: number, i: number, j: number): number {
  let sum = 0;
  for (let p = i, q = j; p < u.length; p += m, q += n) sum += u[p] * v[q];
  return sum;
}
