import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileReason } from '../../common/fileReason.ts';
import { InputError } from '../../common/inputError.ts';
import type { ExportFile } from './exportedRun.ts';

/**
 * Writes a file from chunks as they come. It has its name only when it is whole: until then, and where writing fails, what was
 * there before stays as it was.
 * @throws {InputError} naming the file and why it cannot be written; what making the chunks throws comes as it is.
 */
export async function writeExport(path: string, chunks: AsyncIterable<string | Uint8Array>): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.part`);
  const file = await orRefusal(path, () => open(temporary, 'wx'));
  try {
    try {
      for await (const chunk of chunks) await orRefusal(path, () => writeAll(file, chunk));
      await orRefusal(path, () => file.sync());
    } finally {
      await file.close();
    }
    await orRefusal(path, () => rename(temporary, path));
  } catch (error) {
    // What is left over must not hide why writing failed.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

/**
 * Writes the files of an export into a folder, which is made where it is not there; files of the same names are replaced.
 * @throws {InputError} as `writeExport` does.
 */
export async function writeExportFolder(folder: string, files: readonly ExportFile[]): Promise<void> {
  await orRefusal(folder, () => mkdir(folder, { recursive: true }));
  for (const { name, chunks } of files) await writeExport(join(folder, name), chunks);
}

async function writeAll(file: FileHandle, chunk: string | Uint8Array): Promise<void> {
  const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  for (let written = 0; written < bytes.length;) {
    written += (await file.write(bytes, written)).bytesWritten;
  }
}

async function orRefusal<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw new InputError(`"${path}" cannot be written: ${fileReason(error)}. Choose another place.`);
  }
}
