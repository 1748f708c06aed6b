import { InputError } from '../common/inputError.ts';
import type { Work } from '../common/work.ts';
import { dot } from '../model/products.ts';
import { addToRow, addWeightedRows, makeReflection, ROWS_OF_UNIT } from './hessenberg.ts';

/** Sweeps for one singular value after which the iteration is given up: two or three are usual. */
const MAX_SWEEPS = 100;

/** The upper bidiagonal matrix that has the same singular values. */
interface Bidiagonal {
  readonly diagonal: Float64Array<ArrayBuffer>; // (n)
  /** Above the diagonal: `above[i]` is between i and i+1. */
  readonly above: Float64Array; // (n), the last one 0
}

/**
 * All singular values of a real matrix (n, n), largest first: Householder reflections to a bidiagonal matrix, then the implicit
 * QR iteration of Golub & Kahan (1965; Golub & Van Loan 2013, section 8.6), without the vectors. About 8n³/3 multiplications.
 * Each is right to rounding in proportion to the largest one.
 * @throws {InputError} where the iteration does not converge.
 */
export function* singularValues(matrix: Float64Array, n: number): Work<Float64Array<ArrayBuffer>> {
  const bidiagonal = yield* toBidiagonal(matrix.slice(), n);
  yield* diagonalize(bidiagonal);
  return bidiagonal.diagonal.map(Math.abs).sort().reverse();
}

function* toBidiagonal(A: Float64Array, n: number): Work<Bidiagonal> {
  const diagonal = new Float64Array(n);
  const above = new Float64Array(n);
  const column = new Float64Array(n);
  const row = new Float64Array(n);
  const sums = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    for (let i = k; i < n; i++) column[i] = A[i * n + k];
    const left = makeReflection(column, k, n);
    diagonal[k] = left.value;
    if (k + 1 === n) break;
    sums.fill(0);
    if (left.scale !== 0) addWeightedRows(A, n, column, k, n, k + 1, sums);
    yield (n - k) * (n - k);
    addToRow(A, n, k, k + 1, -left.scale * column[k], sums);
    row.set(A.subarray(k * n + k + 1, (k + 1) * n), k + 1);
    const right = makeReflection(row, k + 1, n);
    above[k] = right.value;
    for (let start = k + 1; start < n; start += ROWS_OF_UNIT) {
      const end = Math.min(n, start + ROWS_OF_UNIT);
      for (let i = start; i < end; i++) {
        addToRow(A, n, i, k + 1, -left.scale * column[i], sums);
        addToRow(A, n, i, k + 1, -right.scale * dot(A, i * n + k + 1, row, k + 1, n - k - 1), row);
      }
      yield 3 * (n - k) * (end - start);
    }
  }
  return { diagonal, above };
}

/** Makes what is above the diagonal vanish, by rotations that change no singular value. */
function* diagonalize(bidiagonal: Bidiagonal): Work<void> {
  const { diagonal: d, above: e } = bidiagonal;
  let largest = 0;
  for (let i = 0; i < d.length; i++) largest = Math.max(largest, Math.abs(d[i]), Math.abs(e[i]));
  const negligible = Number.EPSILON * largest;
  let hi = d.length - 1;
  let sweeps = 0;
  while (hi > 0) {
    const lo = startOfBlock(bidiagonal, hi, negligible);
    if (lo === hi) {
      hi--;
      sweeps = 0;
      continue;
    }
    if (++sweeps > MAX_SWEEPS) {
      throw new InputError('The singular values of this matrix could not be found: the iteration does not converge.');
    }
    const zero = zeroOnDiagonal(d, lo, hi, negligible);
    if (zero === undefined) step(bidiagonal, lo, hi);
    else if (zero === hi) clearColumn(bidiagonal, lo, hi);
    else clearRow(bidiagonal, zero, hi);
    yield 60 * (hi - lo);
  }
}

/** Where the block that ends at `hi` begins: the number above the diagonal before it is 0 but for rounding, and is made 0. */
function startOfBlock({ above: e }: Bidiagonal, hi: number, negligible: number): number {
  for (let i = hi - 1; i >= 0; i--) {
    if (Math.abs(e[i]) > negligible) continue;
    e[i] = 0;
    return i + 1;
  }
  return 0;
}

/** The last number on the diagonal of the block that is 0 but for rounding; it is made 0. */
function zeroOnDiagonal(d: Float64Array, lo: number, hi: number, negligible: number): number | undefined {
  for (let i = hi; i >= lo; i--) {
    if (Math.abs(d[i]) > negligible) continue;
    d[i] = 0;
    return i;
  }
  return undefined;
}

/** A 0 at the end of the diagonal: rotations of columns take away the number above it, which makes that 0 a singular value. */
function clearColumn({ diagonal: d, above: e }: Bidiagonal, lo: number, hi: number): void {
  let bulge = e[hi - 1];
  e[hi - 1] = 0;
  for (let j = hi - 1; j >= lo && bulge !== 0; j--) {
    const radius = Math.hypot(d[j], bulge);
    const cosine = d[j] / radius;
    const sine = bulge / radius;
    d[j] = radius;
    if (j === lo) break;
    bulge = -sine * e[j - 1];
    e[j - 1] *= cosine;
  }
}

/** A 0 within the diagonal: rotations of rows take away the number beside it, which cuts the block in two. */
function clearRow({ diagonal: d, above: e }: Bidiagonal, zero: number, hi: number): void {
  let bulge = e[zero];
  e[zero] = 0;
  for (let j = zero + 1; j <= hi && bulge !== 0; j++) {
    const radius = Math.hypot(d[j], bulge);
    const cosine = d[j] / radius;
    const sine = bulge / radius;
    d[j] = radius;
    if (j === hi) break;
    bulge = -sine * e[j];
    e[j] *= cosine;
  }
}

/** One implicit QR step on BᵀB of the block lo … hi, with Wilkinson's shift. */
function step({ diagonal: d, above: e }: Bidiagonal, lo: number, hi: number): void {
  // Scaled, so that squares neither overflow nor vanish.
  let scale = 0;
  for (let i = lo; i <= hi; i++) scale = Math.max(scale, Math.abs(d[i]), i < hi ? Math.abs(e[i]) : 0);
  const last = d[hi] / scale;
  const before = d[hi - 1] / scale;
  const between = e[hi - 1] / scale;
  const beforeThat = hi - 2 >= lo ? e[hi - 2] / scale : 0;
  const first = d[lo] / scale;
  const half = ((before + last) * (before - last) + (beforeThat + between) * (beforeThat - between)) / 2;
  const corner = between * before;
  const lastSquare = last * last + between * between;
  const root = Math.hypot(half, corner);
  const distance = half + (half < 0 ? -root : root);
  const shift = lastSquare - (distance === 0 ? 0 : (corner * corner) / distance);
  let x = first * first - shift;
  let y = (first * e[lo]) / scale;
  for (let k = lo; k < hi; k++) {
    // A rotation of columns k and k+1, which makes a bulge below the diagonal; then one of rows, which moves it on.
    let radius = Math.hypot(x, y);
    let cosine = radius === 0 ? 1 : x / radius;
    let sine = radius === 0 ? 0 : y / radius;
    if (k > lo) e[k - 1] = radius;
    x = cosine * d[k] + sine * e[k];
    e[k] = cosine * e[k] - sine * d[k];
    y = sine * d[k + 1];
    d[k + 1] *= cosine;
    radius = Math.hypot(x, y);
    cosine = radius === 0 ? 1 : x / radius;
    sine = radius === 0 ? 0 : y / radius;
    d[k] = radius;
    x = cosine * e[k] + sine * d[k + 1];
    d[k + 1] = cosine * d[k + 1] - sine * e[k];
    if (k + 1 < hi) {
      y = sine * e[k + 1];
      e[k + 1] *= cosine;
    }
    e[k] = x;
  }
}
