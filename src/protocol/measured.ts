import * as v from 'valibot';
import { MAX_COLUMN_NAME, MAX_COLUMNS } from '../common/limits.ts';
import { MAX_LAYERS } from '../network/network.ts';

/** What is measured of a network at some iterations besides its losses: how its functions do, and how far errors reach back. */

const Count = v.pipe(v.number(), v.integer(), v.minValue(0));
const Name = v.pipe(v.string(), v.maxLength(MAX_COLUMN_NAME));

/** Values by the names of quantities, no more than a network has. */
function byName<S extends v.GenericSchema>(schema: S) {
  return v.pipe(
    v.record(Name, schema),
    v.check((values) => Object.keys(values).length <= MAX_COLUMNS, 'no more than a network has'),
  );
}

/** What one function of a network gave over all hidden units, steps and streams of a window, in shares of it. */
export const FunctionVitals = v.object({
  /** The numbers at which it lets nearly no error pass: at both ends of a tanh or a sigmoid, and where a ReLU is off. */
  saturated: v.number(),
  /** Of a sigmoid, those of them that are at its upper end. */
  open: v.optional(v.number()),
  /** The units at which it is so throughout. */
  dead: v.number(),
});
export type FunctionVitals = v.InferOutput<typeof FunctionVitals>;

/** How training goes at one iteration, measured about twice a second. */
export const Vitals = v.object({
  iteration: Count,
  /** ‖Δθ‖ / ‖θ‖: the update that the iteration made, over the parameters before it, all of them together. */
  updateToWeight: v.number(),
  /** The same of every layer alone, from the input on, and last of the output; of a network of one layer it is not measured. */
  updateToWeightOfLayers: v.optional(v.pipe(v.array(v.number()), v.maxLength(MAX_LAYERS + 1))),
  /** The share of saturated numbers of the functions that `saturationOf` names. */
  saturation: v.number(),
  /** Of every function, by the name of what it gives; earlier versions do not say it. */
  functions: v.optional(byName(FunctionVitals)),
});
export type Vitals = v.InferOutput<typeof Vitals>;

/** How far errors reach back at one iteration, of one window of one stream. Null is not known, or not within the window. */
export const MemoryPoint = v.object({
  iteration: Count,
  /** The lag at which the lag profile falls under 1 % and under 1/e of lag 0; null where it does not within T − 1 steps, 0 where no error passes. */
  horizonOnePercent: v.nullable(Count),
  horizonOneOverE: v.nullable(Count),
  /** The first of them of all that `comparedReaches` names, where these are several. */
  horizons: v.optional(byName(v.nullable(Count))),
  /** Whose of them the two above are; earlier versions and other programs do not say it. */
  longestLived: v.optional(Name),
  /** Change of the log of the lag profile, nats per step. */
  decayRate: v.nullable(v.number()),
  /** The mean slope of the functions that `saturationOf` names, of tanh 1 − a(t)². */
  tanhFactor: v.number(),
  lyapunov: v.nullable(v.number()),
  /** Of the recurrent weight of the first layer; null, and of earlier versions 0, of a network without one. */
  spectralRadius: v.nullable(v.number()),
  sigmaMax: v.nullable(v.number()),
});
export type MemoryPoint = v.InferOutput<typeof MemoryPoint>;
