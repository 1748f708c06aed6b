import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir, realpath, rename, rm, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { l10n } from '../../common/l10n.ts';
import { fileReason } from '../../common/fileReason.ts';

/**
 * What runs on disk need of the file system. The disk itself is `diskFiles`; tests put another layer in between, in which any
 * operation can fail.
 */

export interface FileStatus {
  /** Bytes. */
  readonly size: number;
  readonly mtimeMs: number;
  /** Of 512 bytes, on the disk; undefined where the system does not say. */
  readonly blocks?: number;
  /** Tells one file or folder of a device from another. */
  readonly ino: number;
  /** When it was made, where the system says: the number of one that is gone may be another one's. */
  readonly birthtimeMs: number;
  isFile(): boolean;
  isDirectory(): boolean;
}

/** An open file. Every read and write says where in the file it happens; no position is kept. */
export interface RunFileHandle {
  /** Reads up to `length` bytes at `position` of the file into `bytes` from `offset` on; 0 are read at the end of the file. */
  read(bytes: Uint8Array, offset: number, length: number, position: number): Promise<{ readonly bytesRead: number }>;
  /** Writes up to `length` bytes of `bytes` from `offset` on at `position` of the file; they may be fewer. */
  write(
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesWritten: number }>;
  truncate(length: number): Promise<void>;
  /** Returns when all that was written is on the device. */
  sync(): Promise<void>;
  stat(): Promise<FileStatus>;
  close(): Promise<void>;
}

/**
 * A run may have come from somebody else: only its regular files and real folders are used, no link in it is followed, and nothing in it
 * is waited for, such as a pipe. Each operation throws an error of the code `ELINK` or `ENOTREGULAR` where it would have to.
 */
export interface RunFiles {
  /** Makes a folder and those above it; it may exist. */
  mkdir(path: string): Promise<void>;
  /** @param flags not `a`: positions are ignored there. */
  open(path: string, flags: OpenFlags): Promise<RunFileHandle>;
  rename(from: string, to: string): Promise<void>;
  /** Removes a file, or a folder with all that is in it; it need not exist. Of a link the link alone. */
  rm(path: string): Promise<void>;
  /** The names in a folder, without those of the folders themselves. */
  readdir(path: string): Promise<string[]>;
  /** Of a link, the link itself: it is neither a file nor a folder. */
  stat(path: string): Promise<FileStatus>;
  /** Bytes that may still be written to the disk of a folder. @throws where the system does not say. */
  freeBytes(folder: string): Promise<number>;
}

const { O_RDONLY, O_RDWR, O_WRONLY, O_CREAT, O_EXCL, O_TRUNC } = constants;
const FLAGS = {
  r: O_RDONLY,
  'r+': O_RDWR,
  w: O_WRONLY | O_CREAT | O_TRUNC,
  wx: O_WRONLY | O_CREAT | O_EXCL,
} as const;
export type OpenFlags = keyof typeof FLAGS;

/** What was looked at before may be another thing by now. Windows has neither. */
const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants as Partial<typeof constants>;

export const diskFiles: RunFiles = {
  async mkdir(path) {
    const status = await statusOf(path);
    if (status === undefined) await mkdir(path, { recursive: true });
    else checkFolder(path, status);
  },
  async open(path, flags) {
    const status = await statusOf(path);
    if (status?.isDirectory() === true) return open(path, flags);
    checkFolder(dirname(path), await lstat(dirname(path)));
    if (status !== undefined) checkRegular(path, status);
    const handle = await open(path, FLAGS[flags] | O_NOFOLLOW | O_NONBLOCK, 0o666);
    try {
      checkRegular(path, await handle.stat());
      return handle;
    } catch (error) {
      await handle.close();
      throw error;
    }
  },
  async rename(from, to) {
    for (const folder of new Set([dirname(from), dirname(to)])) checkFolder(folder, await lstat(folder));
    await rename(from, to);
  },
  async rm(path) {
    const folder = await statusOf(dirname(path));
    if (folder === undefined) return;
    checkFolder(dirname(path), folder);
    await rm(path, { recursive: true, force: true });
  },
  async readdir(path) {
    checkFolder(path, await lstat(path));
    return readdir(path);
  },
  stat: (path) => lstat(path),
  async freeBytes(folder) {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  },
};

interface Kind {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

/** Undefined where there is nothing. */
async function statusOf(path: string): Promise<Kind | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function checkFolder(path: string, status: Kind): void {
  if (status.isSymbolicLink()) throw refusal('ELINK', path);
  if (!status.isDirectory()) throw refusal('ENOTDIR', path);
}

function checkRegular(path: string, status: Kind): void {
  if (status.isSymbolicLink()) throw refusal('ELINK', path);
  if (!status.isFile()) throw refusal('ENOTREGULAR', path);
}

function refusal(code: string, path: string): Error {
  const error = Object.assign(new Error(), { code, path });
  error.message = l10n.t('{path} cannot be used: {reason}.', { path, reason: fileReason(error) });
  return error;
}

/**
 * Where a path that a person named leads to: they may name a link, in which a run lies or a file.
 * @returns the path itself where there is nothing.
 * @throws what the file system throws, such as for a link that leads nowhere.
 */
export async function followed(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if ((await statusOf(path).catch(() => undefined)) === undefined) return resolve(path);
    throw error;
  }
}

/** Whether there is anything of this name. @throws what the file system throws for any other reason than that there is nothing. */
export async function isThere(path: string, files: RunFiles): Promise<boolean> {
  try {
    await files.stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** Tells a file from another one that takes its place. */
export function identityOf({ ino, birthtimeMs }: FileStatus): string {
  return `${ino}-${birthtimeMs}`;
}

/** So much goes through one call. Node ends the whole process for more than 2³¹ − 1 bytes. */
const CALL_BYTES = 2 ** 28;

/** Writes all of `bytes` at `position`, however many calls that takes. */
export async function writeFully(handle: RunFileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const length = Math.min(bytes.length - done, CALL_BYTES);
    const { bytesWritten } = await handle.write(bytes, done, length, position + done);
    if (bytesWritten === 0) throw Object.assign(new Error(l10n.t('nothing could be written')), { code: 'EIO' });
    done += bytesWritten;
  }
}

/** Fills `bytes` from `position` on and returns how many there were: fewer than asked for only at the end of the file. */
export async function readFully(handle: RunFileHandle, bytes: Uint8Array, position: number): Promise<number> {
  let done = 0;
  while (done < bytes.length) {
    const length = Math.min(bytes.length - done, CALL_BYTES);
    const { bytesRead } = await handle.read(bytes, done, length, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}
