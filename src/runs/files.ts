import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';

/**
 * What runs on disk need of the file system. The disk itself is `diskFiles`; tests put another layer in between, in which any
 * operation can fail.
 */

export interface FileStatus {
  /** Bytes. */
  readonly size: number;
  readonly mtimeMs: number;
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

export interface RunFiles {
  /** Makes a folder and those above it; it may exist. */
  mkdir(path: string): Promise<void>;
  /** @param flags as in `node:fs`: `r`, `r+`, `w`, `wx`, … Not `a`: positions are ignored there. */
  open(path: string, flags: string): Promise<RunFileHandle>;
  rename(from: string, to: string): Promise<void>;
  /** Removes a file, or a folder with all that is in it; it need not exist. */
  rm(path: string): Promise<void>;
  /** The names in a folder, without those of the folders themselves. */
  readdir(path: string): Promise<string[]>;
  stat(path: string): Promise<FileStatus>;
  /** Only for files whose size is known to be small. */
  readFile(path: string): Promise<Uint8Array>;
}

export const diskFiles: RunFiles = {
  async mkdir(path) {
    await mkdir(path, { recursive: true });
  },
  open: (path, flags) => open(path, flags),
  rename: (from, to) => rename(from, to),
  rm: (path) => rm(path, { recursive: true, force: true }),
  readdir: (path) => readdir(path),
  stat: (path) => stat(path),
  readFile: (path) => readFile(path),
};

/** Writes all of `bytes` at `position`, however many calls that takes. */
export async function writeFully(handle: RunFileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    if (bytesWritten === 0) throw Object.assign(new Error('nothing could be written'), { code: 'EIO' });
    done += bytesWritten;
  }
}

/** Fills `bytes` from `position` on and returns how many there were: fewer than asked for only at the end of the file. */
export async function readFully(handle: RunFileHandle, bytes: Uint8Array, position: number): Promise<number> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}
