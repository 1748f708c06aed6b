import * as v from 'valibot';
import {
  InspectionBatch,
  packInspections,
  packSamples,
  SampleBatch,
  unpackInspections,
  unpackSamples,
} from './batches.ts';
import { eventKind, inJson, listOf, type EventKind, type MemoryRule } from './eventKind.ts';
import {
  inspectionFields,
  memoryFields,
  sampleFields,
  shortestFloat32,
  vitalsFields,
  type LineRun,
} from './eventLines.ts';
import { MAX_COLUMN_NAME, MAX_COLUMNS } from '../common/limits.ts';
import { MAX_LAYERS } from '../network/network.ts';
import { Sample, type Inspection } from './run.ts';

/**
 * The events of a run: what is measured of it at some iterations, besides the rows that every iteration has. Everybody who passes
 * them on, keeps or thins them goes by this list.
 */

const Count = v.pipe(v.number(), v.integer(), v.minValue(0));
const Name = v.pipe(v.string(), v.maxLength(MAX_COLUMN_NAME));

/** Values by the names of quantities, no more than a network has. */
function byName<S extends v.GenericSchema>(schema: S) {
  return v.pipe(
    v.record(Name, schema),
    v.check((values) => Object.keys(values).length <= MAX_COLUMNS, 'no more than a network has'),
  );
}

export const Validation = v.object({ iteration: Count, lossNats: v.number(), characters: Count });
export type Validation = v.InferOutput<typeof Validation>;

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
  /** Of every function, by the name of what it gives; earlier versions and other programs do not say it. */
  functions: v.optional(byName(FunctionVitals)),
});
export type Vitals = v.InferOutput<typeof Vitals>;

/** How far errors reach back at one iteration, of one window of one stream. Null is not known, or not within the window. */
export const MemoryPoint = v.object({
  iteration: Count,
  /** The lag at which the lag profile falls under 1 % and under 1/e of lag 0; null where it does not within T − 1 steps, 0 where no error passes. */
  horizonOnePercent: v.nullable(Count),
  horizonOneOverE: v.nullable(Count),
  /** The first of them of every state by its name, of a network that has several. */
  horizons: v.optional(byName(v.nullable(Count))),
  /** Change of the log of the lag profile, nats per step. */
  decayRate: v.nullable(v.number()),
  /** The mean slope of what gives the state, of tanh 1 − a(t)². */
  tanhFactor: v.number(),
  lyapunov: v.nullable(v.number()),
  spectralRadius: v.number(),
  sigmaMax: v.number(),
});
export type MemoryPoint = v.InferOutput<typeof MemoryPoint>;

/** A sample as its record has it: JSON has no NaN and no infinity, and probabilities that are not finite are null there. */
const StoredSample = v.pipe(
  v.object({
    ...Sample.entries,
    probability: v.pipe(
      v.array(v.nullable(v.pipe(v.number(), v.finite()))),
      v.transform((values) => Float32Array.from(values, (value) => value ?? NaN)),
    ),
  }),
  v.check(
    ({ characters, probability }) => characters.length === probability.length,
    'a probability for every character',
  ),
);

/** Nine digits tell any two float32 numbers apart, and are half as long as what JSON would write. */
function storedSample({ probability, ...sample }: Sample): object {
  const stored = (value: number): number | null => (Number.isFinite(value) ? shortestFloat32(value) : null);
  return { ...sample, probability: Array.from(probability, stored) };
}

const MEBIBYTE = 2 ** 20;
/** Points of a curve: as many as it has on any screen. */
const POINTS: MemoryRule<unknown> = { keeps: 'sparser', most: 4096 };

export const RUN_EVENTS = {
  inspection: eventKind<Inspection, InspectionBatch>({
    batch: { schema: InspectionBatch, pack: packInspections, unpack: unpackInspections },
    memory: { keeps: 'spread', most: 1024, size: { most: 16 * MEBIBYTE, of: inspectionBytes } },
    folder: { file: 'metrics', spacedBytes: 32 * MEBIBYTE, most: 2048, share: 0.24 },
    isSingle: true,
    fits: ({ inputs, targets }, symbols) => inputs.every((id) => id < symbols) && targets.every((id) => id < symbols),
    line: inspectionFields,
  }),
  validation: eventKind<Validation, Validation[]>({
    batch: listOf(Validation),
    memory: POINTS,
    folder: { file: 'metrics', json: inJson('validation', Validation), most: 4096, share: 0.02 },
    isOfNetwork: true,
    line: ({ iteration, lossNats, characters }) => ({
      iteration,
      lossNats,
      bitsPerCharacter: lossNats / Math.LN2,
      characters,
    }),
  }),
  vitals: eventKind<Vitals, Vitals[]>({
    batch: listOf(Vitals),
    memory: POINTS,
    folder: { file: 'metrics', json: inJson('vitals', Vitals), spacedBytes: 8 * MEBIBYTE, most: 4096, share: 0.02 },
    line: vitalsFields,
  }),
  memoryPoint: eventKind<MemoryPoint, MemoryPoint[]>({
    batch: listOf(MemoryPoint),
    memory: POINTS,
    folder: { file: 'metrics', json: inJson('point', MemoryPoint), spacedBytes: 4 * MEBIBYTE, most: 4096, share: 0.04 },
    isFound: true,
    line: memoryFields,
  }),
  sample: eventKind<Sample, SampleBatch>({
    batch: { schema: SampleBatch, pack: packSamples, unpack: unpackSamples },
    // A single one may be as long as a person asked for.
    memory: { keeps: 'newest', most: 200, size: { most: 100_000, of: ({ characters }) => characters.length } },
    folder: {
      file: 'samples',
      json: { name: 'sample', schema: StoredSample, toJson: storedSample },
      spacedBytes: 8 * MEBIBYTE,
      most: 4096,
      share: 0.5,
    },
    line: sampleFields,
  }),
};

export type RunEventType = keyof typeof RUN_EVENTS;
type Kinds = typeof RUN_EVENTS;
export type ValueOf<K extends RunEventType> = { [T in K]: Kinds[T] extends EventKind<infer V, infer _> ? V : never }[K];
export type BatchOf<K extends RunEventType> = { [T in K]: Kinds[T] extends EventKind<infer _, infer B> ? B : never }[K];
export type RunEvent<K extends RunEventType = RunEventType> = {
  readonly [T in K]: { readonly type: T; readonly value: ValueOf<T> };
}[K];

export const RUN_EVENT_TYPES = Object.keys(RUN_EVENTS) as RunEventType[];

/** The row of a type, as one that takes the values of that type. */
export function kindOf<K extends RunEventType>(type: K): EventKind<ValueOf<K>, BatchOf<K>> {
  return RUN_EVENTS[type] as unknown as EventKind<ValueOf<K>, BatchOf<K>>;
}

export function isRunEventType(type: string): type is RunEventType {
  return Object.hasOwn(RUN_EVENTS, type);
}

/** Whether something that happened to a run is an event of this list. */
export function isRunEvent<R extends { readonly type: string }>(record: R): record is Extract<R, RunEvent> {
  return isRunEventType(record.type);
}

/** Whether an event of an iteration no longer holds when the run goes on from iteration `iterations`. */
export function isBeyond(type: RunEventType, iteration: number, iterations: number): boolean {
  return kindOf(type).isOfNetwork === true ? iteration > iterations : iteration >= iterations;
}

/** An event as a line of `--events` says it. */
export function eventLine({ type, value }: RunEvent, run: LineRun): object {
  return { type, ...(kindOf(type).line?.(value, run) ?? value) };
}

function inspectionBytes({ stepNorm, stepCosine, inputs, targets }: Inspection): number {
  return stepNorm.byteLength + stepCosine.byteLength + inputs.byteLength + targets.byteLength;
}
