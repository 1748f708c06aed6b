import { errorOfLogits } from '../model/output.ts';
import { finish, type Work } from '../common/work.ts';
import { addProduct } from '../model/products.ts';
import { addTransposedProducts } from '../model/rows.ts';
import { sumOfSquares } from '../model/norms.ts';
import type { Parameters, Pass } from '../model/tensors.ts';
import { transposed } from './transposed.ts';

/** How strongly the error of one time step reaches the states before it, for one stream. */
export interface Influence {
  /** (T, T): I[t][s] = ‖∂L(t)/∂h(s)‖₂ with L(t) not divided by N; 0 where s > t. */
  readonly h: Float64Array<ArrayBuffer>;
  /** (T, T): ‖∂L(t)/∂a(s)‖₂ likewise. */
  readonly a: Float64Array<ArrayBuffer>;
}

/**
 * Errors smaller than this are 0 from there on: their squares, and soon they themselves, would fall below the smallest normal
 * number, and processors compute with such numbers a hundred times more slowly.
 */
const VANISHED = 1e-150;

/** Errors that go back together: so many that a piece of work is short, and enough for the tiles of the product. */
const ROWS_AT_ONCE = 32;

/** `influencePieces`, all of them. */
export function influence(pass: Pass, parameters: Parameters, stream: number): Influence {
  return finish(influencePieces(pass, parameters, stream));
}

/**
 * The influence matrix of MATH.md for one stream, from side A of a pass and the parameters that it ran with: T²H²/2
 * multiplications, in pieces. The errors of all t ≥ s go back through the step s together, as if they were the streams of a
 * batch, because a product of two matrices is several times as fast as as many of a matrix and a vector.
 */
export function* influencePieces(pass: Pass, parameters: Parameters, stream: number): Work<Influence> {
  const { H, T, B } = pass.shape;
  const { a } = pass.activations;
  const normsOfDh = new Float64Array(T * T);
  const normsOfDa = new Float64Array(T * T);
  const W_ahTransposed = transposed(parameters.W_ah, H);
  const da = yield* errorsAtTheirOwnStep(pass, parameters, stream); // row t: ∂L(t)/∂a(s), at first for s = t
  const dh = new Float64Array(T * H); // row t: ∂L(t)/∂h(s)
  const factor = new Float64Array(H); // 1 − a(s)²
  for (let s = T - 1; s >= 0; s--) {
    const aOfStep = ((s + 1) * B + stream) * H;
    for (let i = 0; i < H; i++) factor[i] = 1 - a[aOfStep + i] * a[aOfStep + i];
    for (let start = s; start < T; start += ROWS_AT_ONCE) {
      const end = Math.min(T, start + ROWS_AT_ONCE);
      for (let t = start; t < end; t++) {
        throughTanh(da, factor, dh, t * H);
        normsOfDa[t * T + s] = Math.sqrt(sumOfSquares(da, t * H, (t + 1) * H));
        const norm = Math.sqrt(sumOfSquares(dh, t * H, (t + 1) * H));
        if (norm < VANISHED) dh.fill(0, t * H, (t + 1) * H);
        normsOfDh[t * T + s] = norm;
      }
      if (s === 0) continue;
      const daOfRows = da.subarray(start * H, end * H).fill(0);
      addProduct(dh.subarray(start * H, end * H), W_ahTransposed, H, daOfRows);
      yield (end - start) * H * H;
    }
  }
  return { h: normsOfDh, a: normsOfDa };
}

function throughTanh(da: Float64Array, factor: Float64Array, dh: Float64Array, start: number): void {
  for (let i = 0; i < factor.length; i++) dh[start + i] = factor[i] * da[start + i];
}

/** (T, H): ∂L(t)/∂a(t) = W_aoᵀ (ŷ(t) − y(t)) of one stream, L(t) not divided by N. */
function* errorsAtTheirOwnStep(pass: Pass, parameters: Parameters, stream: number): Work<Float64Array> {
  const { V, H, T, B } = pass.shape;
  const dO = new Float64Array(V);
  const da = new Float64Array(T * H);
  for (let t = 0; t < T; t++) {
    const row = t * B + stream;
    const yhat = pass.activations.yhat.subarray(row * V, (row + 1) * V);
    errorOfLogits(yhat, pass.window.targets.subarray(row, row + 1), 1, dO);
    addTransposedProducts(parameters.W_ao, dO, 1, da.subarray(t * H, (t + 1) * H));
    yield V * H;
  }
  return da;
}

/** (T): the mean of an influence matrix (T, T) along each lag t − s. */
export function lagProfile(matrix: Float64Array): Float64Array<ArrayBuffer> {
  const T = Math.sqrt(matrix.length);
  const profile = new Float64Array(T);
  for (let lag = 0; lag < T; lag++) {
    for (let t = lag; t < T; t++) profile[lag] += matrix[t * T + t - lag] / (T - lag);
  }
  return profile;
}

/** The shares of lag 0 at which the memory horizon is given. */
export const HORIZON_SHARES = { onePercent: 0.01, oneOverE: 1 / Math.E } as const;

/**
 * The first lag at which a lag profile is under a share of its value at lag 0; undefined where it never is within the window, and 0
 * where no error reaches a state at all.
 */
export function memoryHorizon(profile: Float64Array, share: number): number | undefined {
  if (profile[0] === 0) return 0;
  const lag = profile.findIndex((mean) => mean < share * profile[0]);
  return lag === -1 ? undefined : lag;
}
