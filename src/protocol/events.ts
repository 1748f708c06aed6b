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
import { MemoryPoint, Vitals } from './measured.ts';
import { Sample, type Inspection } from './run.ts';

export { type FunctionVitals, MemoryPoint, Vitals } from './measured.ts';

/**
 * The events of a run: what is measured of it at some iterations, besides the rows that every iteration has. Everybody who passes
 * them on, keeps or thins them goes by this list.
 */

const Count = v.pipe(v.number(), v.integer(), v.minValue(0));

export const Validation = v.object({ iteration: Count, lossNats: v.number(), characters: Count });
export type Validation = v.InferOutput<typeof Validation>;

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
