import { access, constants, readFile, stat } from 'node:fs/promises';
import { fileReason } from '../common/fileReason.ts';
import { CommandError } from './errors.ts';

/** @throws {CommandError} in one line, with the reason. */
export async function readInput(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new CommandError(`Cannot read "${path}": ${fileReason(error)}.`);
  }
}

/**
 * Looks whether a file can be read, without reading it.
 * @throws {CommandError} in one line, with the reason.
 */
export async function checkReadable(path: string): Promise<void> {
  try {
    if ((await stat(path)).isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
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
