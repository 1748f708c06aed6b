import type { Work } from '../common/work.ts';
import { dot } from '../model/products.ts';
import { sumOfSquares } from '../model/norms.ts';

/** Rows that are a unit of work: so many that handing over costs nothing beside it. */
export const ROWS_OF_UNIT = 64;

/**
 * Makes `v` the vector of a Householder reflection I − scale v vᵀ that turns the numbers in it from `start` to before `end`
 * into a multiple of the first unit vector (Golub & Van Loan 2013, algorithm 5.1.1).
 * @returns what that multiple is, and the scale; a scale of 0 where there is nothing to do.
 */
export function makeReflection(v: Float64Array, start: number, end: number): { value: number; scale: number } {
  const rest = sumOfSquares(v, start + 1, end);
  if (rest === 0) return { value: v[start], scale: 0 };
  const norm = Math.sqrt(v[start] * v[start] + rest);
  // Of the two signs, the one that does not subtract numbers that are nearly equal.
  const value = v[start] > 0 ? -norm : norm;
  v[start] -= value;
  return { value, scale: 2 / (v[start] * v[start] + rest) };
}

/** Adds Σ v_i A_i to `sums`, for the rows `start` ≤ i < `end` of A (rows of `n`), columns from `column` on. */
export function addWeightedRows(
  A: Float64Array,
  n: number,
  v: Float64Array,
  start: number,
  end: number,
  column: number,
  sums: Float64Array,
): void {
  let i = start;
  for (; i + 2 <= end; i += 2) {
    const v0 = v[i];
    const v1 = v[i + 1];
    const row0 = i * n;
    const row1 = row0 + n;
    for (let j = column; j < n; j++) sums[j] += v0 * A[row0 + j] + v1 * A[row1 + j];
  }
  if (i < end) for (let j = column; j < n; j++) sums[j] += v[i] * A[i * n + j];
}

/** Adds `factor` times the numbers of `v` to those of row `row` of A (rows of `n`), from `column` on. */
export function addToRow(
  A: Float64Array,
  n: number,
  row: number,
  column: number,
  factor: number,
  v: Float64Array,
): void {
  const start = row * n;
  for (let j = column; j < n; j++) A[start + j] += factor * v[j];
}

/**
 * Turns a matrix A (n, n) in place into an upper Hessenberg matrix with the same eigenvalues, by Householder reflections from
 * both sides (Golub & Van Loan 2013, algorithm 7.4.2): about 5n³/3 multiplications.
 */
export function* toHessenberg(A: Float64Array, n: number): Work<void> {
  const v = new Float64Array(n);
  const sums = new Float64Array(n);
  for (let k = 0; k + 2 < n; k++) {
    for (let i = k + 1; i < n; i++) v[i] = A[i * n + k];
    const { value, scale } = makeReflection(v, k + 1, n);
    if (scale === 0) continue;
    A[(k + 1) * n + k] = value;
    for (let i = k + 2; i < n; i++) A[i * n + k] = 0;
    sums.fill(0);
    addWeightedRows(A, n, v, k + 1, n, k + 1, sums);
    yield (n - k) * (n - k);
    for (let start = 0; start < n; start += ROWS_OF_UNIT) {
      const end = Math.min(n, start + ROWS_OF_UNIT);
      for (let i = start; i < end; i++) {
        // From the left, rows k+1 on; then from the right, every row.
        if (i > k) addToRow(A, n, i, k + 1, -scale * v[i], sums);
        addToRow(A, n, i, k + 1, -scale * dot(A, i * n + k + 1, v, k + 1, n - k - 1), v);
      }
      yield 3 * (n - k) * (end - start);
    }
  }
}
