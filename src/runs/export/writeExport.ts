import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileReason } from '../../common/fileReason.ts';
import { InputError } from '../../common/inputError.ts';
import { writeAtomically } from '../disk/atomicFile.ts';
import { followed } from '../disk/files.ts';
import type { ExportFile } from './exportedRun.ts';

/**
 * Writes a file from chunks as they come. It has its name only when it is whole: until then, and where writing fails, what was
 * there before stays as it was.
 * @throws {InputError} naming the file and why it cannot be written; what making the chunks throws comes as it is.
 */
export async function writeExport(path: string, chunks: AsyncIterable<string | Uint8Array>): Promise<void> {
  let isOfChunks = false;
  async function* pieces(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    } catch (error) {
      isOfChunks = true;
      throw error;
    }
  }
  try {
    // A person may have chosen a folder behind a link.
    await writeAtomically(join(await followed(dirname(path)), basename(path)), pieces());
  } catch (error) {
    throw isOfChunks ? error : refusal(path, error);
  }
}

/**
 * Writes the files of an export into a folder, which is made where it is not there; files of the same names are replaced.
 * @throws {InputError} as `writeExport` does.
 */
export async function writeExportFolder(folder: string, files: readonly ExportFile[]): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw refusal(folder, error);
  }
  for (const { name, chunks } of files) await writeExport(join(folder, name), chunks);
}

function refusal(path: string, error: unknown): InputError {
  return new InputError(`"${path}" cannot be written: ${fileReason(error)}. Choose another place.`);
}
