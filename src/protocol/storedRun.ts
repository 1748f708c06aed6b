import * as v from 'valibot';
import { l10n } from '../common/l10n.ts';
import { groupDigits } from '../common/format.ts';
import { isolated } from '../common/written.ts';
import { MAX_FILE_NAME, MAX_REASON, MAX_RUN_NAME } from '../common/limits.ts';
import { VocabularyCodes } from './checkpoint.ts';
import { Imported } from './imported.ts';
import { NotFinite, RunFacts, RunId, RunState, SampleOptions, Settings } from './run.ts';

/** `run.json` of a run's folder: what the run is and how it stands. Whoever owns the run replaces it whole at every change. */

const Count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** ISO 8601, UTC. */
const Time = v.pipe(v.string(), v.isoTimestamp());

/** The text as it was read: what is needed to know it again. */
export const StoredText = v.object({
  /** Of the file or the document. */
  uri: v.pipe(v.string(), v.maxLength(32_768)),
  fileName: v.pipe(v.string(), v.maxLength(MAX_FILE_NAME)),
  /** Bytes that were read: of the file, or of a document's text in UTF-8. */
  bytes: Count,
  /** Of these bytes, 64 hexadecimal digits. */
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  /** A label that `TextDecoder` knows, where the bytes are not UTF-8 and have no mark. */
  encoding: v.optional(v.pipe(v.string(), v.maxLength(100))),
  /** Whether these bytes are in the run's folder, as the file `text`. */
  isKept: v.boolean(),
});
export type StoredText = v.InferOutput<typeof StoredText>;

/** What a fork comes from. */
export const ForkedFrom = v.object({
  runId: RunId,
  /** Of the other run: that of the checkpoint. */
  iteration: Count,
  /** What the other run went by then. */
  label: v.optional(v.pipe(v.string(), v.maxLength(MAX_RUN_NAME))),
  /** After so many iterations its own begin: those before are the other run's. Where it is missing, all up to `iteration`. */
  ownFrom: v.optional(Count),
});
export type ForkedFrom = v.InferOutput<typeof ForkedFrom>;

/**
 * Of what a fork is one, and from where: "fork of “deep” from iteration 1 200".
 * @param name of the other run as it is now; where it is gone, it goes by what it went by then.
 */
export function forkText({ runId, label, iteration }: ForkedFrom, name = label ?? runId): string {
  return l10n.t('fork of “{name}” from iteration {iteration}', {
    name: isolated(name),
    iteration: groupDigits(iteration),
  });
}
/** Changes that are kept: the newest. */
export const MAX_SETTING_CHANGES = 1000;
const SomeSettings = v.pipe(
  v.record(v.pipe(v.string(), v.maxLength(100)), v.union([v.pipe(v.string(), v.maxLength(100)), v.number()])),
  v.maxEntries(100),
);

/** Settings that a person changed when the run was gone on with, or forked. */
export const SettingChange = v.object({
  /** The first iteration that was computed with the new ones. */
  iteration: Count,
  before: SomeSettings,
  after: SomeSettings,
});
export type SettingChange = v.InferOutput<typeof SettingChange>;

export const StoredRun = v.object({
  format: v.literal('rnn-gradient-inspector-run'),
  version: v.literal(1),
  runId: RunId,
  /** Given by a person; without, the run goes by its file and its settings. */
  name: v.optional(v.pipe(v.string(), v.maxLength(MAX_RUN_NAME))),
  isPinned: v.optional(v.boolean(), false),
  /** Which program writes it: a run of another one can be followed and imported, not resumed. */
  source: v.optional(v.picklist(['inspector', 'train.py']), 'inspector'),
  /** As they are now. */
  settings: Settings,
  /** What they were before, oldest change first. */
  settingChanges: v.optional(v.pipe(v.array(SettingChange), v.maxLength(MAX_SETTING_CHANGES))),
  /** Ends the run after so many iterations, if that is before `maxEpochs`. */
  maxIterations: v.optional(Count),
  /** Known once the text is read. */
  text: v.optional(StoredText),
  vocabulary: v.optional(VocabularyCodes),
  facts: v.optional(RunFacts),
  sampling: v.optional(SampleOptions),
  /** Of what wrote it: the extension or program, Node or Python, VS Code or PyTorch. */
  versions: v.pipe(v.record(v.string(), v.pipe(v.string(), v.maxLength(1000))), v.maxEntries(100)),
  createdAt: Time,
  /** When the state last changed. */
  changedAt: Time,
  endedAt: v.optional(Time),
  state: RunState,
  /** Iterations done and the seconds spent on them, as far as was known when this was written. */
  iterations: v.optional(Count, 0),
  elapsedMs: v.optional(v.number(), 0),
  best: v.optional(v.object({ iteration: Count, lossNats: v.number() })),
  notFinite: v.optional(NotFinite),
  /** Why it failed, for the person. */
  failure: v.optional(v.pipe(v.string(), v.maxLength(MAX_REASON))),
  forkedFrom: v.optional(ForkedFrom),
  imported: v.optional(Imported),
});
export type StoredRun = v.InferOutput<typeof StoredRun>;

/** Whether the network of a validation is one that the run made: a fork's history begins with that of the run that it comes from. */
export function isOwnValidation({ forkedFrom }: Pick<StoredRun, 'forkedFrom'>, iteration: number): boolean {
  return forkedFrom === undefined || iteration > (forkedFrom.ownFrom ?? forkedFrom.iteration);
}

/** The best validation of the run itself. */
export function ownBest(run: Pick<StoredRun, 'forkedFrom' | 'best'>): StoredRun['best'] {
  return run.best !== undefined && isOwnValidation(run, run.best.iteration) ? run.best : undefined;
}
