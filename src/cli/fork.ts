import { basename } from 'node:path';
import { visible } from '../common/foreignText.ts';
import type { RunSettings } from '../protocol/settings.ts';
import type { StoredRun, StoredText } from '../protocol/storedRun.ts';
import type { TextFile } from '../protocol/worker.ts';
import { digestOfFile } from '../runs/disk/fileDigest.ts';
import { followed } from '../runs/disk/files.ts';
import { forkAt, type Fork } from '../runs/recording/forking.ts';
import { asSetBefore, describeChanges } from '../runs/recording/settingChanges.ts';
import { CommandError } from './errors.ts';
import { formatIterations } from './format.ts';
import { trainToTheEnd, type TrainEnvironment } from './headlessRun.ts';
import { newFolder, runIdOf, type NewRun } from './newFolder.ts';
import { checkSource } from './resume.ts';
import type { ForkCommand } from './runArguments.ts';
import { checkpointOf, storedRun } from './storedRuns.ts';
import { sourceOf } from './textOfRun.ts';
import { checkNewEventsFile, storedPlace } from './train.ts';

/**
 * Trains a new run that begins with the network of a checkpoint of another one, and leaves that one as it is; returns the exit code.
 * @throws {CommandError | InputError} where there is no such run or checkpoint, its text is not to be had, or the new run fails or
 * cannot be kept.
 */
export async function fork(command: ForkCommand, environment: TrainEnvironment): Promise<number> {
  const { folder: name, changes, maxIterations, inspection, eventsFile, keep } = command;
  const run = await storedRun(name);
  checkSource(run, name);
  const chosen = await checkpointOf(name, command.checkpoint);
  if (chosen.vocabulary === undefined || run.text === undefined) {
    throw new CommandError(`The run in "${name}" does not say what its text was. Train on the text anew.`);
  }
  for (const problem of chosen.problems) environment.screen.write(`warning: ${visible(problem)}\n`);
  // Here nobody could go on with a fork that waits.
  const settings: RunSettings = { ...run.settings, ...changes, startPaused: 'no' };
  const text = await textOfFork(command, run.text);
  await checkNewEventsFile(eventsFile, text.source.path);
  const parent = await followed(name);
  const forked = forkAt({
    run,
    label: run.name ?? basename(parent),
    folder: parent,
    chosen,
    settings,
    textSha256: text.sha256,
  });
  const { iteration } = chosen.checkpoint;
  checkIsLeft(run, forked, settings, maxIterations);
  const { file, source, stored } = text;
  const newRun: NewRun = { settings, maxIterations, file, text: stored, source, fork: forked };
  const { plan, losable } = await newFolder(newRun, keep, environment.version);
  const changed = describeChanges(asSetBefore(run, iteration).settings, settings);
  const how = forked.keepsPlace ? 'and goes on with its count' : 'and counts anew';
  return trainToTheEnd(
    {
      runId: runIdOf(keep.folder),
      file,
      source,
      settings,
      maxIterations,
      inspection,
      eventsFile,
      from: forked.from,
      folder: plan,
      notes: [
        `It begins with the network of "${name}" after ${formatIterations(iteration)}, ${how}: ${changed.join(', ') || 'the same settings'}.`,
      ],
    },
    environment,
    losable,
  );
}

/** What a fork reads, where it is found again, and what it is. */
interface TextOfFork {
  readonly file: string;
  readonly source: TextFile;
  readonly stored: NewRun['text'];
  readonly sha256: string;
}

/** The text of the run, or another one where its file is named. */
async function textOfFork({ folder, text: choice, encoding }: ForkCommand, text: StoredText): Promise<TextOfFork> {
  const { file, source, moved } = await sourceOf(folder, choice, text);
  const { sha256 } = await digestOfFile(await followed(source.path));
  const isSame = sha256 === text.sha256;
  if (isSame && encoding !== undefined) {
    throw new CommandError(
      `"${file}" is the text of the run, which was read as ${text.encoding ?? 'utf-8'}; --encoding is for another text.`,
    );
  }
  if (isSame) {
    const { uri, fileName, encoding: said } = text;
    return { file, source, stored: { uri, fileName, ...moved, ...(said !== undefined && { encoding: said }) }, sha256 };
  }
  if (choice === undefined || choice === 'kept') {
    const kept = text.isKept
      ? 'Fork it with the text as it was: --text kept; or with'
      : 'Fork it with a copy of it as it was, or with';
    throw new CommandError(`"${file}" changed since the run began. ${kept} the new text: --file ${file}`);
  }
  const { path } = source;
  const said = encoding === undefined ? {} : { encoding };
  return { file, source: { path, ...said }, stored: { ...storedPlace(path), ...said }, sha256 };
}

/** @throws {CommandError} where the fork would end at once, with what to say for it to train. */
function checkIsLeft(
  { facts }: StoredRun,
  { keepsPlace, from }: Fork,
  { maxEpochs }: RunSettings,
  maxIterations = Infinity,
): void {
  const { iteration } = from.checkpoint;
  const ofEpochs = Math.max(1, Math.ceil(maxEpochs * (facts?.iterationsPerEpoch ?? Infinity)));
  if (!keepsPlace || iteration < Math.min(ofEpochs, maxIterations)) return;
  const [limit, more] =
    iteration >= ofEpochs
      ? [`all of its ${maxEpochs} epochs`, `--set maxEpochs=${2 * maxEpochs}`]
      : [`and --iterations is ${maxIterations}`, 'a higher number with --iterations, counted from its first one'];
  throw new CommandError(`The checkpoint has ${formatIterations(iteration)}, ${limit}. Give the fork more: ${more}.`);
}
