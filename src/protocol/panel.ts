import * as v from 'valibot';
import { MAX_COPIED, MAX_REASON } from '../common/limits.ts';
import { HistorySnapshot } from './snapshot.ts';
import { Imported } from './imported.ts';
import { NotFinite, RunFacts, RunId, RunState, Sample, SampleOptions, Settings } from './run.ts';
import { ForkedFrom } from './storedRun.ts';
import { followedEntries, panelAnswerEntries, PanelQuestion, TABS } from './measures.ts';
import { Baselines } from './study.ts';
import { TourChoice } from './tour.ts';
import { ReadingProgress, RemedySchema } from './worker.ts';
import { EventBatch } from './eventBatches.ts';

/**
 * The boundary between the host and the panel. The host owns the history: a panel that says `ready` gets one snapshot,
 * then increments, each of which it acknowledges before the next is sent.
 */

/** What changes about a run besides its history; sent whole with every message. */
export const RunStatus = v.object({
  state: RunState,
  /** While a run that starts reads its file. */
  reading: v.optional(ReadingProgress),
  iteration: v.number(),
  epoch: v.number(),
  characters: v.number(),
  elapsedMs: v.number(),
  charactersPerSecond: v.number(),
  notFinite: v.optional(NotFinite),
  /** Why a run failed or was refused, for the person. */
  failure: v.optional(v.object({ message: v.string(), remedy: v.optional(RemedySchema) })),
  /** Opened from its folder: its history is there, the network is not before somebody resumes the run. */
  restored: v.boolean(),
  /** The checkpoint from which a run that is over can go on. */
  resumable: v.optional(
    v.object({
      iteration: v.number(),
      /** Seconds of training since then, which are lost. */
      lostSeconds: v.number(),
      /** It did not end by itself or by a person. */
      wasInterrupted: v.boolean(),
    }),
  ),
  /** Where the network is, for the person, of a run of another program. */
  networkPlace: v.optional(v.string()),
  /** Who trains it, where that is not this window: it can be watched only. */
  trainedBy: v.optional(v.string()),
});
export type RunStatus = v.InferOutput<typeof RunStatus>;

/** What a run is, from the moment it is asked for. `facts` come once the text is read. */
export const RunDescription = v.object({
  runId: RunId,
  /** Where it is kept, once it is: runs of one id in different places are different runs. */
  folder: v.optional(v.string()),
  fileName: v.string(),
  settings: Settings,
  facts: v.optional(RunFacts),
  /** Of a fork. */
  forkedFrom: v.optional(ForkedFrom),
  sampling: SampleOptions,
  /** Its network was trained elsewhere. */
  imported: v.optional(Imported),
});
export type RunDescription = v.InferOutput<typeof RunDescription>;

/** What the study thread has found, the newest of each. */
export const StudyResults = v.object({
  ...followedEntries,
  baselines: v.optional(Baselines),
  /** Why the window that is wanted is not there, for the person. */
  problem: v.optional(v.string()),
});
export type StudyResults = v.InferOutput<typeof StudyResults>;

const Snapshot = v.object({
  type: v.literal('snapshot'),
  sequence: v.number(),
  /** Null before the first run. */
  run: v.nullable(
    v.object({ description: RunDescription, status: RunStatus, history: HistorySnapshot, study: StudyResults }),
  ),
});
/**
 * The newest buckets of one level of the history's metrics. They follow those that the panel has, or replace them all: of a
 * run that is faster than anyone can look, older buckets of the fine levels are left out, and a coarser level covers them.
 */
const LevelBatch = v.object({
  /** 0 has single iterations. */
  level: v.number(),
  /** Buckets of this level since the start of the run before the first one here. */
  first: v.number(),
  /** (buckets, columns of the history) for level 0, else (buckets, 3, columns): means, minima, maxima. */
  buckets: v.instance(Float32Array),
});
export type LevelBatch = v.InferOutput<typeof LevelBatch>;

const Increment = v.object({
  type: v.literal('increment'),
  sequence: v.number(),
  runId: RunId,
  status: RunStatus,
  facts: v.optional(RunFacts),
  /** With the facts, of a run whose network was imported. */
  imported: v.optional(Imported),
  /** The iterations that this continues; equals the panel's number of iterations, else it asks anew. */
  firstIteration: v.number(),
  /** Iterations there are with this increment. */
  iterations: v.number(),
  /** The levels that have something new, finest first. */
  levels: v.array(LevelBatch),
  /** Those since the last message. */
  events: v.array(EventBatch),
  /** What is new of it; null for the problem says that there is none any more. */
  study: v.object({ ...StudyResults.entries, problem: v.optional(v.nullable(v.string())) }),
});
/** The reply to `ask`: by the name of what was asked for. */
const Studied = v.object({
  type: v.literal('studied'),
  requestId: v.number(),
  result: v.variant('ok', [
    v.object({ ok: v.literal(true), ...panelAnswerEntries }),
    v.object({ ok: v.literal(false), message: v.string() }),
  ]),
});
/** The caret moved to the character of a time step of the tape. */
const ShowStep = v.object({ type: v.literal('showStep'), t: v.number() });
/** A picture was saved, or why it was not; neither where the person changed their mind. */
const Saved = v.object({ type: v.literal('saved'), message: v.optional(v.string()) });
/** A text is on the clipboard, or why it is not. */
const Copied = v.object({ type: v.literal('copied'), message: v.optional(v.string()) });
const Generated = v.object({
  type: v.literal('generated'),
  requestId: v.number(),
  result: v.variant('ok', [
    v.object({ ok: v.literal(true), sample: Sample }),
    v.object({ ok: v.literal(false), message: v.string() }),
  ]),
});
/** Asks the panel to show a tab. */
const ShowTab = v.object({ type: v.literal('showTab'), tab: v.picklist(TABS) });
/** Asks the panel to begin the tour through the window that it shows, or to go on with it. */
const OpenTour = v.object({ type: v.literal('openTour') });
/** Where the tour of a run was, for a panel that does not know. */
const KeptTour = v.object({ type: v.literal('keptTour'), runId: RunId, tour: TourChoice });
/** Asks the panel to put the keyboard's focus on its prompt, for *Generate text*. */
const FocusPrompt = v.object({ type: v.literal('focusPrompt') });

export const ToPanel = v.variant('type', [
  Snapshot,
  Increment,
  Studied,
  ShowStep,
  Saved,
  Copied,
  Generated,
  ShowTab,
  OpenTour,
  KeptTour,
  FocusPrompt,
]);
export type ToPanel = v.InferOutput<typeof ToPanel>;
export type SnapshotMessage = v.InferOutput<typeof Snapshot>;
export type IncrementMessage = v.InferOutput<typeof Increment>;

/** The panel mounted, or lost step with the increments: send a snapshot. */
const Ready = v.object({ type: v.literal('ready') });
const Acknowledge = v.object({ type: v.literal('acknowledge'), sequence: v.number() });
/** What came with a message is on the screen now: whatever else shows numbers of the run shows those of the same moment. */
const Drawn = v.object({ type: v.literal('drawn'), sequence: v.number() });
/** What a person asked the run to do. */
const Control = v.object({
  type: v.literal('control'),
  runId: RunId,
  action: v.picklist(['pause', 'resume', 'step', 'stop']),
});
/** Starts a new run on the same file: with the same settings, or with the remedy of the failure shown. */
const Again = v.object({ type: v.literal('again'), runId: RunId, withRemedy: v.boolean() });
/** Goes on with a run that is over from its last checkpoint; paused, it only brings the network back. */
const ResumeRun = v.object({ type: v.literal('resumeRun'), runId: RunId, isPaused: v.boolean() });
/** What is done with runs that are kept, as in the view of runs; the person is asked for the rest. */
const ManageRun = v.object({
  type: v.literal('manageRun'),
  runId: RunId,
  action: v.picklist(['fork', 'compare', 'export']),
});
const TrainFile = v.object({ type: v.literal('trainFile') });
/** Asks for weights to import, such as once more with another vocabulary. */
const ImportWeights = v.object({ type: v.literal('importWeights') });
const OpenSettings = v.object({ type: v.literal('openSettings') });
const ShowLog = v.object({ type: v.literal('showLog') });
const RevealFile = v.object({ type: v.literal('revealFile'), runId: RunId });
/** Where the tour is: VS Code may lose the last seconds of what a page remembers. */
const KeepTour = v.object({ type: v.literal('keepTour'), runId: RunId, tour: TourChoice });
const Sampling = v.object({ type: v.literal('sampling'), runId: RunId, options: SampleOptions });
const Generate = v.object({ type: v.literal('generate'), runId: RunId, requestId: v.number(), options: SampleOptions });
export const Tab = v.picklist(TABS);
export type Tab = v.InferOutput<typeof Tab>;
const Index = v.pipe(v.number(), v.integer(), v.minValue(0));
/** What the panel shows, so that nothing else is computed. */
const Watch = v.object({
  type: v.literal('watch'),
  runId: RunId,
  tab: Tab,
  stream: Index,
  /** The iteration whose window is read, and must stay; null follows training. */
  reading: v.nullable(Index),
});
export type Watch = v.InferOutput<typeof Watch>;
/** A question about a time step of the window that is read. */
const Ask = v.object({ type: v.literal('ask'), runId: RunId, requestId: v.number(), question: PanelQuestion });
/** The time step that a person chose, to be shown in the editor. */
const ChooseStep = v.object({ type: v.literal('chooseStep'), runId: RunId, t: v.nullable(Index) });
/** Asks where to save a picture or its numbers, and does it. */
export const Save = v.object({
  type: v.literal('save'),
  /** Suggested, without folder: letters, digits, hyphens, underscores and one extension. */
  fileName: v.pipe(v.string(), v.regex(/^[\w-]{1,120}\.(csv|json|png|svg)$/)),
  encoding: v.picklist(['utf8', 'base64']),
  content: v.string(),
});
/** Puts a text on the clipboard. */
const Copy = v.object({ type: v.literal('copy'), text: v.pipe(v.string(), v.maxLength(MAX_COPIED)) });
/** Something went wrong in the page itself: it goes to the log. */
export const PanelError = v.object({
  type: v.literal('panelError'),
  message: v.pipe(v.string(), v.maxLength(MAX_REASON)),
});

export const FromPanel = v.variant('type', [
  Ready,
  Acknowledge,
  Drawn,
  Control,
  Again,
  ResumeRun,
  ManageRun,
  TrainFile,
  ImportWeights,
  OpenSettings,
  ShowLog,
  RevealFile,
  KeepTour,
  Sampling,
  Generate,
  Watch,
  Ask,
  ChooseStep,
  Save,
  Copy,
  PanelError,
]);
export type FromPanel = v.InferOutput<typeof FromPanel>;
