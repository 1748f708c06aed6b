import * as v from 'valibot';
import { Inspection, NotFinite, RunFacts, RunId, Sample, SampleOptions, Settings, Validation } from './run.ts';

/** The boundary between whoever owns a run (host or headless form) and the training thread. */

export const RemedySchema = v.object({
  setting: v.string(),
  value: v.union([v.string(), v.number()]),
  label: v.string(),
});

const Start = v.object({
  type: v.literal('start'),
  runId: RunId,
  settings: Settings,
  /** The decoded text; its name is for messages only. */
  text: v.string(),
  name: v.string(),
  /** Ends the run after so many iterations, if that is before `maxEpochs`. */
  maxIterations: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
});
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

export const WorkerRequest = v.variant('type', [Start, Pause, Resume, Step, Stop, Generate, Sampling]);
export type WorkerRequest = v.InferOutput<typeof WorkerRequest>;
export type StartRequest = v.InferOutput<typeof Start>;

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
const Validated = v.object({ type: v.literal('validation'), runId: RunId, validation: Validation });
const Sampled = v.object({ type: v.literal('sample'), runId: RunId, sample: Sample });
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
  Started,
  Refused,
  State,
  Progress,
  Inspected,
  Validated,
  Sampled,
  Generated,
  Ended,
]);
export type WorkerEvent = v.InferOutput<typeof WorkerEvent>;
export type EndReason = v.InferOutput<typeof Ended>['reason'];
