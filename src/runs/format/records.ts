import * as v from 'valibot';
import { PARAMETER_NAMES, STEP_QUANTITIES } from '../../network/names.ts';
import { Inspection, MemoryPoint, METRIC_NAMES, Sample, Validation, Vitals } from '../../protocol/run.ts';
import { SETTINGS } from '../../protocol/settings.ts';
import { Baselines } from '../../protocol/study.ts';
import { type BucketsRecord, bucketsPayload, decodeBuckets, endOfBuckets, endOfBucketsIn } from './bucketRecords.ts';
import { encodeFrame, FRAME_BYTES } from './recordFrames.ts';

/** What the files `metrics` and `samples` of a run's folder hold. */
export type RunRecord =
  | RowsRecord
  | BucketsRecord
  | { readonly type: 'inspection'; readonly inspection: Inspection }
  | { readonly type: 'validation'; readonly validation: Validation }
  | { readonly type: 'vitals'; readonly vitals: Vitals }
  | { readonly type: 'memoryPoint'; readonly point: MemoryPoint }
  | { readonly type: 'sample'; readonly sample: Sample }
  | { readonly type: 'baselines'; readonly baselines: Baselines }
  | RewindRecord;

export interface RowsRecord {
  readonly type: 'rows';
  readonly firstIteration: number;
  /** As of the end of the batch. */
  readonly epoch: number;
  readonly characters: number;
  readonly elapsedMs: number;
  /** (rows, METRIC_NAMES) */
  readonly rows: Float64Array;
}

/** The run goes on from iteration `iterations`: what was recorded before of that iteration and later ones is void. */
export interface RewindRecord {
  readonly type: 'rewind';
  readonly iterations: number;
}

const ROWS = 1;
const INSPECTION = 2;
const JSON_TEXT = 3;
const BUCKETS = 4;
const ROWS_HEAD_BYTES = 32;
const INSPECTION_HEAD_BYTES = 16;
/** Of one time step of an inspection: float32 norms and cosines, two int32 ids. */
const STEP_BYTES = 4 * (STEP_QUANTITIES.length + PARAMETER_NAMES.length + 2);
/** The longest text that a person can ask for takes a few hundred thousand. */
const MAX_JSON_BYTES = 16 * 2 ** 20;

const Finite = v.pipe(v.number(), v.finite());
const Iteration = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** JSON has no NaN and no infinity: `JSON.stringify` makes null of them, which only a probability may be. */
const JsonRecord = v.variant('type', [
  v.object({
    type: v.literal('validation'),
    validation: v.object({ ...Validation.entries, iteration: Iteration, lossNats: Finite }),
  }),
  v.object({
    type: v.literal('vitals'),
    vitals: v.object({ iteration: Iteration, updateToWeight: Finite, saturation: Finite }),
  }),
  v.object({
    type: v.literal('memoryPoint'),
    point: v.object({
      ...MemoryPoint.entries,
      iteration: Iteration,
      decayRate: v.nullable(Finite),
      tanhFactor: Finite,
      lyapunov: v.nullable(Finite),
      spectralRadius: Finite,
      sigmaMax: Finite,
    }),
  }),
  v.object({
    type: v.literal('sample'),
    sample: v.object({
      ...Sample.entries,
      iteration: Iteration,
      temperature: Finite,
      probability: v.pipe(
        v.array(v.nullable(Finite)),
        v.transform((values) => Float32Array.from(values, (value) => value ?? NaN)),
      ),
    }),
  }),
  v.object({
    type: v.literal('baselines'),
    baselines: v.object({
      ...Baselines.entries,
      uniformNats: Finite,
      ngramNats: v.array(Finite),
      progress: Finite,
    }),
  }),
  v.object({ type: v.literal('rewind'), iterations: Iteration }),
]);

/**
 * @returns the frame for a file, or undefined for a record with a number that is not finite where the format has no place for
 * one: such a point says no more than the rows do, which hold any number.
 */
export function encodeRecord(record: RunRecord): Uint8Array | undefined {
  if (record.type === 'rows') return encodeRows(record);
  if (record.type === 'buckets') return encodeBuckets(record);
  if (record.type === 'inspection') return encodeInspection(record.inspection);
  const json = record.type === 'sample' ? { ...record, sample: jsonOf(record.sample) } : record;
  if (!v.is(JsonRecord, json)) return undefined;
  const text = new TextEncoder().encode(JSON.stringify(json));
  return encodeFrame(JSON_TEXT, text.length, (payload) => payload.set(text));
}

/**
 * The record in a frame, with arrays of its own.
 * @returns `unknown` for kinds that another version writes, `invalid` where the content contradicts the format.
 */
export function decodeRecord(kind: number, payload: Uint8Array): RunRecord | 'unknown' | 'invalid' {
  if (kind === ROWS) return decodeRows(payload) ?? 'invalid';
  if (kind === INSPECTION) return decodeInspection(payload) ?? 'invalid';
  if (kind === JSON_TEXT) return decodeJson(payload);
  if (kind === BUCKETS) return decodeBuckets(payload) ?? 'invalid';
  return 'unknown';
}

/** Bytes that an inspection takes in a file. */
export function inspectionBytes({ inputs }: Inspection): number {
  return FRAME_BYTES + INSPECTION_HEAD_BYTES + inputs.length * STEP_BYTES;
}

/** Of a frame of rows or buckets, without looking at them: the iteration after the last one, or 0 where it is no such frame. */
export function endOfRowsIn(kind: number, payload: Uint8Array): number {
  const end = kind === ROWS ? endOfRowsOf(payload) : kind === BUCKETS ? endOfBucketsIn(payload) : 0;
  return isIteration(end) ? end : 0;
}

function endOfRowsOf(payload: Uint8Array): number {
  if (payload.length < ROWS_HEAD_BYTES) return 0;
  const first = new DataView(payload.buffer, payload.byteOffset).getFloat64(0, true);
  return first + (payload.length - ROWS_HEAD_BYTES) / (8 * METRIC_NAMES.length);
}

export function isInspection(kind: number): boolean {
  return kind === INSPECTION;
}

/** The type of a record in JSON, without decoding it: "" where it does not begin with it, and "-" for all other records. */
export function jsonTypeOf(kind: number, payload: Uint8Array): string {
  if (kind !== JSON_TEXT) return '-';
  const start = Buffer.from(payload.buffer, payload.byteOffset, Math.min(payload.length, 40)).toString('latin1');
  return /^\{"type":"(\w+)"/.exec(start)?.[1] ?? '';
}

/** The record of this type in a frame, if that is what it holds; much faster than decoding every record to find the few of it. */
export function jsonRecordIn<T extends 'rewind' | 'validation'>(
  type: T,
  kind: number,
  payload: Uint8Array,
): Extract<RunRecord, { type: T }> | undefined {
  if (kind !== JSON_TEXT) return undefined;
  if (!Buffer.from(payload.buffer, payload.byteOffset, payload.length).includes(`"${type}"`)) return undefined;
  const record = decodeJson(payload);
  return typeof record === 'object' && isOfType(type, record) ? record : undefined;
}

function isOfType<T extends RunRecord['type']>(type: T, record: RunRecord): record is Extract<RunRecord, { type: T }> {
  return record.type === type;
}

/** The iteration that a record belongs to; undefined where it belongs to the run. */
export function iterationOf(record: RunRecord): number | undefined {
  switch (record.type) {
    case 'rows':
    case 'buckets':
      return record.firstIteration;
    case 'inspection':
      return record.inspection.iteration;
    case 'validation':
      return record.validation.iteration;
    case 'vitals':
      return record.vitals.iteration;
    case 'memoryPoint':
      return record.point.iteration;
    case 'sample':
      return record.sample.iteration;
    case 'baselines':
    case 'rewind':
      return undefined;
  }
}

/** The iteration after the last one of a batch. */
export function endOfRows(record: RowsRecord | BucketsRecord): number {
  return record.type === 'buckets'
    ? endOfBuckets(record)
    : record.firstIteration + record.rows.length / METRIC_NAMES.length;
}

/** Whether anything of a record no longer holds when the run goes on from iteration `iterations`. */
export function reachesBeyond(record: RunRecord, iterations: number): boolean {
  if (record.type === 'rows' || record.type === 'buckets') return endOfRows(record) > iterations;
  // A validation of iteration N measures the network from which iteration N starts.
  if (record.type === 'validation') return record.validation.iteration > iterations;
  return (iterationOf(record) ?? -1) >= iterations;
}

function encodeRows(record: RowsRecord): Uint8Array | undefined {
  if (!isRowsHead(record)) return undefined;
  const { firstIteration, epoch, characters, elapsedMs, rows } = record;
  const head = Float64Array.of(firstIteration, epoch, characters, elapsedMs);
  return encodeFrame(ROWS, ROWS_HEAD_BYTES + rows.byteLength, (payload) => {
    payload.set(bytesOf(head));
    payload.set(bytesOf(rows), ROWS_HEAD_BYTES);
  });
}

function encodeBuckets(record: BucketsRecord): Uint8Array | undefined {
  const bytes = bucketsPayload(record);
  return bytes && encodeFrame(BUCKETS, bytes.length, (payload) => payload.set(bytes));
}

function decodeRows(payload: Uint8Array): RowsRecord | undefined {
  const rowBytes = 8 * METRIC_NAMES.length;
  if (payload.length < ROWS_HEAD_BYTES || (payload.length - ROWS_HEAD_BYTES) % rowBytes !== 0) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset);
  const record: RowsRecord = {
    type: 'rows',
    firstIteration: view.getFloat64(0, true),
    epoch: view.getFloat64(8, true),
    characters: view.getFloat64(16, true),
    elapsedMs: view.getFloat64(24, true),
    rows: new Float64Array(copied(payload, ROWS_HEAD_BYTES, payload.length - ROWS_HEAD_BYTES)),
  };
  return isRowsHead(record) ? record : undefined;
}

/** Without a schema: a file may hold a million of these, one a row. */
function isRowsHead({ firstIteration, epoch, characters, elapsedMs }: RowsRecord): boolean {
  const isAmount = (value: number): boolean => value >= 0 && value < Infinity;
  return isIteration(firstIteration) && isAmount(epoch) && isAmount(characters) && isAmount(elapsedMs);
}

function isIteration(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function encodeInspection(inspection: Inspection): Uint8Array | undefined {
  const { iteration, stepNorm, stepCosine, inputs, targets } = inspection;
  const T = inputs.length;
  const hasAll =
    targets.length === T &&
    stepNorm.length === STEP_QUANTITIES.length * T &&
    stepCosine.length === PARAMETER_NAMES.length * T;
  if (!hasAll || T === 0 || !isIteration(iteration)) return undefined;
  const head = Uint32Array.of(iteration % 2 ** 32, Math.floor(iteration / 2 ** 32), T, 0);
  return encodeFrame(INSPECTION, INSPECTION_HEAD_BYTES + T * STEP_BYTES, (payload) => {
    let at = 0;
    for (const part of [head, stepNorm, stepCosine, inputs, targets]) {
      payload.set(bytesOf(part), at);
      at += part.byteLength;
    }
  });
}

function decodeInspection(payload: Uint8Array): RunRecord | undefined {
  if (payload.length < INSPECTION_HEAD_BYTES) return undefined;
  const [low, high, T] = new Uint32Array(copied(payload, 0, INSPECTION_HEAD_BYTES));
  const iteration = high * 2 ** 32 + low;
  // What no setting allows is no window of a run, and would take a hundred times the room of one.
  const isWhole =
    T > 0 && T <= SETTINGS.sequenceLength.maximum && payload.length === INSPECTION_HEAD_BYTES + T * STEP_BYTES;
  if (!isWhole || !isIteration(iteration)) return undefined;
  let at = INSPECTION_HEAD_BYTES;
  const next = (numbers: number): ArrayBuffer => copied(payload, (at += 4 * numbers) - 4 * numbers, 4 * numbers);
  const inspection = {
    iteration,
    stepNorm: new Float32Array(next(STEP_QUANTITIES.length * T)),
    stepCosine: new Float32Array(next(PARAMETER_NAMES.length * T)),
    inputs: new Int32Array(next(T)),
    targets: new Int32Array(next(T)),
  };
  const isId = (id: number): boolean => id >= 0;
  return inspection.inputs.every(isId) && inspection.targets.every(isId)
    ? { type: 'inspection', inspection }
    : undefined;
}

function decodeJson(payload: Uint8Array): RunRecord | 'unknown' | 'invalid' {
  if (payload.length > MAX_JSON_BYTES) return 'invalid';
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    return 'invalid';
  }
  const parsed = v.safeParse(JsonRecord, json);
  if (!parsed.success) return isOfOtherType(json) ? 'unknown' : 'invalid';
  const record = parsed.output;
  const lacksSome = record.type === 'sample' && record.sample.characters.length !== record.sample.probability.length;
  return lacksSome ? 'invalid' : record;
}

/** Whether it is what a later version may write. */
function isOfOtherType(json: unknown): boolean {
  const known = JsonRecord.options.map(({ entries }) => entries.type.literal);
  const typed = v.safeParse(v.object({ type: v.string() }), json);
  return typed.success && !known.some((type) => type === typed.output.type);
}

/** Nine digits tell any two float32 numbers apart, and are half as long as what JSON would write. */
function jsonOf({ probability, ...sample }: Sample): object {
  return { ...sample, probability: Array.from(probability, (value) => jsonNumber(value)) };
}

function jsonNumber(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(9)) : null;
}

function bytesOf(array: Float64Array | Float32Array | Int32Array | Uint32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** A payload lies anywhere in what was read; numbers must lie at multiples of their size. */
function copied(payload: Uint8Array, from: number, bytes: number): ArrayBuffer {
  return payload.slice(from, from + bytes).buffer;
}
