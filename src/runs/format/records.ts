import { isBeyond, isRunEvent, kindOf, type RunEvent, type RunEventType, type ValueOf } from '../../protocol/events.ts';
import { type BucketsRecord, bucketsPayload, endOfBuckets } from './bucketRecords.ts';
import { areSameNames, type Columns, UNSAID_COLUMNS } from './columns.ts';
import { inspectionBytes, inspectionPayload } from './inspectionRecords.ts';
import { decodeJson, jsonPayload, type BaselinesRecord, type JsonRecord, type RewindRecord } from './jsonRecords.ts';
import { encodeFrame, FRAME_BYTES } from './recordFrames.ts';
import { type RowsRecord, rowsPayload } from './rowsRecords.ts';

export type { RowsRecord } from './rowsRecords.ts';

/** What the files `metrics` and `samples` of a run's folder hold. */
export type RunRecord = RowsRecord | BucketsRecord | RunEvent | BaselinesRecord | RewindRecord;

/** What a payload is. */
export const ROWS = 1;
export const INSPECTION = 2;
export const JSON_TEXT = 3;
export const BUCKETS = 4;

/** How events of a type are kept that are no JSON. */
interface OwnForm<V> {
  readonly kind: number;
  readonly bytes: (value: V) => number;
  readonly payload: (value: V, columns: Columns) => Uint8Array | undefined;
}
const OWN_FORMS: { readonly [K in RunEventType]?: OwnForm<ValueOf<K>> } = {
  inspection: { kind: INSPECTION, bytes: inspectionBytes, payload: inspectionPayload },
};
const OWN_TYPES = new Map(Object.entries(OWN_FORMS).map(([type, { kind }]) => [kind, type as RunEventType]));

/**
 * @param columns of the file where the record is written.
 * @returns the frame for a file, or undefined for a record with a number that is not finite where the format has no place for
 * one: such a point says no more than the rows do, which hold any number. There is none either for numbers of other columns.
 */
export function encodeRecord(record: RunRecord, columns: Columns = UNSAID_COLUMNS): Uint8Array | undefined {
  if (record.type === 'rows' || record.type === 'buckets') {
    if (!areSameNames(record.columns, columns.rows)) return undefined;
    if (record.type === 'buckets') return framed(BUCKETS, bucketsPayload(record));
    const payload = rowsPayload(record);
    return payload && encodeFrame(ROWS, payload.bytes, payload.fill);
  }
  if (isRunEvent(record)) {
    const form = ownFormOf(record.type);
    if (form !== undefined) return framed(form.kind, form.payload(record.value, columns));
  }
  return framed(JSON_TEXT, jsonPayload(record));
}

/** The frame that says which columns the records after it have. */
export function encodeColumns({ rows, stepNorm, stepCosine }: Columns): Uint8Array {
  const frame = framed(JSON_TEXT, jsonPayload({ type: 'columns', rows, stepNorm, stepCosine }));
  if (frame === undefined) throw new RangeError(`the format has no place for the columns ${rows.join(', ')}`);
  return frame;
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

/** The type of a record that is no rows, without decoding it: "" where it is JSON that does not begin with it, "-" for rows. */
export function typeIn(kind: number, payload: Uint8Array): string {
  if (kind !== JSON_TEXT) return OWN_TYPES.get(kind) ?? '-';
  const start = Buffer.from(payload.buffer, payload.byteOffset, Math.min(payload.length, 40)).toString('latin1');
  return /^\{"type":"(\w+)"/.exec(start)?.[1] ?? '';
}

/** The record of this type in a frame, if that is what it holds; much faster than decoding every record to find the few of it. */
export function jsonRecordIn<T extends 'rewind' | 'validation' | 'columns'>(
  type: T,
  kind: number,
  payload: Uint8Array,
): Extract<JsonRecord, { type: T }> | undefined {
  if (kind !== JSON_TEXT) return undefined;
  if (!Buffer.from(payload.buffer, payload.byteOffset, payload.length).includes(`"${type}"`)) return undefined;
  const record = decodeJson(payload);
  return typeof record === 'object' && isOfType(type, record) ? record : undefined;
}

function isOfType<T extends JsonRecord['type']>(
  type: T,
  record: JsonRecord,
): record is Extract<JsonRecord, { type: T }> {
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
    : record.firstIteration + record.rows.length / record.columns.length;
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
