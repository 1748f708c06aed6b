import { mkdir, readdir, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import * as v from 'valibot';
import { fileReason } from '../common/fileReason.ts';
import type { Imported } from '../protocol/imported.ts';
import { RunId } from '../protocol/run.ts';
import type { RunSettings } from '../protocol/settings.ts';
import type { StoredRun, StoredText } from '../protocol/storedRun.ts';
import { followed } from '../runs/disk/files.ts';
import type { Fork } from '../runs/recording/forking.ts';
import type { TextToKeep } from '../runs/disk/keptText.ts';
import { newStoredRun } from '../runs/recording/newRun.ts';
import { RunRecorder } from '../runs/recording/recorder.ts';
import { RECORD_FILES } from '../runs/format/recordFiles.ts';
import { CommandError, UsageError } from './errors.ts';
import type { FolderPlan, StartedEvent } from './keptFolder.ts';
import { own, type Losable } from './ownership.ts';
import type { KeepOptions } from './runArguments.ts';

/** What the lock makes in a folder and may leave there. */
const OF_LOCK = new Set(['lock', 'lock.guard', 'owner.json']);
const CHECKPOINTS = 'checkpoints';

/** A run that begins, as its folder will say. */
export interface NewRun {
  readonly settings: RunSettings;
  readonly maxIterations: number | undefined;
  /** As the person names it. */
  readonly file: string;
  readonly text: Pick<StoredText, 'uri' | 'fileName' | 'encoding'>;
  /** What is copied into the folder. */
  readonly source: TextToKeep;
  readonly fork?: Fork;
  /** Of a network from elsewhere. */
  readonly imported?: Imported;
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

/** Makes the folder of a new run and owns it, before anything is read. */
export async function newFolder(
  run: NewRun,
  keep: KeepOptions,
  version: string,
): Promise<{ readonly plan: FolderPlan; readonly losable: Losable }> {
  const { folder: name, checkpointSeconds, keepTextBytes, metricsBytes } = keep;
  const named = resolve(name);
  const runId = runIdOf(name);
  const isNew = await madeOrEmpty(name, named);
  // It may lie behind a link of the person's.
  const folder = await followed(named);
  const undo = async (): Promise<void> => {
    if (isNew) await rmdir(folder).catch(() => undefined);
  };
  const { lock, losable } = await own(name, folder, { isThere: false, takesOver: false }).catch(
    async (error: unknown) => {
      await undo();
      throw error;
    },
  );
  const plan: FolderPlan = {
    name,
    lock,
    checkpointSeconds,
    metricsBytes,
    open: async (started, options) => {
      const stored = storedRun(run, runId, version, started);
      const iterations = await run.fork?.prepare?.(folder);
      if (iterations === undefined) return RunRecorder.create(folder, stored, options);
      return RunRecorder.continueAt(folder, stored, iterations, options);
    },
    opened: (recorder, { text }) => keepText(recorder, run, text.bytes, keepTextBytes),
    giveUp: async () => {
      await lock.release();
      for (const left of [...RECORD_FILES, CHECKPOINTS]) {
        await rm(join(folder, left), { recursive: true, force: true });
      }
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

function storedRun(run: NewRun, runId: string, version: string, started: StartedEvent): StoredRun {
  const { settings, maxIterations, text, fork, imported } = run;
  const elapsedMs = fork?.keepsPlace === true ? fork.from.checkpoint.elapsedMs : 0;
  const place = { runId, versions: versionsOf(version), state: 'starting', elapsedMs } as const;
  return newStoredRun({ ...place, settings, maxIterations, text, imported, ...fork?.stored }, started);
}

export function versionsOf(version: string): StoredRun['versions'] {
  return { inspector: version, node: process.versions.node };
}

/** @returns what a person should know. */
async function keepText(
  recorder: RunRecorder,
  { file, source, text }: NewRun,
  bytes: number,
  most: number,
): Promise<string | undefined> {
  // A text that is in no file is nowhere else.
  if ('path' in source && text.uri.startsWith('file:') && bytes > most) return undefined;
  if ((await recorder.keepText(source)) !== 'changed') return undefined;
  return `"${file}" changed while it was read or could not be copied, so the text is not kept with the run.`;
}
