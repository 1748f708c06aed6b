import { forwardCells } from '../model/forward.ts';
import type { StepValues } from '../model/stepValues.ts';
import type { Vector } from '../model/tensors.ts';
import type { Work } from '../common/work.ts';
import type { BatchStart } from '../model/streamPass.ts';
import type { Activation } from '../network/description.ts';
import { activationOf, productNumbers } from '../network/network.ts';
import { ACTIVATIONS, type ActivationFunction } from '../model/activations.ts';

/** Streams whose states are computed together: so many that a piece of work is short. */
const STREAMS_AT_ONCE = 16;

/** How much of the error one stream's numbers that a function gave let pass. */
export interface Saturation {
  /** (T): the mean over hidden units of the slope, of tanh 1 − a(t)². */
  readonly slope: Float64Array<ArrayBuffer>;
  /** (T): the share of hidden units that are saturated. */
  readonly byStep: Float64Array<ArrayBuffer>;
  /** (H): the share of time steps at which it is. */
  readonly byUnit: Float64Array<ArrayBuffer>;
}

/**
 * From what a function gave, (T, H), of one stream: of a state without the carried-in one.
 * @param activation the function.
 */
export function saturation(values: Float64Array, H: number, activation: Activation): Saturation {
  const { slope: slopeAt, isSaturated } = ACTIVATIONS[activation];
  const T = values.length / H;
  const slope = new Float64Array(T);
  const byStep = new Float64Array(T);
  const byUnit = new Float64Array(H);
  for (let t = 0; t < T; t++) {
    let saturated = 0;
    for (let i = 0; i < H; i++) {
      const value = values[t * H + i];
      slope[t] += slopeAt(value) / H;
      if (!isSaturated(value)) continue;
      saturated++;
      byUnit[i]++;
    }
    byStep[t] = saturated / H;
  }
  for (let i = 0; i < H; i++) byUnit[i] /= T;
  return { slope, byStep, byUnit };
}

/** Units of each of the quantities that functions give, by its name. */
export type UnitsOf = Readonly<Record<string, readonly number[]>>;

/**
 * The units that are saturated at every step of every stream of a window, of each quantity that is asked about, lowest first, in pieces.
 * @param candidates those that are so in one of the streams. Where there are none, nothing is left to compute; else the states
 * of all streams are computed, in float64, for as many steps as any candidate remains.
 */
export function* deadUnits(
  start: BatchStart,
  candidates: UnitsOf,
): Work<Readonly<Record<string, Int32Array<ArrayBuffer>>>> {
  const asked = Object.entries(candidates);
  if (asked.every(([, units]) => units.length === 0)) {
    return Object.fromEntries(asked.map(([quantity]) => [quantity, new Int32Array(0)] as const));
  }
  const { network, shape, parameters, inputs } = start;
  const { H, T, B } = shape;
  let left = asked.map(([quantity, units]) => ({ quantity, units, ...functionOf(network, quantity) }));
  const isAnyLeft = (): boolean => left.some(({ units }) => units.length > 0);
  const groups = Array.from({ length: Math.ceil(B / STREAMS_AT_ONCE) }, (_, index) =>
    groupOf(start, index * STREAMS_AT_ONCE),
  );
  const ofLayers = network.parameters.filter(({ layer }) => layer !== undefined);
  // A network may have no product but with the input, whose columns are only picked.
  const cost = Math.max(H, productNumbers(ofLayers, shape));
  for (let t = 0; t < T && isAnyLeft(); t++) {
    for (const { first, values } of groups) {
      const { x, now, before } = values;
      x.set(inputs.subarray(t * B + first, t * B + first + x.length));
      forwardCells(network, parameters, values);
      for (const state of network.states) before[state].set(now[state]);
      yield x.length * cost;
    }
    left = left.map((one) => ({
      ...one,
      units: one.units.filter((unit) =>
        groups.every(({ values }) => isSaturatedInAll(values.now[one.quantity], one.isSaturated, H, unit)),
      ),
    }));
  }
  return Object.fromEntries(left.map(({ quantity, units }) => [quantity, Int32Array.from(units)] as const));
}

/** @throws {RangeError} for a quantity that no function gives. */
function functionOf(network: BatchStart['network'], quantity: string): ActivationFunction {
  const activation = activationOf(network, quantity);
  if (activation === undefined) throw new RangeError(`No function gives "${quantity}".`);
  return ACTIVATIONS[activation];
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
