import * as v from 'valibot';
import { InspectionBatch, SampleBatch } from './batches.ts';
import { ClockPoint, Inspection, MemoryPoint, Validation, Vitals } from './run.ts';

/** The history of a run as it crosses a boundary whole: to a panel that begins, and from the thread that reads runs. */
export const HistorySnapshot = v.object({
  metrics: v.object({
    columns: v.number(),
    capacity: v.number(),
    factor: v.number(),
    rows: v.number(),
    levels: v.array(
      v.object({
        completed: v.number(),
        kept: v.instance(Float32Array),
      }),
    ),
  }),
  /** Null before the first loss. */
  smoothedNats: v.nullable(v.number()),
  smoothedRows: v.number(),
  inspections: InspectionBatch,
  inspectionStride: v.number(),
  inspectionsSeen: v.number(),
  newestInspection: v.optional(Inspection),
  validations: v.array(Validation),
  vitals: v.optional(v.array(Vitals), []),
  memoryPoints: v.optional(v.array(MemoryPoint), []),
  samples: SampleBatch,
  clock: v.optional(v.array(ClockPoint), []),
});
export type HistorySnapshot = v.InferOutput<typeof HistorySnapshot>;
