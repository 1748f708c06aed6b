import { networkOf } from '../../network/network.ts';
import { readRunFile } from '../format/runFile.ts';
import { diskFiles, type RunFiles } from '../disk/files.ts';
import type { OpenedRecords } from '../format/frameScan.ts';
import { columnsOf } from '../format/columns.ts';
import { RecordDecoder } from '../format/recordDecoder.ts';
import type { RunRecord } from '../format/records.ts';
import { closeRecordFiles, openRecordFiles, type RecordFileName } from '../format/recordFiles.ts';
import { readOpened } from '../reading/runReader.ts';
import type { ExportedRun } from './exportedRun.ts';
import { merged, validRecords } from './validRecords.ts';

/** A run in its folder, to be exported; with what of its records could not be used, for a person. */
export interface FolderRun extends ExportedRun {
  readonly problems: readonly string[];
}

/**
 * Lets a run's folder be used as what exports are made of. What is written to it meanwhile does not change them.
 * @throws {InputError} as `readRun` does, and what the file system throws.
 */
export async function withFolderRun<R>(
  folder: string,
  use: (run: FolderRun) => Promise<R>,
  files: RunFiles = diskFiles,
): Promise<R> {
  const stored = await readRunFile(folder, files);
  const opened = await openRecordFiles(folder, files);
  try {
    const { run, history, progress, wholeFrom, baselines, problems, position } = await readOpened(stored, opened);
    const network = networkOf(run.settings);
    const wanted = columnsOf(network);
    const valid = (name: RecordFileName) =>
      validRecords(() => recordsOf(opened[name], position[name].end, new RecordDecoder({ wanted })));
    const records = () => merged(valid('metrics'), valid('samples'));
    return await use({ run, network, history, progress, wholeFrom, baselines, problems, records });
  } finally {
    await closeRecordFiles(opened);
  }
}

/** The records of a file up to `end`, bytes; those that are damaged, unknown or not valid are passed over. */
async function* recordsOf(opened: OpenedRecords, end: number, decoder: RecordDecoder): AsyncGenerator<RunRecord> {
  for await (const { kind, payload } of opened.frames(end)) {
    const record = decoder.decode(kind, payload);
    if (typeof record === 'object') yield record;
  }
}
