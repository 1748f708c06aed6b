import { readFile, stat } from 'node:fs/promises';
import { CommandError } from './errors.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'access is denied',
  EPERM: 'access is denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  ENOSPC: 'no space is left on the device',
  EFBIG: 'it grew too large for the device',
  EMFILE: 'too many files are open',
  EROFS: 'the file system is read-only',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its symbolic links lead in a circle',
  ERR_FS_FILE_TOO_LARGE: 'it is larger than 2 GiB',
};

/** @throws {CommandError} in one line, with the reason. */
export async function readInput(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new CommandError(`Cannot read "${path}": ${fileReason(error)}.`);
  }
}

/** Why the file system refused, in words. */
export function fileReason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code !== undefined ? REASONS[code] : undefined) ?? code ?? message.split('\n', 1)[0];
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
