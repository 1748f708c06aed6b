import { fileReason } from '../common/fileReason.ts';
import type { StoredRun } from '../protocol/storedRun.ts';
import { CheckpointFolder, type CheckpointInfo } from '../runs/disk/checkpoints.ts';
import type { StoredCheckpoint } from '../runs/format/checkpointFile.ts';
import { withFolderRun, type FolderRun } from '../runs/export/folderRun.ts';
import { followed } from '../runs/disk/files.ts';
import { readRunFile } from '../runs/format/runFile.ts';
import type { CheckpointChoice } from './runArguments.ts';
import { CommandError } from './errors.ts';

/** Reads the folders of runs that a person names. */

/** @throws {CommandError | InputError} where there is no run or it cannot be read. */
export function storedRun(name: string): Promise<StoredRun> {
  return orRefusal(name, async () => readRunFile(await followed(name)));
}

/** Uses a run with all that it recorded. @throws {CommandError | InputError} where there is no run or it cannot be read. */
export function withWholeRun<R>(name: string, use: (run: FolderRun) => Promise<R>): Promise<R> {
  return orRefusal(name, async () => withFolderRun(await followed(name), use));
}

async function orRefusal<R>(name: string, read: () => Promise<R>): Promise<R> {
  try {
    return await read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new CommandError(`There is no run in "${name}": it has no run.json. Name the folder of a run.`);
    }
    if (code !== undefined) throw new CommandError(`Cannot read the run in "${name}": ${fileReason(error)}.`);
    throw error;
  }
}

export interface ChosenCheckpoint extends StoredCheckpoint {
  readonly info: CheckpointInfo;
  /** What is wrong with newer ones, a sentence each. */
  readonly problems: readonly string[];
}

/**
 * A checkpoint of a run.
 * @throws {CommandError | InputError} where there is none, or it cannot be read.
 */
export async function checkpointOf(name: string, choice: CheckpointChoice): Promise<ChosenCheckpoint> {
  const folder = new CheckpointFolder(await followed(name));
  if (choice === 'last') {
    const newest = await folder.newestReadable();
    if (newest !== undefined) return newest;
    throw new CommandError(`The run in "${name}" has no checkpoint. Train on its text anew.`);
  }
  const infos = await folder.list();
  const info = infos.find(({ isBest, iteration }) => (choice === 'best' ? isBest : iteration === choice));
  if (info !== undefined) return { ...(await folder.read(info)), info, problems: [] };
  const there = infos.map(({ iteration, isBest }) => `${iteration}${isBest ? ' (best)' : ''}`).join(', ');
  const wish = choice === 'best' ? 'of a best validation' : `of iteration ${choice}`;
  throw new CommandError(
    infos.length === 0
      ? `The run in "${name}" has no checkpoint. Train on its text anew.`
      : `The run in "${name}" has no checkpoint ${wish}. Those that it has are ${there}.`,
  );
}

export function describeCheckpoint({ info }: ChosenCheckpoint): string {
  return `the checkpoint of iteration ${info.iteration}${info.isBest ? ', the best validation so far' : ''}`;
}
