import { dirname } from 'node:path';
import { l10n } from '../../common/l10n.ts';
import { InputError } from '../../common/inputError.ts';
import { networkOf } from '../../network/network.ts';
import type { StoredRun } from '../../protocol/storedRun.ts';
import { removeLeftovers, syncFolder } from '../disk/atomicFile.ts';
import { CheckpointFolder } from '../disk/checkpoints.ts';
import { diskFiles, isThere, type RunFiles } from '../disk/files.ts';
import { RecordStream } from './recordStream.ts';
import { columnsOf } from '../format/columns.ts';
import { runFilePath, writeRunFile } from '../format/runFile.ts';
import { writeTrouble } from '../disk/troubles.ts';

/** Makes a run's folder ready for a recorder. */

/** The files of records of a run, open at their ends. */
export interface RecordStreams {
  readonly metrics: RecordStream;
  readonly samples: RecordStream;
}

/**
 * Makes the folder of a new run.
 * @throws {InputError} where there is a run already, or the folder cannot be written.
 */
export function makeRunFolder(folder: string, run: StoredRun, files: RunFiles = diskFiles): Promise<RecordStreams> {
  return explained(folder, async () => {
    await files.mkdir(folder);
    if (await isThere(runFilePath(folder), files)) {
      throw new InputError(
        l10n.t('There is a run in {folder} already. Choose another folder, or resume that run.', { folder }),
      );
    }
    const columns = columnsOf(networkOf(run.settings));
    const metrics = await RecordStream.create(folder, 'metrics', files, columns);
    const samples = await RecordStream.create(folder, 'samples', files, columns);
    // Comes last: a folder without it is no run yet.
    await writeRunFile(folder, run, files);
    // The folder itself is a name in the one above it.
    await syncFolder(dirname(folder), files);
    return { metrics, samples };
  });
}

/**
 * Takes a run's folder back to iteration `iterations`: what was recorded beyond becomes void, checkpoints beyond are removed.
 * @throws {InputError} where the records are of another version or the folder cannot be written.
 */
export function takeBackRunFolder(
  folder: string,
  run: StoredRun,
  iterations: number,
  files: RunFiles = diskFiles,
): Promise<RecordStreams> {
  return explained(folder, async () => {
    await removeLeftovers(folder, files);
    // Before the rewind: a checkpoint beyond the rows would otherwise be what the next resume starts from.
    await new CheckpointFolder(folder, files).removeAfter(iterations);
    const columns = columnsOf(networkOf(run.settings));
    const metrics = await RecordStream.continueAt(folder, 'metrics', iterations, files, columns);
    const samples = await RecordStream.continueAt(folder, 'samples', iterations, files, columns);
    await writeRunFile(folder, run, files);
    return { metrics, samples };
  });
}

/** What the file system throws, in words for a person. */
async function explained<R>(folder: string, work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    const isOfSystem = error instanceof Error && 'code' in error;
    throw isOfSystem ? new InputError(writeTrouble(folder, error)) : error;
  }
}
