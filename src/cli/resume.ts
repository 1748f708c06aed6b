import { join } from 'node:path';
import type { Checkpoint } from '../protocol/checkpoint.ts';
import type { RunSettings } from '../protocol/settings.ts';
import type { StoredRun, StoredText } from '../protocol/storedRun.ts';
import type { StoredCheckpoint } from '../runs/format/checkpointFile.ts';
import { RunRecorder } from '../runs/recording/recorder.ts';
import { CommandError } from './errors.ts';
import { checkEvents, whatIsThere } from './eventFile.ts';
import { isSameFile } from './files.ts';
import { formatCount, formatIterations } from './format.ts';
import { trainToTheEnd, type RunPlan, type TrainEnvironment } from './headlessRun.ts';
import type { FolderPlan } from './keptFolder.ts';
import { own } from './ownership.ts';
import type { ResumeCommand } from './runArguments.ts';
import { checkpointOf, storedRun } from './storedRuns.ts';
import { continuedRun } from '../runs/recording/continuedRun.ts';
import { followed } from '../runs/disk/files.ts';
import { describeChanges, withSettings } from '../runs/recording/settingChanges.ts';
import { versionsOf } from './newFolder.ts';
import { sourceOf } from './textOfRun.ts';
import { checkEventsFile } from './train.ts';
import { visible } from '../common/foreignText.ts';

/**
 * Goes on with a run from its newest checkpoint, to the bit; returns the exit code.
 * @throws {CommandError | InputError} where there is no such run or checkpoint, another program owns the run, its text is another
 * one, or it has nothing left to do.
 */
export async function resume(command: ResumeCommand, environment: TrainEnvironment): Promise<number> {
  const { folder: name } = command;
  // A folder that holds no run is left without a lock.
  const before = await storedRun(name);
  checkSource(before, name);
  const folder = await followed(name);
  // Whoever trains it is not disturbed for what cannot be done.
  if (command.takesOver) await checked(command, before, folder);
  const { lock, losable } = await own(name, folder, { isThere: true, takesOver: command.takesOver });
  try {
    const run = await storedRun(name);
    const plan = planOf(command, run, await checked(command, run, folder), lock, environment);
    return await trainToTheEnd(plan, environment, losable);
  } finally {
    await lock.release();
  }
}

export function checkSource({ source }: StoredRun, name: string): void {
  if (source === 'inspector') return;
  throw new CommandError(`The run in "${name}" was written by ${source}. Go on with it there.`);
}

/** What a run goes on with. */
interface Checked extends Pick<RunPlan, 'file' | 'source' | 'settings' | 'maxIterations' | 'goesOnWithEvents'> {
  readonly checkpoint: Checkpoint;
  readonly vocabulary: NonNullable<StoredCheckpoint['vocabulary']>;
  readonly text: StoredText;
  readonly moved: Awaited<ReturnType<typeof sourceOf>>['moved'];
  readonly problems: readonly string[];
}

/** Looks at everything that can be wrong, and changes nothing. */
async function checked(command: ResumeCommand, run: StoredRun, folder: string): Promise<Checked> {
  const { folder: name, eventsFile, changes } = command;
  const { checkpoint, vocabulary, problems } = await checkpointOf(name, 'last');
  const { text } = run;
  if (vocabulary === undefined || text === undefined) {
    throw new CommandError(`The run in "${name}" does not say what its text was. Train on the text anew.`);
  }
  const settings = { ...run.settings, ...changes };
  const maxIterations = command.maxIterations ?? run.maxIterations;
  checkIsLeft(run, checkpoint, settings, command, maxIterations);
  const { file, source, moved } = await sourceOf(name, command.text, text);
  await checkEventsFile(eventsFile, source.path);
  if (eventsFile !== undefined) await checkEventsOutside(eventsFile, folder);
  const goesOnWithEvents = eventsFile !== undefined && (await whatIsThere(eventsFile)) === 'file';
  if (goesOnWithEvents) await checkEvents(eventsFile, run);
  return { checkpoint, vocabulary, text, settings, maxIterations, file, source, moved, goesOnWithEvents, problems };
}

function planOf(
  command: ResumeCommand,
  run: StoredRun,
  { checkpoint, vocabulary, text, settings, maxIterations, file, source, moved, goesOnWithEvents, problems }: Checked,
  lock: FolderPlan['lock'],
  environment: TrainEnvironment,
): RunPlan {
  const { folder: name, inspection, eventsFile, checkpointSeconds, metricsBytes } = command;
  for (const problem of problems) environment.screen.write(`warning: ${visible(problem)}\n`);
  const changed = describeChanges(run.settings, settings);
  return {
    runId: run.runId,
    file,
    source,
    settings,
    maxIterations,
    inspection,
    eventsFile,
    ...(goesOnWithEvents !== undefined && { goesOnWithEvents }),
    notes:
      changed.length === 0 ? [] : [`From iteration ${formatCount(checkpoint.iteration)} on: ${changed.join(', ')}.`],
    from: {
      checkpoint,
      vocabulary,
      mode: 'exact',
      text: { bytes: text.bytes, sha256: text.sha256 },
      isPaused: false,
    },
    textChangedHint: waysOn(text, file),
    folder: {
      name,
      lock,
      checkpointSeconds,
      metricsBytes,
      open: ({ facts }, options) => {
        const continued = withSettings(continuedRun(run, checkpoint), settings, checkpoint.iteration);
        const limit = maxIterations === undefined ? {} : { maxIterations };
        const news = { facts, versions: versionsOf(environment.version), text: { ...text, ...moved } };
        const stored = { ...continued, ...news, ...limit };
        return RunRecorder.continueAt(lock.folder, stored, checkpoint.iteration, options);
      },
    },
  };
}

/** @throws {CommandError} where the run has nothing left to do, with what to say for it to go on. */
function checkIsLeft(
  { state, facts }: StoredRun,
  { iteration: done }: Checkpoint,
  { maxEpochs }: RunSettings,
  { folder, maxIterations: asked, changes: { maxEpochs: maxEpochsGiven } }: ResumeCommand,
  maxIterations = Infinity,
): void {
  const ofEpochs = facts === undefined ? Infinity : Math.max(1, Math.ceil(maxEpochs * facts.iterationsPerEpoch));
  const limit = Math.min(maxIterations, ofEpochs);
  // One that was interrupted after its last iteration still has its end before it.
  if (done < limit || (done === limit && state !== 'finished')) return;
  const has = `The run in "${folder}" has done ${formatIterations(done)}`;
  if (done >= ofEpochs) {
    throw new CommandError(`${has}, all of its ${maxEpochs} epochs. Give a higher number of them with --epochs.`);
  }
  const given =
    asked !== undefined
      ? `and --iterations is ${asked}`
      : maxEpochsGiven === undefined
        ? 'all that it was to do'
        : `and --iterations ${maxIterations}, with which it was trained, holds beside --epochs ${maxEpochsGiven}`;
  throw new CommandError(`${has}, ${given}. Give a higher number with --iterations, counted from its first one.`);
}

function waysOn({ isKept }: StoredText, file: string): string {
  const exact = isKept
    ? 'Go on with the text as it was: --text kept'
    : 'The text as it was is not kept with the run; give a copy of it with --file PATH';
  return `${exact}; or begin anew on the new text: train ${file} --out ANOTHER_RUN.`;
}

/** The files of the run are its own. */
async function checkEventsOutside(eventsFile: string, folder: string): Promise<void> {
  for (const name of ['run.json', 'metrics', 'samples', 'text']) {
    if (!(await isSameFile(join(folder, name), eventsFile))) continue;
    throw new CommandError(`--events would overwrite "${name}" of the run. Choose another file.`);
  }
}
