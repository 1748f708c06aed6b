import { forwardCells } from '../model/forward.ts';
import type { StepValues } from '../model/stepValues.ts';
import type { Vector } from '../model/tensors.ts';
import type { Work } from '../common/work.ts';
import type { BatchStart } from '../model/streamPass.ts';
import type { Activation } from '../network/description.ts';
import { activationOf, productNumbers } from '../network/network.ts';
import { ACTIVATIONS, type ActivationFunction } from '../model/activations.ts';

/** A state that is given by no function passes its error as it is. */
const LINEAR = { slope: () => 1, isSaturated: () => false };

function functionOf(activation: Activation | undefined): Pick<ActivationFunction, 'slope' | 'isSaturated'> {
  return activation === undefined ? LINEAR : ACTIVATIONS[activation];
}

/** Streams whose states are computed together: so many that a piece of work is short. */
const STREAMS_AT_ONCE = 16;

/** How much of the error one stream's states a(t) let pass. */
export interface Saturation {
  /** (T): the mean over hidden units of the slope, of tanh 1 − a(t)². */
  readonly tanhFactor: Float64Array<ArrayBuffer>;
  /** (T): the share of hidden units that are saturated. */
  readonly byStep: Float64Array<ArrayBuffer>;
  /** (H): the share of time steps at which it is. */
  readonly byUnit: Float64Array<ArrayBuffer>;
}

/**
 * From the states a (T, H) of one stream, without the carried-in one.
 * @param activation that gave them; none gives them where every error passes as it is.
 */
export function saturation(a: Float64Array, H: number, activation: Activation | undefined): Saturation {
  const { slope, isSaturated } = functionOf(activation);
  const T = a.length / H;
  const tanhFactor = new Float64Array(T);
  const byStep = new Float64Array(T);
  const byUnit = new Float64Array(H);
  for (let t = 0; t < T; t++) {
    let saturated = 0;
    for (let i = 0; i < H; i++) {
      const value = a[t * H + i];
      tanhFactor[t] += slope(value) / H;
      if (!isSaturated(value)) continue;
      saturated++;
      byUnit[i]++;
    }
    byStep[t] = saturated / H;
  }
  for (let i = 0; i < H; i++) byUnit[i] /= T;
  return { tanhFactor, byStep, byUnit };
}

/**
 * The units of the lowest layer's first state that are saturated at every step of every stream of a window, lowest first, in pieces.
 * @param candidates those that are so in one of the streams. Where there are none, nothing is left to compute; else the states
 * of all streams are computed, in float64, for as many steps as any candidate remains.
 */
export function* deadUnits(start: BatchStart, candidates: readonly number[]): Work<Int32Array<ArrayBuffer>> {
  if (candidates.length === 0) return new Int32Array(0);
  const { network, shape, parameters, inputs } = start;
  const { H, T, B } = shape;
  const [state] = network.states;
  const { isSaturated } = functionOf(activationOf(network, state));
  let units = candidates;
  const groups = Array.from({ length: Math.ceil(B / STREAMS_AT_ONCE) }, (_, index) =>
    groupOf(start, index * STREAMS_AT_ONCE),
  );
  const ofLayers = network.parameters.filter(({ layer }) => layer !== undefined);
  // A network may have no product but with the input, whose columns are only picked.
  const cost = Math.max(H, productNumbers(ofLayers, shape));
  for (let t = 0; t < T && units.length > 0; t++) {
    for (const { first, values } of groups) {
      const { x, now, before } = values;
      x.set(inputs.subarray(t * B + first, t * B + first + x.length));
      forwardCells(network, parameters, values);
      for (const state of network.states) before[state].set(now[state]);
      yield x.length * cost;
    }
    units = units.filter((unit) =>
      groups.every(({ values }) => isSaturatedInAll(values.now[state], isSaturated, H, unit)),
    );
  }
  return Int32Array.from(units);
}

/** Streams from `first` on, and what a time step of theirs reads and gives. */
function groupOf(
  { network, shape: { H, B }, states }: BatchStart,
  first: number,
): { first: number; values: StepValues } {
  const count = Math.min(STREAMS_AT_ONCE, B - first);
  const now = network.layerEquations.map(({ gives }) => [gives, new Float64Array(count * H)] as const);
  const before = network.states.map(
    (state) => [state, Float64Array.from(states[state].subarray(first * H, (first + count) * H))] as const,
  );
  return {
    first,
    values: { x: new Int32Array(count), now: Object.fromEntries(now), before: Object.fromEntries(before) },
  };
}

/** Of the states a (streams, H) of one time step. */
function isSaturatedInAll(a: Vector, isSaturated: (a: number) => boolean, H: number, unit: number): boolean {
  for (let i = unit; i < a.length; i += H) if (!isSaturated(a[i])) return false;
  return true;
}
