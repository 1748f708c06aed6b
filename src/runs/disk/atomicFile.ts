import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type RunFiles, diskFiles, writeFully } from './files.ts';

/** Ends the names of files that are being written: `NAME.<16 hexadecimal digits>.tmp`. */
const TEMPORARY = /\.[0-9a-f]{16}\.tmp$/;
/** On Windows a scanner or an indexer may hold a file for a moment, and renaming over it is refused. */
const RENAME_PAUSES_MS = process.platform === 'win32' ? [5, 10, 20, 40, 80, 160, 320] : [];
const HELD_CODES = new Set(['EPERM', 'EACCES', 'EBUSY']);
/** How file systems say that a folder cannot be opened for reading, or not be flushed. */
const UNSYNCABLE_CODES = new Set(['EPERM', 'EACCES', 'EISDIR', 'EINVAL', 'ENOTSUP', 'ENOSYS', 'EBADF', 'ELINK']);

type Pieces = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

export interface ReplacementSteps {
  /** The new file is whole, and about to take the old one's place: what this throws keeps the old one. */
  readonly beforeRename?: (bytes: number) => Promise<void> | void;
  /** The new file is in place. */
  readonly renamed?: (bytes: number) => void;
}

/**
 * Replaces a file in one step: whoever reads, and whoever comes after a crash, finds the old file or the new one, never a part.
 * The folder must exist.
 * @param bytes of the file; several pieces are written one after the other, as they come.
 * @throws what the file system throws; then the old file is as it was, unless only the last step failed, which makes the
 * exchange last through a power cut, and nothing is left beside it as far as the file system allows.
 */
export async function writeAtomically(
  path: string,
  bytes: Uint8Array | Pieces,
  files: RunFiles = diskFiles,
  { beforeRename, renamed }: ReplacementSteps = {},
): Promise<void> {
  const temporary = join(dirname(path), temporaryName(basename(path)));
  try {
    const length = await writeAndSync(temporary, bytes instanceof Uint8Array ? [bytes] : bytes, files);
    await beforeRename?.(length);
    await renameWhenFree(temporary, path, files);
    renamed?.(length);
  } catch (error) {
    await files.rm(temporary).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path), files);
}

/** Whether a file of this name is one that is being written, or was when its process was killed. */
export function isTemporaryName(name: string): boolean {
  return TEMPORARY.test(name);
}

/**
 * Removes what processes that were killed while writing left in a folder. Only for whoever alone writes there.
 * @throws what the file system throws.
 */
export async function removeLeftovers(folder: string, files: RunFiles = diskFiles): Promise<void> {
  for (const name of await files.readdir(folder)) {
    if (isTemporaryName(name)) await files.rm(join(folder, name));
  }
}

/** Makes what was created, renamed or removed in a folder last through a power cut, where the platform can. */
export async function syncFolder(folder: string, files: RunFiles = diskFiles): Promise<void> {
  if (process.platform === 'win32') return;
  try {
    const handle = await files.open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!UNSYNCABLE_CODES.has(codeOf(error))) throw error;
  }
}

function temporaryName(name: string): string {
  return `${name}.${randomBytes(8).toString('hex')}.tmp`;
}

/** @returns how many bytes they are. */
async function writeAndSync(path: string, pieces: Pieces, files: RunFiles): Promise<number> {
  const handle = await files.open(path, 'wx');
  let position = 0;
  try {
    for await (const piece of pieces) {
      await writeFully(handle, piece, position);
      position += piece.length;
    }
    await handle.sync();
  } catch (error) {
    // A failure to close as well would hide the reason.
    await handle.close().catch(() => undefined);
    throw error;
  }
  // Network file systems tell of a full disk only here.
  await handle.close();
  return position;
}

async function renameWhenFree(from: string, to: string, files: RunFiles): Promise<void> {
  for (const pauseMs of RENAME_PAUSES_MS) {
    try {
      await files.rename(from, to);
      return;
    } catch (error) {
      if (!HELD_CODES.has(codeOf(error))) throw error;
      await wait(pauseMs);
    }
  }
  await files.rename(from, to);
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}
