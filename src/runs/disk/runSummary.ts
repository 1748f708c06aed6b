import { join } from 'node:path';
import { l10n } from '../../common/l10n.ts';
import { fileReason } from '../../common/fileReason.ts';
import { InputError } from '../../common/inputError.ts';
import { isOver } from '../../protocol/run.ts';
import type { StoredRun } from '../../protocol/storedRun.ts';
import type { FileStatus, RunFiles } from './files.ts';
import { type Owner, ownerOf } from './lock.ts';
import { runFilePath } from '../format/runFile.ts';
import { namesIn } from './trash.ts';

/** One run of a library as a list shows it. */
export interface RunSummary {
  /** The folder's name. */
  readonly runId: string;
  readonly folder: string;
  /** Undefined where `problem` says why it cannot be read. */
  readonly run: StoredRun | undefined;
  readonly problem: string | undefined;
  /** Of all files of the folder. */
  readonly bytes: number;
  readonly checkpoints: number;
  /** When any of the files last changed, milliseconds since 1970. */
  readonly changedAtMs: number;
  /** The live owner. */
  readonly owner: Owner | undefined;
  /** The run was under way, and whoever owned it is gone. */
  readonly isInterrupted: boolean;
}

/** `run.json` as it was read, and what it looked like from outside then. */
export interface ReadRunFile {
  readonly stamp: string;
  readonly run: StoredRun | undefined;
  readonly problem: string | undefined;
}

interface FolderFacts {
  readonly bytes: number;
  readonly checkpoints: number;
  readonly changedAtMs: number;
}

const CHECKPOINTS = 'checkpoints';
const BLOCK_BYTES = 512;
/** Of a folder: a run has ten files, and somebody else's may have a million. */
const MOST_NAMES = 1000;
const CHECKPOINT = /^\d{12}(-best)?\.safetensors$/;

/**
 * Looks at one run's folder. What is damaged is a summary with a problem.
 * @param known of an earlier look: `run.json` is only read again if it changed since.
 * @param readFile reads the run's `run.json`.
 * @returns undefined where there is no such folder.
 */
export async function summarize(
  runId: string,
  folder: string,
  known: ReadRunFile | undefined,
  files: RunFiles,
  readFile: (folder: string) => Promise<StoredRun>,
): Promise<{ summary: RunSummary; read: ReadRunFile } | undefined> {
  const status = await statusOf(folder, files);
  if (status?.isDirectory() !== true) return undefined;
  const [facts, read, owner] = await Promise.all([
    lookInto(folder, status, files),
    readAgain(runId, folder, known, files, readFile),
    ownerOf(folder),
  ]);
  const { run, problem } = read;
  const isInterrupted = run?.source === 'inspector' && !isOver(run.state) && owner === undefined;
  return { summary: { runId, folder, run, problem, ...facts, owner, isInterrupted }, read };
}

async function readAgain(
  runId: string,
  folder: string,
  known: ReadRunFile | undefined,
  files: RunFiles,
  readFile: (folder: string) => Promise<StoredRun>,
): Promise<ReadRunFile> {
  const status = await statusOf(runFilePath(folder), files);
  if (status === undefined)
    return { stamp: '', run: undefined, problem: l10n.t('There is no run.json in {folder}.', { folder }) };
  const stamp = `${status.mtimeMs} ${status.size}`;
  if (known?.stamp === stamp) return known;
  try {
    const run = await readFile(folder);
    if (run.runId === runId) return { stamp, run, problem: undefined };
    const problem = l10n.t(
      'The folder is named {runId}, its run.json is of the run {other}. Give the folder that name.',
      { runId, other: run.runId },
    );
    return { stamp, run: undefined, problem };
  } catch (error) {
    const problem =
      error instanceof InputError
        ? error.message
        : l10n.t('{path} cannot be read: {reason}.', { path: runFilePath(folder), reason: fileReason(error) });
    return { stamp, run: undefined, problem };
  }
}

/** Adds up the files of the folder and of the folders in it; none lie deeper. */
async function lookInto(folder: string, status: FileStatus, files: RunFiles): Promise<FolderFacts> {
  let bytes = 0;
  let checkpoints = 0;
  let changedAtMs = status.mtimeMs;
  const count = ({ size, blocks, mtimeMs }: FileStatus): void => {
    // A file may have holes, which take no room.
    bytes += blocks === undefined ? size : Math.min(size, blocks * BLOCK_BYTES);
    changedAtMs = Math.max(changedAtMs, mtimeMs);
  };
  for (const name of await namesOrNone(folder, files)) {
    const path = join(folder, name);
    const found = await statusOf(path, files);
    if (found?.isFile() === true) count(found);
    if (found?.isDirectory() !== true) continue;
    for (const inner of await namesOrNone(path, files)) {
      const file = await statusOf(join(path, inner), files);
      if (file?.isFile() !== true) continue;
      count(file);
      if (name === CHECKPOINTS && CHECKPOINT.test(inner)) checkpoints++;
    }
  }
  return { bytes, checkpoints, changedAtMs };
}

/** A folder that cannot be read counts as empty: the problem of its `run.json` says why. */
async function namesOrNone(folder: string, files: RunFiles): Promise<string[]> {
  return (await namesIn(folder, files).catch(() => [])).slice(0, MOST_NAMES);
}

/** Undefined for what is not there, or was removed meanwhile. */
async function statusOf(path: string, files: RunFiles): Promise<FileStatus | undefined> {
  try {
    return await files.stat(path);
  } catch {
    return undefined;
  }
}
