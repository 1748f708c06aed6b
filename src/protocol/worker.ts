import * as v from 'valibot';
import { InspectionBatch } from './batches.ts';
import { Inspection, NotFinite, RunFacts, RunId, Sample, SampleOptions, Settings, Validation, Vitals } from './run.ts';
import { Capture, Excerpt } from './study.ts';

/** The boundary between whoever owns a run (host or headless form) and the training thread. */

export const RemedySchema = v.object({
  setting: v.string(),
  value: v.union([v.string(), v.number()]),
  label: v.string(),
});

/**
 * Which iterations are inspected: none; those that are shown, with step cosines now and then (`display`) or always
 * (`complete`), both for under two per cent of the time; or every single one, with step cosines now and then.
 */
export const InspectionMode = v.picklist(['none', 'display', 'complete', 'every']);
export type InspectionMode = v.InferOutput<typeof InspectionMode>;

/** What every request to start holds, whatever the text comes from. */
const start = {
  type: v.literal('start'),
  runId: RunId,
  settings: Settings,
  /** Of the text, for messages only. */
  name: v.string(),
  /** Ends the run after so many iterations, if that is before `maxEpochs`. */
  maxIterations: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  /** `display` where it is left out. */
  inspection: v.optional(InspectionMode),
  /** Where the ids of a long text may be put down while the run lasts; without, they stay in memory however many they are. */
  cacheFolder: v.optional(v.string()),
};
/** A file that the training thread reads itself. */
const TextFile = v.object({
  path: v.string(),
  /** A label that `TextDecoder` knows, for files without byte order mark; without, these are UTF-8. */
  encoding: v.optional(v.string()),
});
export type TextFile = v.InferOutput<typeof TextFile>;
const StartOnText = v.object({ ...start, text: v.string() });
const StartOnFile = v.object({ ...start, file: TextFile });
const Pause = v.object({ type: v.literal('pause'), runId: RunId });
const Resume = v.object({ type: v.literal('resume'), runId: RunId });
const Step = v.object({ type: v.literal('step'), runId: RunId });
const Stop = v.object({ type: v.literal('stop'), runId: RunId });
const Generate = v.object({
  type: v.literal('generate'),
  runId: RunId,
  requestId: v.number(),
  options: SampleOptions,
});
/** Changes the temperature and prompt of the text that is sampled every two seconds. */
const Sampling = v.object({ type: v.literal('sampling'), runId: RunId, options: SampleOptions });

/** Asks for all that the next iteration starts from. */
const AskCapture = v.object({ type: v.literal('capture'), runId: RunId, requestId: v.number() });
/** Asks for a part of the text's ids. */
const AskExcerpt = v.object({ type: v.literal('excerpt'), runId: RunId });

export const WorkerRequest = v.variant('type', [
  StartOnText,
  StartOnFile,
  Pause,
  Resume,
  Step,
  Stop,
  Generate,
  Sampling,
  AskCapture,
  AskExcerpt,
]);
export type WorkerRequest = v.InferOutput<typeof WorkerRequest>;
export type StartRequest = v.InferOutput<typeof StartOnText> | v.InferOutput<typeof StartOnFile>;

/** How much of a file was read; the total is null where nobody knows it, as for a pipe. */
export const ReadingProgress = v.object({ bytesRead: v.number(), bytesTotal: v.nullable(v.number()) });
export type ReadingProgress = v.InferOutput<typeof ReadingProgress>;

/** Comes at most 15 times a second while a file is read. */
const Reading = v.object({ type: v.literal('reading'), runId: RunId, progress: ReadingProgress });

const Started = v.object({ type: v.literal('started'), runId: RunId, facts: RunFacts });
/** The input cannot be trained on; nothing was allocated. */
const Refused = v.object({
  type: v.literal('refused'),
  runId: RunId,
  message: v.string(),
  remedy: v.optional(RemedySchema),
});
const State = v.object({
  type: v.literal('state'),
  runId: RunId,
  state: v.picklist(['running', 'paused']),
  notFinite: v.optional(NotFinite),
});
const Progress = v.object({
  type: v.literal('progress'),
  runId: RunId,
  /** Iterations count from 0; this batch holds rows for `firstIteration` and the ones after it. */
  firstIteration: v.number(),
  /** (rows, METRIC_NAMES) */
  rows: v.instance(Float64Array),
  /** Passes over the training part so far, with fraction. */
  epoch: v.number(),
  /** Training characters read so far, and the time spent on iterations, without pauses. */
  characters: v.number(),
  elapsedMs: v.number(),
});
const Inspected = v.object({ type: v.literal('inspection'), runId: RunId, inspection: Inspection });
/** Of every iteration since the last such event. */
const InspectedAll = v.object({ type: v.literal('inspections'), runId: RunId, inspections: InspectionBatch });
const Validated = v.object({ type: v.literal('validation'), runId: RunId, validation: Validation });
const Sampled = v.object({ type: v.literal('sample'), runId: RunId, sample: Sample });
const Measured = v.object({ type: v.literal('vitals'), runId: RunId, vitals: Vitals });
/** The reply to `capture`, at the end of the iteration under way; of a run that is over, the network as it ended. */
const Captured = v.object({ type: v.literal('captured'), runId: RunId, requestId: v.number(), capture: Capture });
/** The reply to `excerpt`; none comes of a run that is over. */
const Excerpted = v.object({ type: v.literal('excerpt'), runId: RunId, excerpt: Excerpt });
/** The reply to `generate`. */
const Generated = v.object({
  type: v.literal('generated'),
  runId: RunId,
  requestId: v.number(),
  result: v.variant('ok', [
    v.object({ ok: v.literal(true), sample: Sample }),
    v.object({ ok: v.literal(false), message: v.string() }),
  ]),
});
const Ended = v.object({
  type: v.literal('ended'),
  runId: RunId,
  reason: v.picklist(['finished', 'stopped']),
  iterations: v.number(),
  charactersPerSecond: v.number(),
});

export const WorkerEvent = v.variant('type', [
  Reading,
  Started,
  Refused,
  State,
  Progress,
  Inspected,
  InspectedAll,
  Validated,
  Sampled,
  Measured,
  Captured,
  Excerpted,
  Generated,
  Ended,
]);
export type WorkerEvent = v.InferOutput<typeof WorkerEvent>;
export type EndReason = v.InferOutput<typeof Ended>['reason'];
