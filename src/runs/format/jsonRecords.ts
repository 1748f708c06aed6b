import * as v from 'valibot';
import { isRunEvent, isRunEventType, kindOf, type RunEvent } from '../../protocol/events.ts';
import { Baselines } from '../../protocol/study.ts';
import { ColumnsRecord } from './columns.ts';
import { isIteration } from './numbers.ts';

/** Records whose payload is JSON: events of the run, and what belongs to the run as a whole. */

export type JsonRecord = RunEvent | BaselinesRecord | RewindRecord | ColumnsRecord;

export interface BaselinesRecord {
  readonly type: 'baselines';
  readonly baselines: Baselines;
}

/** The run goes on from iteration `iterations`: what was recorded before of that iteration and later ones is void. */
export interface RewindRecord {
  readonly type: 'rewind';
  readonly iterations: number;
}

/** The longest text that a person can ask for takes a few hundred thousand. */
const MAX_JSON_BYTES = 16 * 2 ** 20;

const OfRun = v.variant('type', [
  v.object({ type: v.literal('baselines'), baselines: Baselines }),
  v.object({ type: v.literal('rewind'), iterations: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) }),
  ColumnsRecord,
]);
const Typed = v.looseObject({ type: v.string() });

/** The text of a record, or undefined for one with a number for which JSON has no place. */
export function jsonPayload(record: JsonRecord): Uint8Array | undefined {
  const json = isRunEvent(record) ? jsonOfEvent(record) : record;
  return recordOf(json) && new TextEncoder().encode(JSON.stringify(json));
}

/** @returns `unknown` for what a later version may write, `invalid` where the content contradicts the format. */
export function decodeJson(payload: Uint8Array): JsonRecord | 'unknown' | 'invalid' {
  if (payload.length > MAX_JSON_BYTES) return 'invalid';
  try {
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
    return recordOf(json) ?? (isOfOtherType(json) ? 'unknown' : 'invalid');
  } catch {
    return 'invalid';
  }
}

function jsonOfEvent({ type, value }: RunEvent): object | undefined {
  const json = kindOf(type).folder.json;
  return json && { type, [json.name]: json.toJson(value) };
}

/** The record that an object is, if it is one. */
function recordOf(json: unknown): JsonRecord | undefined {
  const typed = v.safeParse(Typed, json);
  if (!typed.success) return undefined;
  const { type, ...fields } = typed.output;
  if (!isRunEventType(type)) {
    const parsed = v.safeParse(OfRun, json);
    return parsed.success && areFinite(parsed.output) ? parsed.output : undefined;
  }
  const form = kindOf(type).folder.json;
  const parsed = form && v.safeParse(form.schema, fields[form.name]);
  if (parsed?.success !== true || !isIteration(parsed.output.iteration) || !areFinite(parsed.output)) return undefined;
  return { type, value: parsed.output } as RunEvent;
}

/** `JSON.stringify` makes null of a number that is not finite, and a long number of a file may be read as infinite. */
function areFinite(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return true;
  return Object.values(value).every(areFinite);
}

/** Whether it is what a later version may write. */
function isOfOtherType(json: unknown): boolean {
  const typed = v.safeParse(Typed, json);
  if (!typed.success) return false;
  const { type } = typed.output;
  const isKnown = isRunEventType(type)
    ? kindOf(type).folder.json !== undefined
    : OfRun.options.some(({ entries }) => entries.type.literal === type);
  return !isKnown;
}
