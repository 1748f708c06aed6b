import { InputError } from '../common/inputError.ts';
import type { Work } from '../common/work.ts';
import { toHessenberg } from './hessenberg.ts';

/** Sweeps for one eigenvalue after which the iteration is given up: two or three are usual. */
const MAX_SWEEPS = 300;
/** So many sweeps without success, and a shift is taken that breaks cycles, as LAPACK's dlahqr does. */
const SWEEPS_UNTIL_EXCEPTION = 10;

/** Reflections of a sweep that are a unit of work. */
const REFLECTIONS_OF_UNIT = 32;

/** Of a row and column in a sweep, which work on three numbers at a time, in multiplications of a product. */
const COST_OF_REFLECTION = 12;

/** The sum and the product of the two shifts of a sweep. */
interface Shifts {
  readonly sum: number;
  readonly product: number;
}

/**
 * All eigenvalues of a real matrix (n, n), as (n, 2) real and imaginary parts in no order: reduction to Hessenberg form, then
 * Francis's implicit double shift QR (EISPACK hqr; Golub & Van Loan 2013, section 7.5). About 10n³ multiplications. The
 * eigenvalues are those of a matrix that differs from this one by rounding in proportion to its norm.
 * @throws {InputError} where the iteration does not converge.
 */
export function* eigenvalues(matrix: Float64Array, n: number): Work<Float64Array> {
  const hessenberg = matrix.slice();
  yield* toHessenberg(hessenberg, n);
  const { A, stride } = spreadOut(hessenberg, n);
  const roots = new Float64Array(2 * n);
  const smallest = Number.EPSILON * largestMagnitude(A) * Number.EPSILON;
  let hi = n - 1;
  let sweeps = 0;
  while (hi >= 0) {
    const lo = startOfBlock(A, stride, hi, smallest);
    if (lo >= hi - 1) {
      if (lo === hi) roots[2 * hi] = A[hi * stride + hi];
      else rootsOfPair(A, stride, hi, roots);
      hi = lo - 1;
      sweeps = 0;
      continue;
    }
    if (++sweeps > MAX_SWEEPS) {
      throw new InputError('The eigenvalues of this matrix could not be found: the QR iteration does not converge.');
    }
    const shifts =
      sweeps % SWEEPS_UNTIL_EXCEPTION === 0 ? exceptionalShifts(A, stride, hi) : francisShifts(A, stride, hi);
    yield* sweep(A, stride, lo, hi, shifts);
  }
  return roots;
}

/**
 * The matrix with rows an odd number of cache lines apart. Sweeps walk down columns, and rows that are a power of two apart
 * would all fall into the same few sets of the cache.
 */
function spreadOut(matrix: Float64Array, n: number): { A: Float64Array; stride: number } {
  const numbersInLine = 8;
  const stride = numbersInLine * (Math.ceil(n / numbersInLine) | 1);
  const A = new Float64Array(n * stride);
  for (let i = 0; i < n; i++) A.set(matrix.subarray(i * n, (i + 1) * n), i * stride);
  return { A, stride };
}

function largestMagnitude(A: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < A.length; i++) largest = Math.max(largest, Math.abs(A[i]));
  return largest;
}

/** Where the unreduced block that ends at `hi` begins: below it, the subdiagonal is 0 but for rounding, and is made 0. */
function startOfBlock(A: Float64Array, stride: number, hi: number, smallest: number): number {
  for (let l = hi; l > 0; l--) {
    const neighbours = Math.abs(A[(l - 1) * stride + l - 1]) + Math.abs(A[l * stride + l]);
    if (Math.abs(A[l * stride + l - 1]) > Math.max(Number.EPSILON * neighbours, smallest)) continue;
    A[l * stride + l - 1] = 0;
    return l;
  }
  return 0;
}

/** The two eigenvalues of the block of rows hi−1 and hi. */
function rootsOfPair(A: Float64Array, stride: number, hi: number, roots: Float64Array): void {
  const a = A[(hi - 1) * stride + hi - 1];
  const d = A[hi * stride + hi];
  const bc = A[(hi - 1) * stride + hi] * A[hi * stride + hi - 1];
  const half = (a - d) / 2;
  const discriminant = half * half + bc;
  const distance = Math.sqrt(Math.abs(discriminant));
  if (discriminant < 0) {
    roots.set([d + half, distance, d + half, -distance], 2 * (hi - 1));
    return;
  }
  // The root farther from d first; the other one from their product, which loses no digits.
  const far = half + (half < 0 ? -distance : distance);
  roots.set([d + far, 0, far === 0 ? d : d - bc / far, 0], 2 * (hi - 1));
}

/** The eigenvalues of the last two rows, as shifts. */
function francisShifts(A: Float64Array, stride: number, hi: number): Shifts {
  const a = A[(hi - 1) * stride + hi - 1];
  const d = A[hi * stride + hi];
  return { sum: a + d, product: a * d - A[(hi - 1) * stride + hi] * A[hi * stride + hi - 1] };
}

function exceptionalShifts(A: Float64Array, stride: number, hi: number): Shifts {
  const size = Math.abs(A[hi * stride + hi - 1]) + Math.abs(A[(hi - 1) * stride + hi - 2]);
  const diagonal = 0.75 * size + A[hi * stride + hi];
  return { sum: 2 * diagonal, product: diagonal * diagonal + 0.4375 * size * size };
}

/** One implicit double step on the block lo … hi: the bulge that the shifts make at the top is chased out at the bottom. */
function* sweep(A: Float64Array, stride: number, lo: number, hi: number, shifts: Shifts): Work<void> {
  let [x, y, z] = firstColumn(A, stride, lo, shifts);
  for (let k = lo; k < hi; k++) {
    const isLast = k === hi - 1;
    if (k > lo) {
      x = A[k * stride + k - 1];
      y = A[(k + 1) * stride + k - 1];
      z = isLast ? 0 : A[(k + 2) * stride + k - 1];
    }
    // Scaled, so that squares neither overflow nor vanish.
    const size = Math.abs(x) + Math.abs(y) + Math.abs(z);
    if (size === 0) continue;
    x /= size;
    y /= size;
    z /= size;
    const norm = x > 0 ? -Math.sqrt(x * x + y * y + z * z) : Math.sqrt(x * x + y * y + z * z);
    if (k > lo) {
      A[k * stride + k - 1] = norm * size;
      A[(k + 1) * stride + k - 1] = 0;
      if (!isLast) A[(k + 2) * stride + k - 1] = 0;
    }
    // The reflection I − (1, v1, v2)ᵀ (w0, w1, w2).
    const w0 = (norm - x) / norm;
    const v1 = y / (x - norm);
    const v2 = z / (x - norm);
    if (isLast) reflectTwo(A, stride, lo, hi, k, w0, v1);
    else reflectThree(A, stride, lo, hi, k, w0, v1, v2);
    if ((hi - k) % REFLECTIONS_OF_UNIT === 1) {
      yield COST_OF_REFLECTION * (hi - lo) * Math.min(REFLECTIONS_OF_UNIT, hi - lo);
    }
  }
}

/** The first column of (A − σ₁)(A − σ₂) on the block, up to a factor. */
function firstColumn(A: Float64Array, stride: number, lo: number, { sum, product }: Shifts): [number, number, number] {
  const a = A[lo * stride + lo];
  const b = A[lo * stride + lo + 1];
  const c = A[(lo + 1) * stride + lo];
  const d = A[(lo + 1) * stride + lo + 1];
  return [(a * (a - sum) + product) / c + b, a + d - sum, A[(lo + 2) * stride + lo + 1]];
}

/** The reflection of rows and columns k, k+1, k+2. */
function reflectThree(
  A: Float64Array,
  stride: number,
  lo: number,
  hi: number,
  k: number,
  w0: number,
  v1: number,
  v2: number,
): void {
  const w1 = w0 * v1;
  const w2 = w0 * v2;
  const end = k * stride + hi;
  for (let p = k * stride + k, q = p + stride, r = q + stride; p <= end; p++, q++, r++) {
    const sum = A[p] + v1 * A[q] + v2 * A[r];
    A[p] -= w0 * sum;
    A[q] -= w1 * sum;
    A[r] -= w2 * sum;
  }
  const last = Math.min(hi, k + 3) * stride + k;
  for (let p = lo * stride + k; p <= last; p += stride) {
    const sum = A[p] + v1 * A[p + 1] + v2 * A[p + 2];
    A[p] -= w0 * sum;
    A[p + 1] -= w1 * sum;
    A[p + 2] -= w2 * sum;
  }
}

/** The reflection of the last two rows and columns, k = hi−1 and hi. */
function reflectTwo(A: Float64Array, stride: number, lo: number, hi: number, k: number, w0: number, v1: number): void {
  const w1 = w0 * v1;
  for (let p = k * stride + k, q = p + stride; p <= k * stride + hi; p++, q++) {
    const sum = A[p] + v1 * A[q];
    A[p] -= w0 * sum;
    A[q] -= w1 * sum;
  }
  for (let p = lo * stride + k; p <= hi * stride + k; p += stride) {
    const sum = A[p] + v1 * A[p + 1];
    A[p] -= w0 * sum;
    A[p + 1] -= w1 * sum;
  }
}
