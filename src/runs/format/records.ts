import { isBeyond, isRunEvent, kindOf, type RunEvent, type RunEventType, type ValueOf } from '../../protocol/events.ts';
import { METRIC_NAMES } from '../../protocol/run.ts';
import { type BucketsRecord, bucketsPayload, decodeBuckets, endOfBuckets, endOfBucketsIn } from './bucketRecords.ts';
import { decodeInspection, inspectionBytes, inspectionPayload } from './inspectionRecords.ts';
import { decodeJson, jsonPayload, type BaselinesRecord, type RewindRecord } from './jsonRecords.ts';
import { bytesOf, copied, isIteration } from './numbers.ts';
import { encodeFrame, FRAME_BYTES } from './recordFrames.ts';

/** What the files `metrics` and `samples` of a run's folder hold. */
export type RunRecord = RowsRecord | BucketsRecord | RunEvent | BaselinesRecord | RewindRecord;

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

const ROWS = 1;
const JSON_TEXT = 3;
const BUCKETS = 4;
const ROWS_HEAD_BYTES = 32;

/** How events of a type are kept that are no JSON. */
interface OwnForm<V> {
  readonly kind: number;
  readonly bytes: (value: V) => number;
  readonly payload: (value: V) => Uint8Array | undefined;
  readonly decode: (payload: Uint8Array) => V | undefined;
}
const OWN_FORMS: { readonly [K in RunEventType]?: OwnForm<ValueOf<K>> } = {
  inspection: { kind: 2, bytes: inspectionBytes, payload: inspectionPayload, decode: decodeInspection },
};
const OWN_TYPES = new Map(Object.entries(OWN_FORMS).map(([type, { kind }]) => [kind, type as RunEventType]));

/**
 * @returns the frame for a file, or undefined for a record with a number that is not finite where the format has no place for
 * one: such a point says no more than the rows do, which hold any number.
 */
export function encodeRecord(record: RunRecord): Uint8Array | undefined {
  if (record.type === 'rows') return encodeRows(record);
  if (record.type === 'buckets') return framed(BUCKETS, bucketsPayload(record));
  if (isRunEvent(record)) {
    const form = ownFormOf(record.type);
    if (form !== undefined) return framed(form.kind, form.payload(record.value));
  }
  return framed(JSON_TEXT, jsonPayload(record));
}

/**
 * The record in a frame, with arrays of its own.
 * @returns `unknown` for kinds that another version writes, `invalid` where the content contradicts the format.
 */
export function decodeRecord(kind: number, payload: Uint8Array): RunRecord | 'unknown' | 'invalid' {
  if (kind === ROWS) return decodeRows(payload) ?? 'invalid';
  if (kind === JSON_TEXT) return decodeJson(payload);
  if (kind === BUCKETS) return decodeBuckets(payload) ?? 'invalid';
  const type = OWN_TYPES.get(kind);
  if (type === undefined) return 'unknown';
  const value = ownFormOf(type)?.decode(payload);
  return value === undefined ? 'invalid' : ({ type, value } as RunEvent);
}

/** Bytes that an event takes in a file; undefined where the format has no place for it. */
export function eventBytes(event: RunEvent): number | undefined {
  const form = ownFormOf(event.type);
  return form === undefined ? encodeRecord(event)?.length : FRAME_BYTES + form.bytes(event.value);
}

/** The file that holds records like this one; rewinds are in both. */
export function fileOf(record: RunRecord): 'metrics' | 'samples' {
  return isRunEvent(record) ? kindOf(record.type).folder.file : 'metrics';
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

/** The type of a record that is no rows, without decoding it: "" where it is JSON that does not begin with it, "-" for rows. */
export function typeIn(kind: number, payload: Uint8Array): string {
  if (kind !== JSON_TEXT) return OWN_TYPES.get(kind) ?? '-';
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
  if (record.type === 'rows' || record.type === 'buckets') return record.firstIteration;
  return isRunEvent(record) ? record.value.iteration : undefined;
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
  return isRunEvent(record) && isBeyond(record.type, record.value.iteration, iterations);
}

function ownFormOf(type: RunEventType): OwnForm<ValueOf<RunEventType>> | undefined {
  return OWN_FORMS[type] as OwnForm<ValueOf<RunEventType>> | undefined;
}

function framed(kind: number, bytes: Uint8Array | undefined): Uint8Array | undefined {
  return bytes && encodeFrame(kind, bytes.length, (payload) => payload.set(bytes));
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
