import * as v from 'valibot';
import { MAX_COLUMN_NAME, MAX_COLUMNS } from '../common/limits.ts';
import { EventBatch } from './eventBatches.ts';
import { ClockPoint } from './run.ts';

/** The history of a run as it crosses a boundary whole: to a panel that begins, and from the thread that reads runs. */

export const MetricsSnapshot = v.object({
  /** Their names. */
  columns: v.pipe(v.array(v.pipe(v.string(), v.maxLength(MAX_COLUMN_NAME))), v.maxLength(MAX_COLUMNS + 1)),
  capacity: v.number(),
  factor: v.number(),
  rows: v.number(),
  levels: v.array(
    v.object({
      completed: v.number(),
      kept: v.instance(Float32Array),
    }),
  ),
  /** Null before the first loss. */
  smoothedNats: v.nullable(v.number()),
  smoothedRows: v.number(),
  clock: v.array(ClockPoint),
});
export type MetricsSnapshot = v.InferOutput<typeof MetricsSnapshot>;

/** Events of one type that are kept. */
const KeptEvents = v.object({
  events: EventBatch,
  /** Of those that are spread evenly: how many there have been, and every how many-th of them is kept. */
  pace: v.optional(v.object({ came: v.number(), stride: v.number() })),
});
export const EventsSnapshot = v.array(KeptEvents);
export type EventsSnapshot = v.InferOutput<typeof EventsSnapshot>;

export const HistorySnapshot = v.object({ metrics: MetricsSnapshot, events: EventsSnapshot });
export type HistorySnapshot = v.InferOutput<typeof HistorySnapshot>;
