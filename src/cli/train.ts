import { mkdir, readdir, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as v from 'valibot';
import { fileReason } from '../common/fileReason.ts';
import { type Imported, withFirstLoss } from '../protocol/imported.ts';
import { RunId } from '../protocol/run.ts';
import type { StoredRun } from '../protocol/storedRun.ts';
import { RunRecorder } from '../runs/recorder.ts';
import { RECORD_FILES } from '../runs/runReader.ts';
import type { KeepOptions, TrainCommand } from './arguments.ts';
import { CommandError, UsageError } from './errors.ts';
import { whatIsThere } from './eventFile.ts';
import { checkReadable, isSameFile } from './files.ts';
import { trainToTheEnd, type TrainEnvironment } from './headlessRun.ts';
import type { FolderPlan, StartedEvent } from './keptFolder.ts';
import { own, type Losable } from './ownership.ts';
import { followed } from '../runs/files.ts';

/** Of a run that is kept nowhere. */
const NO_RUN_ID = 'headless';
/** What the lock makes in a folder and may leave there. */
const OF_LOCK = new Set(['lock', 'lock.guard', 'owner.json']);

/**
 * Trains on a file until the run is over or interrupted; returns the exit code.
 * @throws {CommandError | InputError} where the file cannot be trained on, the run fails or cannot be kept, or its events cannot
 * be written.
 */
export async function train(command: TrainCommand, environment: TrainEnvironment): Promise<number> {
  const { file, settings, maxIterations, inspection, eventsFile, keep } = command;
  await checkReadable(file);
  await checkNewEventsFile(eventsFile, file);
  const folder = keep && (await newFolder(command, keep, environment.version));
  const plan = {
    runId: keep === undefined ? NO_RUN_ID : runIdOf(keep.folder),
    file,
    source: { path: resolve(file) },
    settings,
    maxIterations,
    inspection,
    eventsFile,
    ...(folder && { folder: folder.plan }),
  };
  return trainToTheEnd(plan, environment, folder?.losable);
}

/** @throws {CommandError} where the events would go where something is already. */
async function checkNewEventsFile(eventsFile: string | undefined, text: string): Promise<void> {
  await checkEventsFile(eventsFile, text);
  if (eventsFile === undefined || (await whatIsThere(eventsFile)) !== 'file') return;
  throw new CommandError(`--events is "${eventsFile}", which is there already. Choose another file, or remove it.`);
}

/** @throws {CommandError} where the events would go where the text is. */
export async function checkEventsFile(eventsFile: string | undefined, text: string): Promise<void> {
  if (eventsFile === undefined || !(await isSameFile(text, eventsFile))) return;
  throw new CommandError(`--events would overwrite the text "${text}". Choose another file.`);
}

/** The name of the folder is the run's id, by which others find it. */
export function runIdOf(folder: string): string {
  const name = basename(resolve(folder));
  const parsed = v.safeParse(RunId, name);
  if (parsed.success) return parsed.output;
  const suggested = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 64);
  throw new UsageError(
    `--out is "${folder}"; the folder's name must be 1 to 64 small letters, digits and hyphens, such as "${suggested || 'run-1'}".`,
  );
}

/** What is known of a run before its text is read. */
export interface NewRun extends Pick<TrainCommand, 'file' | 'settings' | 'maxIterations'> {
  readonly imported?: Imported;
}

/** Makes the folder of a new run and owns it, before anything is read. */
export async function newFolder(
  command: NewRun,
  keep: KeepOptions,
  version: string,
): Promise<{ readonly plan: FolderPlan; readonly losable: Losable }> {
  const { folder: name, checkpointSeconds, keepTextBytes } = keep;
  const named = resolve(name);
  const runId = runIdOf(name);
  const isNew = await madeOrEmpty(name, named);
  // It may lie behind a link of the person's.
  const folder = await followed(named);
  const undo = async (): Promise<void> => {
    if (isNew) await rmdir(folder).catch(() => undefined);
  };
  const { lock, losable } = await own(name, folder).catch(async (error: unknown) => {
    await undo();
    throw error;
  });
  const plan: FolderPlan = {
    name,
    lock,
    checkpointSeconds,
    open: (started, options) => RunRecorder.create(folder, newRun(command, runId, version, started), options),
    opened: (recorder, { text }) => keepText(recorder, command.file, text.bytes, keepTextBytes),
    giveUp: async () => {
      await lock.release();
      for (const left of RECORD_FILES) await rm(join(folder, left), { force: true });
      await undo();
    },
  };
  return { plan, losable };
}

/**
 * @returns whether the folder was made.
 * @throws {CommandError} where it cannot be made, or something is in it.
 */
async function madeOrEmpty(name: string, folder: string): Promise<boolean> {
  let names: string[];
  try {
    if (await made(folder)) return true;
    names = (await readdir(folder)).filter((entry) => !OF_LOCK.has(entry));
  } catch (error) {
    const isFile = (error as NodeJS.ErrnoException).code === 'ENOTDIR';
    const reason = isFile ? 'a part of its path is a file' : fileReason(error);
    throw new CommandError(`Cannot keep the run in "${name}": ${reason}. Choose another folder.`);
  }
  if (names.includes('run.json')) {
    throw new CommandError(
      `There is a run in "${name}" already. Go on with it: resume ${name}; or choose another folder.`,
    );
  }
  if (names.length > 0) {
    throw new CommandError(
      `The folder "${name}" is not empty: "${names[0]}" is in it. Choose a new folder for the run.`,
    );
  }
  return false;
}

/**
 * Makes a folder and those above it; @returns whether it was not there. Node's own way to do this never ends where the file
 * system says that there is no folder above one although there is, as under /proc.
 */
async function made(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    const above = dirname(folder);
    if (code !== 'ENOENT' || above === folder || !(await made(above))) throw error;
    await mkdir(folder);
    return true;
  }
}

function newRun(command: NewRun, runId: string, version: string, started: StartedEvent): StoredRun {
  const { file, settings, maxIterations, imported } = command;
  const now = new Date().toISOString();
  return {
    format: 'rnn-gradient-inspector-run',
    version: 1,
    runId,
    isPinned: false,
    source: 'inspector',
    settings,
    ...(maxIterations !== undefined && { maxIterations }),
    text: { uri: pathToFileURL(resolve(file)).href, fileName: basename(file), ...started.text, isKept: false },
    vocabulary: started.vocabulary,
    facts: started.facts,
    ...(imported && { imported: withFirstLoss(imported, started) }),
    versions: versionsOf(version),
    createdAt: now,
    changedAt: now,
    state: 'starting',
    iterations: 0,
    elapsedMs: 0,
  };
}

export function versionsOf(version: string): StoredRun['versions'] {
  return { inspector: version, node: process.versions.node };
}

/** @returns what a person should know. */
async function keepText(recorder: RunRecorder, file: string, bytes: number, most: number): Promise<string | undefined> {
  if (bytes > most) return undefined;
  if (await recorder.keepText({ path: resolve(file) })) return undefined;
  return `"${file}" changed while it was read or could not be copied, so the text is not kept with the run.`;
}
