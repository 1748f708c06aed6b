import { access, constants, stat } from 'node:fs/promises';
import { fileReason } from '../common/fileReason.ts';
import { diskFiles, followed, readFully } from '../runs/disk/files.ts';
import { CommandError } from './errors.ts';

/** JSON is parsed from one string, and V8 refuses strings past 2^29 − 24 characters. */
const MAX_INPUT_BYTES = 2 ** 29 - 24;

/** @throws {CommandError} in one line, with the reason. */
export async function readInput(path: string): Promise<Uint8Array> {
  try {
    const file = await diskFiles.open(await followed(path), 'r');
    try {
      const { size } = await file.stat();
      if (size > MAX_INPUT_BYTES)
        throw new CommandError(`Cannot read "${path}": it has ${size} bytes, more than ${MAX_INPUT_BYTES}.`);
      const bytes = new Uint8Array(size);
      return bytes.subarray(0, await readFully(file, bytes, 0));
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`Cannot read "${path}": ${fileReason(error)}.`);
  }
}

/**
 * Looks whether a file can be read, without reading it.
 * @throws {CommandError} in one line, with the reason.
 */
export async function checkReadable(path: string): Promise<void> {
  try {
    const status = await stat(path);
    if (status.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
    if (!status.isFile()) throw Object.assign(new Error('no file'), { code: 'ENOTREGULAR' });
    await access(path, constants.R_OK);
  } catch (error) {
    throw new CommandError(`Cannot read "${path}": ${fileReason(error)}.`);
  }
}

/** Whether both paths lead to the same existing file. */
export async function isSameFile(path: string, other: string): Promise<boolean> {
  try {
    const [a, b] = await Promise.all([stat(path, { bigint: true }), stat(other, { bigint: true })]);
    return a.ino === b.ino && a.dev === b.dev;
  } catch {
    // A file that cannot be looked at does not exist yet, or is refused with its reason when it is opened.
    return false;
  }
}
