import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Checkpoint } from '../protocol/checkpoint.ts';
import type { RunSettings } from '../protocol/settings.ts';
import type { StoredRun, StoredText } from '../protocol/storedRun.ts';
import type { TextFile } from '../protocol/worker.ts';
import { keptTextPath } from '../runs/keptText.ts';
import { RunRecorder } from '../runs/recorder.ts';
import { CommandError } from './errors.ts';
import { checkEvents, whatIsThere } from './eventFile.ts';
import { checkReadable, isSameFile } from './files.ts';
import { formatCount } from './format.ts';
import { trainToTheEnd, type RunPlan, type TrainEnvironment } from './headlessRun.ts';
import type { FolderPlan } from './keptFolder.ts';
import { own } from './ownership.ts';
import type { ResumeCommand } from './runArguments.ts';
import { checkpointOf, storedRun } from './storedRuns.ts';
import { continuedRun } from '../runs/continuedRun.ts';
import { followed } from '../runs/files.ts';
import { pathOf } from '../runs/textOfRun.ts';
import { checkEventsFile, versionsOf } from './train.ts';
import { visible } from '../common/foreignText.ts';

/**
 * Goes on with a run from its newest checkpoint, to the bit; returns the exit code.
 * @throws {CommandError | InputError} where there is no such run or checkpoint, another program owns the run, its text is another
 * one, or it has nothing left to do.
 */
export async function resume(command: ResumeCommand, environment: TrainEnvironment): Promise<number> {
  const { folder: name } = command;
  // A folder that holds no run is left without a lock.
  checkSource(await storedRun(name), name);
  const { lock, losable } = await own(name, await followed(name));
  try {
    const plan = await planOf(command, await storedRun(name), lock, environment);
    return await trainToTheEnd(plan, environment, losable);
  } finally {
    await lock.release();
  }
}

function checkSource({ source }: StoredRun, name: string): void {
  if (source === 'inspector') return;
  throw new CommandError(`The run in "${name}" was written by ${source}. Go on with it there.`);
}

async function planOf(
  command: ResumeCommand,
  run: StoredRun,
  lock: FolderPlan['lock'],
  environment: TrainEnvironment,
): Promise<RunPlan> {
  const { folder: name, inspection, eventsFile, checkpointSeconds, metricsBytes } = command;
  const { checkpoint, vocabulary, problems } = await checkpointOf(name, 'last');
  const { text } = run;
  if (vocabulary === undefined || text === undefined) {
    throw new CommandError(`The run in "${name}" does not say what its text was. Train on the text anew.`);
  }
  for (const problem of problems) environment.screen.write(`warning: ${visible(problem)}\n`);
  const settings = changedSettings(run.settings, command);
  const maxIterations = command.maxIterations ?? run.maxIterations;
  checkIsLeft(run, checkpoint, settings, command, maxIterations);
  const { file, source, moved } = await sourceOf(command, text);
  await checkEventsFile(eventsFile, source.path);
  if (eventsFile !== undefined) await checkEventsOutside(eventsFile, lock.folder);
  const goesOnWithEvents = eventsFile !== undefined && (await whatIsThere(eventsFile)) === 'file';
  if (goesOnWithEvents) await checkEvents(eventsFile, settings, run.facts?.vocabulary);
  return {
    runId: run.runId,
    file,
    source,
    settings,
    maxIterations,
    inspection,
    eventsFile,
    goesOnWithEvents,
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
        const changed = {
          ...continuedRun(run, checkpoint),
          settings,
          facts,
          versions: versionsOf(environment.version),
        };
        const limit = maxIterations === undefined ? {} : { maxIterations };
        const stored = { ...changed, ...limit, text: { ...text, ...moved } };
        return RunRecorder.continueAt(lock.folder, stored, checkpoint.iteration, options);
      },
    },
  };
}

function changedSettings(settings: RunSettings, { maxEpochs, threads }: ResumeCommand): RunSettings {
  return {
    ...settings,
    ...(maxEpochs !== undefined && { maxEpochs }),
    ...(threads !== undefined && { threads }),
  };
}

/** @throws {CommandError} where the run has nothing left to do, with what to say for it to go on. */
function checkIsLeft(
  { state, facts }: StoredRun,
  { iteration: done }: Checkpoint,
  { maxEpochs }: RunSettings,
  { folder, maxIterations: asked }: ResumeCommand,
  maxIterations = Infinity,
): void {
  const ofEpochs = facts === undefined ? Infinity : Math.max(1, Math.ceil(maxEpochs * facts.iterationsPerEpoch));
  const limit = Math.min(maxIterations, ofEpochs);
  // One that was interrupted after its last iteration still has its end before it.
  if (done < limit || (done === limit && state !== 'finished')) return;
  const has = `The run in "${folder}" has done ${formatCount(done)} iterations`;
  if (done >= ofEpochs) {
    throw new CommandError(`${has}, all of its ${maxEpochs} epochs. Give a higher number of them with --epochs.`);
  }
  const given = asked === undefined ? 'all that it was to do' : `and --iterations is ${asked}`;
  throw new CommandError(`${has}, ${given}. Give a higher number with --iterations, counted from its first one.`);
}

/** Where the text is read from now, and what of that is news. */
interface Source {
  /** For messages. */
  readonly file: string;
  readonly source: TextFile;
  readonly moved?: Pick<StoredText, 'uri' | 'fileName'>;
}

/** @throws {CommandError} where there is no text to read. */
async function sourceOf({ folder, text: choice }: ResumeCommand, text: StoredText): Promise<Source> {
  const encoding = text.encoding === undefined ? {} : { encoding: text.encoding };
  if (choice === 'kept') {
    if (!text.isKept) {
      throw new CommandError(`The text of the run in "${folder}" is not kept with it. Name its file with --file PATH.`);
    }
    const path = keptTextPath(await followed(folder));
    await checkReadable(path);
    return { file: text.fileName, source: { path, ...encoding } };
  }
  if (choice !== undefined) {
    await checkReadable(choice.path);
    const path = resolve(choice.path);
    const moved = { uri: pathToFileURL(path).href, fileName: basename(path) };
    return { file: choice.path, source: { path, ...encoding }, moved };
  }
  const path = pathOf(text);
  const kept = text.isKept ? ', or go on with the text as it was kept: --text kept' : '';
  if (path === undefined) {
    throw new CommandError(
      `The text of the run was no file here, but ${text.uri}. Name its file with --file PATH${kept}.`,
    );
  }
  await checkReadable(path).catch((error: unknown) => {
    throw new CommandError(`${(error as Error).message} Name its new place with --file PATH${kept}.`);
  });
  return { file: path, source: { path, ...encoding } };
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
