import { join } from 'node:path';
import { diskFiles, readFully, type RunFiles } from '../files.ts';
import { FrameReader } from '../frames.ts';
import { decodeRecord, type RunRecord } from '../records.ts';
import { readRun } from '../runReader.ts';
import type { ExportedRun } from './exportedRun.ts';
import { merged, validRecords } from './validRecords.ts';

const PIECE_BYTES = 2 ** 20;

/** A run in its folder, to be exported; with what of its records could not be used, for a person. */
export interface FolderRun extends ExportedRun {
  readonly problems: readonly string[];
}

/**
 * A run's folder as what exports are made of. What is written to it afterwards does not change them.
 * @throws {InputError} as `readRun` does, and what the file system throws.
 */
export async function folderRun(folder: string, files: RunFiles = diskFiles): Promise<FolderRun> {
  const { run, history, progress, baselines, problems, position } = await readRun(folder, { files });
  const valid = (name: keyof typeof position) =>
    validRecords(() => recordsOfFile(join(folder, name), position[name], files));
  return { run, history, progress, baselines, problems, records: () => merged(valid('metrics'), valid('samples')) };
}

/** The records of a file up to `end`, bytes; those that are damaged, unknown or not valid are passed over. */
async function* recordsOfFile(path: string, end: number, files: RunFiles): AsyncGenerator<RunRecord> {
  // A file that is not there has no records.
  if (end === 0) return;
  const handle = await files.open(path, 'r');
  try {
    const reader = new FrameReader(0, end);
    for (let position = 0; position < end; position += PIECE_BYTES) {
      // Each piece is an array of its own: the reader keeps what is no whole frame yet.
      const piece = new Uint8Array(Math.min(PIECE_BYTES, end - position));
      const length = await readFully(handle, piece, position);
      for (const { kind, payload } of reader.push(piece.subarray(0, length))) {
        const record = decodeRecord(kind, payload);
        if (typeof record === 'object') yield record;
      }
    }
  } finally {
    await handle.close();
  }
}
