import { join } from 'node:path';
import type { Checkpoint } from '../protocol/checkpoint.ts';
import type { RunSettings } from '../protocol/settings.ts';
import type { StoredRun, StoredText } from '../protocol/storedRun.ts';
import { RunRecorder } from '../runs/recorder.ts';
import { CommandError } from './errors.ts';
import { checkEvents, whatIsThere } from './eventFile.ts';
import { isSameFile } from './files.ts';
import { formatCount } from './format.ts';
import { trainToTheEnd, type RunPlan, type TrainEnvironment } from './headlessRun.ts';
import type { FolderPlan } from './keptFolder.ts';
import { own } from './ownership.ts';
import type { ResumeCommand } from './runArguments.ts';
import { checkpointOf, storedRun } from './storedRuns.ts';
import { continuedRun } from '../runs/continuedRun.ts';
import { followed } from '../runs/files.ts';
import { describeChanges, withSettings } from '../runs/settingChanges.ts';
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
  checkSource(await storedRun(name), name);
  const { lock, losable } = await own(name, await followed(name), { isThere: true, takesOver: command.takesOver });
  try {
    const plan = await planOf(command, await storedRun(name), lock, environment);
    return await trainToTheEnd(plan, environment, losable);
  } finally {
    await lock.release();
  }
}

export function checkSource({ source }: StoredRun, name: string): void {
  if (source === 'inspector') return;
  throw new CommandError(`The run in "${name}" was written by ${source}. Go on with it there.`);
}

async function planOf(
  command: ResumeCommand,
  run: StoredRun,
  lock: FolderPlan['lock'],
  environment: TrainEnvironment,
): Promise<RunPlan> {
  const { folder: name, inspection, eventsFile, checkpointSeconds, metricsBytes, changes } = command;
  const { checkpoint, vocabulary, problems } = await checkpointOf(name, 'last');
  const { text } = run;
  if (vocabulary === undefined || text === undefined) {
    throw new CommandError(`The run in "${name}" does not say what its text was. Train on the text anew.`);
  }
  for (const problem of problems) environment.screen.write(`warning: ${visible(problem)}\n`);
  const settings = { ...run.settings, ...changes };
  const maxIterations = command.maxIterations ?? run.maxIterations;
  checkIsLeft(run, checkpoint, settings, command, maxIterations);
  const { file, source, moved } = await sourceOf(name, command.text, text);
  await checkEventsFile(eventsFile, source.path);
  if (eventsFile !== undefined) await checkEventsOutside(eventsFile, lock.folder);
  const goesOnWithEvents = eventsFile !== undefined && (await whatIsThere(eventsFile)) === 'file';
  if (goesOnWithEvents) await checkEvents(eventsFile, run);
  const changed = describeChanges(run.settings, settings);
  return {
    runId: run.runId,
    file,
    source,
    settings,
    maxIterations,
    inspection,
    eventsFile,
    goesOnWithEvents,
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
