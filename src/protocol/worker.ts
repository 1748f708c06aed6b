import * as v from 'valibot';
import { Checkpoint, CheckpointReason, Layers, Tensors, VocabularyCodes } from './checkpoint.ts';
import { EventBatch } from './eventBatches.ts';
import { NotFinite, RunFacts, RunId, Sample, SampleOptions, Settings } from './run.ts';
import { Capture, Excerpt } from './study.ts';
import { CELL_NAMES } from '../network/cells.ts';

/** The boundary between whoever owns a run (host or headless form) and the training thread. */

const changedSetting = { setting: v.string(), value: v.union([v.string(), v.number()]) };
export const RemedySchema = v.object({
  ...changedSetting,
  also: v.optional(v.object(changedSetting)),
  label: v.string(),
});

/**
 * Which iterations are inspected: none; those that are shown, with step cosines now and then (`display`) or always
 * (`complete`), both for under two per cent of the time; or every single one, with step cosines now and then.
 */
export const InspectionMode = v.picklist(['none', 'display', 'complete', 'every']);
export type InspectionMode = v.InferOutput<typeof InspectionMode>;

/** What a run goes on from instead of a new network. */
export const StartingPoint = v.object({
  checkpoint: Checkpoint,
  /** The network's: the text may hold no other symbols. Where nobody knows it, it is the text's own. */
  vocabulary: v.optional(VocabularyCodes),
  /**
   * `exact` goes on to the bit, and refuses settings with which that is not possible. `fitting` takes over what fits the
   * settings: the parameters always; the optimizer's state, the carried state and the place in the text where they have a
   * meaning.
   */
  mode: v.picklist(['exact', 'fitting']),
  /** Bytes and SHA-256 of the text that is expected: another one is refused. */
  text: v.optional(v.object({ bytes: v.number(), sha256: v.string() })),
  /**
   * The network comes from elsewhere: what its first window gives is told before it is changed. Without a vocabulary its ids stand for the
   * symbols of the text in this order: that of their codes, or that in which they first appear.
   */
  imported: v.optional(
    v.object({
      order: v.optional(v.picklist(['codepoints', 'appearance'])),
      /** Whether tanh is a guess, which its first window may contradict. */
      isTanhAssumed: v.optional(v.boolean()),
    }),
  ),
  /** The run begins paused: somebody wants to look at the network. */
  isPaused: v.optional(v.boolean(), false),
});
export type StartingPoint = v.InferOutput<typeof StartingPoint>;

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
  /** Without, the network is a new one. */
  from: v.optional(StartingPoint),
  /** A checkpoint comes after so many seconds of training, at each best validation, and when the run pauses or ends; 0 or nothing: none. */
  checkpointSeconds: v.optional(v.pipe(v.number(), v.minValue(0))),
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
/** Waits before the next iteration until it is released; nothing else comes of it. */
const Hold = v.object({ type: v.literal('hold'), runId: RunId });
const Release = v.object({ type: v.literal('release'), runId: RunId });
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

/** Asks for a checkpoint of the network as it is; none comes of one whose numbers are not all finite. */
const AskCheckpoint = v.object({ type: v.literal('checkpoint'), runId: RunId, requestId: v.number() });
/** Instead of `start`: the thread only writes text with this network, on request. */
const Load = v.object({
  type: v.literal('load'),
  runId: RunId,
  iteration: v.number(),
  cell: v.picklist(CELL_NAMES),
  layers: Layers,
  shape: v.object({ V: v.number(), H: v.number() }),
  parameters: Tensors,
  vocabulary: VocabularyCodes,
  samplingRandom: v.array(v.number()),
});

export const WorkerRequest = v.variant('type', [
  StartOnText,
  StartOnFile,
  Load,
  AskCheckpoint,
  Pause,
  Resume,
  Hold,
  Release,
  Step,
  Stop,
  Generate,
  Sampling,
  AskCapture,
  AskExcerpt,
]);
export type WorkerRequest = v.InferOutput<typeof WorkerRequest>;
export type StartRequest = v.InferOutput<typeof StartOnText> | v.InferOutput<typeof StartOnFile>;
export type LoadRequest = v.InferOutput<typeof Load>;

/** How much of a file was read. */
export const ReadingProgress = v.object({ bytesRead: v.number(), bytesTotal: v.number() });
export type ReadingProgress = v.InferOutput<typeof ReadingProgress>;

/** Comes at most 15 times a second while a file is read. */
const Reading = v.object({ type: v.literal('reading'), runId: RunId, progress: ReadingProgress });

const Started = v.object({
  type: v.literal('started'),
  runId: RunId,
  facts: RunFacts,
  /** Of the text that was read: the file's bytes, or a text's in UTF-8. */
  text: v.object({ bytes: v.number(), sha256: v.string() }),
  vocabulary: VocabularyCodes,
  /** Iterations done: 0, or those of the checkpoint that the run goes on from. */
  iterations: v.number(),
  /** Of an imported network: the loss of its first window, nats per symbol. */
  firstLossNats: v.optional(v.number()),
  /** Where tanh was assumed and ReLU gives a clearly lower one: that. */
  reluLossNats: v.optional(v.number()),
});
/** The input cannot be trained on; nothing was allocated. */
const Refused = v.object({
  type: v.literal('refused'),
  runId: RunId,
  message: v.string(),
  remedy: v.optional(RemedySchema),
  /** The text is not the one that the starting point expects. */
  isTextChanged: v.optional(v.boolean()),
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
  /** (rows, metrics of the network) */
  rows: v.instance(Float64Array),
  /** Passes over the training part so far, with fraction. */
  epoch: v.number(),
  /** Training characters read so far, and the time spent on iterations, without pauses. */
  characters: v.number(),
  elapsedMs: v.number(),
});
/** Events of the run, after the rows up to them. */
const Measured = v.object({ type: v.literal('measured'), runId: RunId, events: v.array(EventBatch) });
/** The reply to `capture`, at the end of the iteration under way; of a run that is over, the network as it ended. */
const Captured = v.object({ type: v.literal('captured'), runId: RunId, requestId: v.number(), capture: Capture });
/** All that the run continues from, after the rows up to it. The reply to `checkpoint` has its `requestId`. */
const Checkpointed = v.object({
  type: v.literal('checkpoint'),
  runId: RunId,
  reason: CheckpointReason,
  requestId: v.optional(v.number()),
  checkpoint: Checkpoint,
});
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
  Measured,
  Captured,
  Checkpointed,
  Excerpted,
  Generated,
  Ended,
]);
export type WorkerEvent = v.InferOutput<typeof WorkerEvent>;
export type EndReason = v.InferOutput<typeof Ended>['reason'];
