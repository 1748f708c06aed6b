import type { Work } from '../common/work.ts';
import { addProduct } from '../model/products.ts';
import type { BatchStart } from '../model/streamPass.ts';
import { SATURATED } from '../network/saturation.ts';

/** Streams whose states are computed together: so many that a piece of work is short. */
const STREAMS_AT_ONCE = 16;

/** How far one stream's states a(t) are from the linear part of the tanh. */
export interface Saturation {
  /** (T): the mean over hidden units of 1 − a(t)². */
  readonly tanhFactor: Float64Array<ArrayBuffer>;
  /** (T): the share of hidden units that are saturated. */
  readonly byStep: Float64Array<ArrayBuffer>;
  /** (H): the share of time steps at which it is. */
  readonly byUnit: Float64Array<ArrayBuffer>;
}

/** From the states a (T, H) of one stream, without the carried-in one. */
export function saturation(a: Float64Array, H: number): Saturation {
  const T = a.length / H;
  const tanhFactor = new Float64Array(T);
  const byStep = new Float64Array(T);
  const byUnit = new Float64Array(H);
  for (let t = 0; t < T; t++) {
    let saturated = 0;
    for (let i = 0; i < H; i++) {
      const value = a[t * H + i];
      tanhFactor[t] += (1 - value * value) / H;
      if (Math.abs(value) <= SATURATED) continue;
      saturated++;
      byUnit[i]++;
    }
    byStep[t] = saturated / H;
  }
  for (let i = 0; i < H; i++) byUnit[i] /= T;
  return { tanhFactor, byStep, byUnit };
}

/**
 * The hidden units that are saturated at every step of every stream of a window, lowest first, in pieces.
 * @param candidates those that are so in one of the streams. Where there are none, nothing is left to compute; else the states
 * of all streams are computed, in float64, for as many steps as any candidate remains.
 */
export function* deadUnits(start: BatchStart, candidates: readonly number[]): Work<Int32Array<ArrayBuffer>> {
  const { H, T, B } = start.shape;
  if (candidates.length === 0) return new Int32Array(0);
  let units = candidates;
  let aPrevious = new Float64Array(start.states.a);
  let a = new Float64Array(B * H);
  for (let t = 0; t < T && units.length > 0; t++) {
    gatherInputs(start, t, a);
    for (let b = 0; b < B; b += STREAMS_AT_ONCE) {
      const from = b * H;
      const to = Math.min(B, b + STREAMS_AT_ONCE) * H;
      addProduct(aPrevious.subarray(from, to), start.parameters.W_ah, H, a.subarray(from, to));
      yield (to - from) * H;
    }
    for (let i = 0; i < a.length; i++) a[i] = Math.tanh(a[i]);
    units = units.filter((unit) => isSaturatedInAll(a, H, unit));
    [a, aPrevious] = [aPrevious, a];
  }
  return Int32Array.from(units);
}

/** W_xh x(t) + b_h of every stream into h (B, H). */
function gatherInputs({ shape: { V, H, B }, parameters, inputs }: BatchStart, t: number, h: Float64Array): void {
  for (let b = 0; b < B; b++) {
    const x = inputs[t * B + b];
    for (let i = 0; i < H; i++) h[b * H + i] = parameters.W_xh[i * V + x] + parameters.b_h[i];
  }
}

/** Of the states a (B, H) of one time step. */
function isSaturatedInAll(a: Float64Array, H: number, unit: number): boolean {
  for (let i = unit; i < a.length; i += H) if (!(Math.abs(a[i]) > SATURATED)) return false;
  return true;
}
