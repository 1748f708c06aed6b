import * as v from 'valibot';
import type { Network } from '../network/network.ts';
import { PanelError, Save } from './panel.ts';
import { RunId, RunState, Sample, Settings } from './run.ts';
import { ForkedFrom } from './storedRun.ts';

/**
 * The boundary between the host and the page that compares runs. The page says `ready` and gets every run; from then on it
 * gets those that changed, after it has acknowledged the message before. Nothing here grows with the length of a run.
 */

/** Runs that can still be told apart. */
export const MOST_COMPARED = 8;

/** The columns of the history of a run of this network that are compared over training. Norms are before clipping. */
export function curveColumnsOf({ parameterNames }: Pick<Network, 'parameterNames'>): readonly string[] {
  return ['lossSmoothedNats', 'gradNorm', ...parameterNames.map((name) => `gradNorm_${name}`)];
}

/** By its folder a run is known here: in another place there may be another run of the same id. */
export const RunFolder = v.pipe(v.string(), v.minLength(1), v.maxLength(4096));

const Count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** Pairs travel as (pairs, 2) in one array: JSON would lose what is not finite, and VS Code sends few arrays a message. */
const Pairs = v.instance(Float64Array);

/** What tells whether the losses of two runs can be compared. */
export const ComparedText = v.object({
  /** Equal for equal bytes; absent where the bytes were not kept in mind. */
  sha256: v.optional(v.string()),
  /** Equal for vocabularies of the same symbols. */
  vocabularyId: v.string(),
  symbols: Count,
  trainingCharacters: Count,
  validationCharacters: Count,
});
export type ComparedText = v.InferOutput<typeof ComparedText>;

export const ComparedRun = v.object({
  folder: RunFolder,
  /** Forks name the run that they come from by it. */
  runId: RunId,
  /** Given by a person. */
  name: v.optional(v.string()),
  fileName: v.string(),
  settings: Settings,
  state: RunState,
  /** Why it failed, for the person. */
  failure: v.optional(v.string()),
  /** Known once the text is read. */
  text: v.optional(ComparedText),
  /** What computes it: "relaxed kernels on 2 threads". */
  kernels: v.optional(v.string()),
  /** How many numbers its network learns; known once the text is read. */
  parameters: v.optional(Count),
  iterations: Count,
  elapsedMs: v.number(),
  /** Of a fork. */
  forkedFrom: v.optional(ForkedFrom),
  /** The lowest validation loss, of a fork since it began. */
  best: v.optional(v.object({ iteration: Count, lossNats: v.number() })),
  curves: v.object({
    /** (points): the middle of the iterations that a point stands for, ascending; the last one is the last iteration alone. */
    iteration: v.instance(Float64Array),
    /** (the columns of its network, points): means over these iterations. */
    mean: v.instance(Float32Array),
  }),
  /** (validations, 2): iteration, loss in nats. */
  validations: Pairs,
  /** (points, 2): iteration, milliseconds spent on iterations until then. */
  clock: Pairs,
  /** (windows, 2): iteration, the lag at which the lag profile falls under 1 %; NaN where it does not within the window. */
  horizons: Pairs,
  /** (windows): of which of `comparedReaches` of its network each horizon is, of several that last alike of all; none where it is not known. */
  horizonsOf: v.optional(v.array(v.array(v.string()))),
  /** The newest inspection: (the step quantities of its network, T). */
  profile: v.optional(v.object({ iteration: Count, stepNorm: v.instance(Float32Array) })),
  /** The newest text that the network wrote. */
  sample: v.optional(Sample),
});
export type ComparedRun = v.InferOutput<typeof ComparedRun>;

const Comparison = v.object({
  type: v.literal('comparison'),
  sequence: Count,
  /** All runs of the comparison, in order; of those that `runs` does not have nothing changed. */
  folders: v.pipe(v.array(RunFolder), v.maxLength(MOST_COMPARED)),
  runs: v.array(ComparedRun),
  /** Runs that cannot be read, and why, for the person. */
  unreadable: v.array(v.object({ folder: RunFolder, message: v.string() })),
});
export type ComparisonMessage = v.InferOutput<typeof Comparison>;
/** A picture was saved, or why it was not; neither where the person changed their mind. */
const Saved = v.object({ type: v.literal('saved'), message: v.optional(v.string()) });

export const ToComparison = v.variant('type', [Comparison, Saved]);
export type ToComparison = v.InferOutput<typeof ToComparison>;

/** The page mounted, or lost step: send everything. */
const Ready = v.object({ type: v.literal('ready') });
const Acknowledge = v.object({ type: v.literal('acknowledge'), sequence: Count });
const Remove = v.object({ type: v.literal('remove'), folder: RunFolder });
/** Shows a run in a panel of its own. */
const Open = v.object({ type: v.literal('open'), folder: RunFolder });
export const FromComparison = v.variant('type', [Ready, Acknowledge, Remove, Open, Save, PanelError]);
export type FromComparison = v.InferOutput<typeof FromComparison>;

/** What VS Code keeps of the page over a reload of the window. Earlier versions knew runs by their ids alone. */
export const ComparisonPageState = v.union([
  v.object({ folders: v.pipe(v.array(RunFolder), v.maxLength(MOST_COMPARED)) }),
  v.object({ runIds: v.pipe(v.array(RunId), v.maxLength(MOST_COMPARED)) }),
]);
export type ComparisonPageState = v.InferOutput<typeof ComparisonPageState>;
