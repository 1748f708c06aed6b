import { step11_message, step3_do, step6_da } from '../model/backward.ts';
import { sumOfSquares } from '../model/norms.ts';
import type { Parameters, Pass } from '../model/tensors.ts';

/** How strongly the error of one time step reaches the states before it, for one stream. */
export interface Influence {
  /** (T, T): I[t][s] = ‖∂L(t)/∂h(s)‖₂ with L(t) not divided by N; 0 where s > t. */
  readonly h: Float64Array;
  /** (T, T): ‖∂L(t)/∂a(s)‖₂ likewise. */
  readonly a: Float64Array;
}

/**
 * The influence matrix of MATH.md for one stream, from a pass and the parameters that it ran with: T²H²/2 multiplications. The
 * errors of all t ≥ s go back through the step s together, as if they were the streams of a batch.
 */
export function influence(pass: Pass, parameters: Parameters, stream: number): Influence {
  const { H, T, B } = pass.shape;
  const { a } = pass.activations;
  const normsOfDh = new Float64Array(T * T);
  const normsOfDa = new Float64Array(T * T);
  const da = errorsAtTheirOwnStep(pass, parameters, stream); // row t: ∂L(t)/∂a(s), at first for s = t
  const dh = new Float64Array(T * H); // row t: ∂L(t)/∂h(s)
  for (let s = T - 1; s >= 0; s--) {
    const aOfStep = ((s + 1) * B + stream) * H;
    for (let t = s; t < T; t++) {
      for (let i = 0; i < H; i++) dh[t * H + i] = (1 - a[aOfStep + i] * a[aOfStep + i]) * da[t * H + i];
      normsOfDa[t * T + s] = Math.sqrt(sumOfSquares(da, t * H, (t + 1) * H));
      normsOfDh[t * T + s] = Math.sqrt(sumOfSquares(dh, t * H, (t + 1) * H));
    }
    step11_message(parameters.W_ah, dh.subarray(s * H), T - s, da.subarray(s * H));
  }
  return { h: normsOfDh, a: normsOfDa };
}

/** (T, H): ∂L(t)/∂a(t) = W_aoᵀ (ŷ(t) − y(t)) of one stream, L(t) not divided by N. */
function errorsAtTheirOwnStep(pass: Pass, parameters: Parameters, stream: number): Float64Array {
  const { V, H, T, B } = pass.shape;
  const yhat = new Float64Array(T * V);
  const y = new Int32Array(T);
  for (let t = 0; t < T; t++) {
    const row = t * B + stream;
    yhat.set(pass.activations.yhat.subarray(row * V, (row + 1) * V), t * V);
    y[t] = pass.window.targets[row];
  }
  const dO = new Float64Array(T * V);
  const da = new Float64Array(T * H);
  step3_do(yhat, y, 1, dO);
  step6_da(parameters.W_ao, dO, undefined, T, da);
  return da;
}

/** (T): the mean of an influence matrix (T, T) along each lag t − s. */
export function lagProfile(matrix: Float64Array): Float64Array {
  const T = Math.sqrt(matrix.length);
  const profile = new Float64Array(T);
  for (let lag = 0; lag < T; lag++) {
    for (let t = lag; t < T; t++) profile[lag] += matrix[t * T + t - lag] / (T - lag);
  }
  return profile;
}

/** The shares of lag 0 at which the memory horizon is given. */
export const HORIZON_SHARES = { onePercent: 0.01, oneOverE: 1 / Math.E } as const;

/** The first lag at which a lag profile is under a share of its value at lag 0; undefined where it never is within the window. */
export function memoryHorizon(profile: Float64Array, share: number): number | undefined {
  const lag = profile.findIndex((mean) => mean < share * profile[0]);
  return lag === -1 ? undefined : lag;
}
