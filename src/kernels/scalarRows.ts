import { outerRows, PANEL_ROWS } from '../model/products.ts';
import type { Shape } from '../model/tensors.ts';

/** What the scalar kernels do to all rows of a window at once. */

/** The columns of W (m, V) that are read plus b (m), into the rows of `to` (R, m). */
export function columnsOfInputs(W: Float32Array, b: Float32Array, x: Int32Array, to: Float32Array): void {
  const m = b.length;
  const V = W.length / m;
  for (let row = 0; row < x.length; row++) {
    for (let i = 0; i < m; i++) to[row * m + i] = W[i * V + x[row]] + b[i];
  }
}

/** Σ_r u_r x_rᵀ with one-hot x, from the rows of u (R, m), into `to` (m, V): each row goes to the column that is read. */
export function scatterInputs(u: Float32Array, x: Int32Array, to: Float32Array): void {
  const m = u.length / x.length;
  const V = to.length / m;
  to.fill(0);
  for (let row = 0; row < x.length; row++) {
    for (let i = 0; i < m; i++) to[i * V + x[row]] += u[row * m + i];
  }
}

export function fillRows(rows: Float32Array, row: Float32Array): void {
  for (let start = 0; start < rows.length; start += row.length) rows.set(row, start);
}

/** Turns the logits in `yhat` (T, B, V) into ŷ, fills `stepLoss` (T) by step 1 and returns L. */
export function softmaxAndLoss(
  yhat: Float32Array,
  targets: Int32Array,
  { V, T, B }: Shape,
  N: number,
  stepLoss: Float64Array,
): number {
  let L = 0;
  for (let t = 0; t < T; t++) {
    let ofStep = 0;
    for (let row = t * B; row < (t + 1) * B; row++) ofStep += softmaxRow(yhat, row * V, V, targets[row]);
    stepLoss[t] = ofStep / N;
    L += stepLoss[t];
  }
  return L;
}

/** One row of logits into ŷ, the largest subtracted first; returns −log ŷ_c, which stays finite where ŷ_c is 0. */
function softmaxRow(rows: Float32Array, start: number, V: number, c: number): number {
  let largest = -Infinity;
  for (let k = start; k < start + V; k++) largest = Math.max(largest, rows[k]);
  const ofTarget = rows[start + c] - largest;
  let sum = 0;
  for (let k = start; k < start + V; k++) {
    const exponential = Math.exp(rows[k] - largest);
    rows[k] = exponential;
    sum += exponential;
  }
  const scale = 1 / sum;
  for (let k = start; k < start + V; k++) rows[k] *= scale;
  return Math.log(sum) - ofTarget;
}

/** Step 3 over all rows: (ŷ − y)/N. */
export function outputDeltas(yhat: Float32Array, targets: Int32Array, N: number, dO: Float32Array): void {
  const V = yhat.length / targets.length;
  const scale = 1 / N;
  for (let i = 0; i < yhat.length; i++) dO[i] = yhat[i] * scale;
  for (let row = 0; row < targets.length; row++) {
    const c = row * V + targets[row];
    dO[c] = (yhat[c] - 1) * scale;
  }
}

/** The columns of `rows` (R, n) summed into `to` (n). */
export function sumRows(rows: Float32Array, to: Float32Array, columnSums: Float64Array): void {
  const n = to.length;
  columnSums.fill(0);
  for (let start = 0; start < rows.length; start += n) {
    for (let j = 0; j < n; j++) columnSums[j] += rows[start + j];
  }
  for (let j = 0; j < n; j++) to[j] = columnSums[j];
}

/** Σ_r u_r v_rᵀ over all rows of u (R, m) and v (R, n) into `to` (m, n). */
export function sumOuterProducts(u: Float32Array, v: Float32Array, n: number, to: Float32Array): void {
  const m = to.length / n;
  for (let i = 0; i < m; i += PANEL_ROWS) outerRows(u, m, v, n, i, to, i * n);
}

/** W (m, n) into `to` (n, m). */
export function transpose(W: Float32Array, n: number, to: Float32Array): void {
  const m = W.length / n;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) to[j * m + i] = W[i * n + j];
  }
}
