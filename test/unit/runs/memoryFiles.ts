import { basename, dirname } from 'node:path';
import type { FileStatus, RunFileHandle, RunFiles } from '../../../src/runs/disk/files.ts';

interface MemoryFile {
  bytes: Uint8Array;
  mtimeMs: number;
  readonly ino: number;
}

/** A file system in memory, for tests that write the same folder hundreds of times. */
export class MemoryFiles implements RunFiles {
  readonly #files = new Map<string, MemoryFile>();
  readonly #folders = new Set<string>();
  /** Bytes that all files together may have: beyond, the disk is full. */
  capacity = Infinity;
  #clock = 0;
  #inodes = 0;

  mkdir(path: string): Promise<void> {
    for (let folder = path; dirname(folder) !== folder; folder = dirname(folder)) this.#folders.add(folder);
    return Promise.resolve();
  }

  open(path: string, flags: string): Promise<RunFileHandle> {
    if (flags === 'r' && this.#folders.has(path))
      return Promise.resolve(this.#handle({ bytes: new Uint8Array(), mtimeMs: 0, ino: 0 }));
    const there = this.#files.get(path);
    if (flags.startsWith('r') && there === undefined) return failed('ENOENT');
    if (flags === 'wx' && there !== undefined) return failed('EEXIST');
    if (!this.#folders.has(dirname(path))) return failed('ENOENT');
    const file = there ?? { bytes: new Uint8Array(), mtimeMs: 0, ino: ++this.#inodes };
    if (flags.startsWith('w')) file.bytes = new Uint8Array();
    file.mtimeMs = ++this.#clock;
    this.#files.set(path, file);
    return Promise.resolve(this.#handle(file));
  }

  #handle(file: MemoryFile): RunFileHandle {
    return {
      read: (bytes, offset, length, position) => {
        const part = file.bytes.subarray(position, position + length);
        bytes.set(part, offset);
        return Promise.resolve({ bytesRead: part.length });
      },
      write: (bytes, offset, length, position) => {
        const grown = new Uint8Array(Math.max(file.bytes.length, position + length));
        if (this.#used() + grown.length - file.bytes.length > this.capacity) return failed('ENOSPC');
        grown.set(file.bytes);
        grown.set(bytes.subarray(offset, offset + length), position);
        Object.assign(file, { bytes: grown, mtimeMs: ++this.#clock });
        return Promise.resolve({ bytesWritten: length });
      },
      truncate: (length) => {
        Object.assign(file, { bytes: file.bytes.slice(0, length), mtimeMs: ++this.#clock });
        return Promise.resolve();
      },
      sync: () => Promise.resolve(),
      stat: () => Promise.resolve(statusOf(file)),
      close: () => Promise.resolve(),
    };
  }

  rename(from: string, to: string): Promise<void> {
    const file = this.#files.get(from);
    if (file === undefined) return failed('ENOENT');
    this.#files.delete(from);
    this.#files.set(to, file);
    return Promise.resolve();
  }

  rm(path: string): Promise<void> {
    for (const name of [...this.#files.keys()]) {
      if (name === path || name.startsWith(`${path}/`)) this.#files.delete(name);
    }
    this.#folders.delete(path);
    return Promise.resolve();
  }

  readdir(path: string): Promise<string[]> {
    if (!this.#folders.has(path)) return failed('ENOENT');
    return Promise.resolve(
      [...this.#files.keys(), ...this.#folders].filter((name) => dirname(name) === path).map((name) => basename(name)),
    );
  }

  freeBytes(): Promise<number> {
    return Promise.resolve(this.capacity - this.#used());
  }

  #used(): number {
    return [...this.#files.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  stat(path: string): Promise<FileStatus> {
    const file = this.#files.get(path);
    if (file !== undefined) return Promise.resolve(statusOf(file));
    return this.#folders.has(path) ? Promise.resolve(statusOf(undefined)) : failed('ENOENT');
  }
}

function statusOf(file: MemoryFile | undefined): FileStatus {
  return {
    size: file?.bytes.length ?? 0,
    mtimeMs: file?.mtimeMs ?? 0,
    ino: file?.ino ?? 0,
    birthtimeMs: 0,
    isFile: () => file !== undefined,
    isDirectory: () => file === undefined,
  };
}

function failed(code: string): Promise<never> {
  return Promise.reject(Object.assign(new Error(`${code}: as the disk would say`), { code }));
}
