import { randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, readSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileReason } from '../common/fileReason.ts';
import { InputError } from '../common/inputError.ts';
import { type IdBlock, type IdReader, type IdSource, translateIds } from '../text/ids.ts';

/** What all readers of a text's ids together hold of the file in memory. */
export const READ_AHEAD_BYTES = 32 * 2 ** 20;
/** One reader alone gains nothing by holding more. */
const MAX_READ_AHEAD_BYTES = 2 ** 20;
const DISK_BLOCK_BYTES = 4096;

/** Names of cache files: whose they are is in them, so that those of dead processes are known. */
const NAME = /^ids-(.*)-(\d+)-[0-9a-f-]{36}\.cache$/;
const HOST = hostname().replaceAll(/[^\w.]/g, '_');

/**
 * A file for the ids of a text, in blocks. Its name is removed as soon as it is open, so that the file itself is gone when
 * the thread ends, in whatever way it ends.
 */
export class IdCache {
  readonly #name: string;
  readonly #folder: string;
  readonly #path: string;
  #file: number | undefined;
  #isUnlinked = false;
  /** Ids of one byte, which come first, and those of two. */
  #narrow = 0;
  #wide = 0;

  /**
   * @param name of the text, for messages.
   * @throws {InputError} where no file can be made in the folder.
   */
  constructor(folder: string, name: string) {
    this.#name = name;
    this.#folder = folder;
    this.#path = join(folder, `ids-${HOST}-${process.pid}-${randomUUID()}.cache`);
    try {
      mkdirSync(folder, { recursive: true });
      removeLeftovers(folder);
      this.#file = openSync(this.#path, 'wx+', 0o600);
    } catch (error) {
      throw this.#refusal(error);
    }
    this.#unlink();
  }

  /** @throws {InputError} where the block cannot be written; the file is gone then. */
  write(block: IdBlock): void {
    const bytes = new Uint8Array(block.buffer, block.byteOffset, block.byteLength);
    const start = this.#offset(this.#narrow + this.#wide);
    try {
      for (let done = 0; done < bytes.length;) {
        done += writeSync(this.#open, bytes, done, bytes.length - done, start + done);
      }
    } catch (error) {
      this.dispose();
      throw this.#refusal(error);
    }
    if (block instanceof Uint8Array) this.#narrow += block.length;
    else this.#wide += block.length;
  }

  get length(): number {
    return this.#narrow + this.#wide;
  }

  /** Reads ids from `at` on, at most `room.byteLength` bytes of them, into `room`: some at least, of one width. */
  load(at: number, room: Uint8Array<ArrayBuffer>): IdBlock {
    const isWide = at >= this.#narrow;
    const width = isWide ? 2 : 1;
    const end = isWide ? this.length : this.#narrow;
    const count = Math.min(end - at, Math.floor(room.length / width));
    if (count <= 0) throw new RangeError(`the text has ${this.length} ids, none at ${at}`);
    for (let done = 0; done < count * width;) {
      const read = readSync(this.#open, room, done, count * width - done, this.#offset(at) + done);
      if (read === 0) throw new RangeError(`the cache file of "${this.#name}" ends before id ${at + count}`);
      done += read;
    }
    return isWide ? new Uint16Array(room.buffer, 0, count) : room.subarray(0, count);
  }

  /** Closes the file, which removes it. */
  dispose(): void {
    if (this.#file === undefined) return;
    closeSync(this.#file);
    this.#file = undefined;
    if (!this.#isUnlinked) rmSync(this.#path, { force: true });
  }

  /** Where a system keeps the name of an open file, the name goes with `dispose` or as a leftover. */
  #unlink(): void {
    try {
      unlinkSync(this.#path);
      this.#isUnlinked = true;
    } catch {
      this.#isUnlinked = false;
    }
  }

  get #open(): number {
    if (this.#file === undefined) throw new RangeError(`the cache file of "${this.#name}" is closed`);
    return this.#file;
  }

  /** Of an id in the file, in bytes. */
  #offset(id: number): number {
    return id + Math.max(0, id - this.#narrow);
  }

  #refusal(error: unknown): InputError {
    return new InputError(
      `"${this.#name}" is so long that it is put down in the folder "${this.#folder}" while the run lasts, and that ` +
        `cannot be written: ${fileReason(error)}. Make room there, as much as twice the file's size, or train on a part of ` +
        'the file.',
    );
  }
}

/** Ids in a cache file, of which readers hold pieces of bounded size. */
export class CachedIds implements IdSource {
  readonly memoryBytes = 2 * READ_AHEAD_BYTES;
  readonly length: number;
  readonly #cache: IdCache;
  readonly #finalIds: Uint16Array;

  /** @param finalIds the id to give for each one in the file. */
  constructor(cache: IdCache, finalIds: Uint16Array) {
    this.#cache = cache;
    this.#finalIds = finalIds;
    this.length = cache.length;
  }

  read(start: number, into: Int32Array): void {
    new ReadAhead(this.#cache, this.#finalIds, Math.min(2 * into.length, MAX_READ_AHEAD_BYTES)).read(start, into);
  }

  readers(count: number): readonly IdReader[] {
    const share = Math.floor(READ_AHEAD_BYTES / count / DISK_BLOCK_BYTES) * DISK_BLOCK_BYTES;
    const bytes = Math.min(MAX_READ_AHEAD_BYTES, Math.max(DISK_BLOCK_BYTES, share));
    return Array.from({ length: count }, () => new ReadAhead(this.#cache, this.#finalIds, bytes));
  }
}

/** Reads on in a cache file, a piece at a time. */
class ReadAhead implements IdReader {
  readonly #cache: IdCache;
  readonly #finalIds: Uint16Array;
  readonly #bytes: number;
  #room: Uint8Array<ArrayBuffer> | undefined;
  #ids: IdBlock = new Uint8Array();
  /** Of the first id that is held. */
  #from = 0;

  constructor(cache: IdCache, finalIds: Uint16Array, bytes: number) {
    this.#cache = cache;
    this.#finalIds = finalIds;
    this.#bytes = bytes;
  }

  read(start: number, into: Int32Array): void {
    for (let done = 0; done < into.length;) {
      const at = start + done;
      if (at < this.#from || at >= this.#from + this.#ids.length) this.#load(at);
      done += translateIds(this.#ids, at - this.#from, this.#finalIds, into, done);
    }
  }

  #load(at: number): void {
    this.#room ??= new Uint8Array(this.#bytes);
    this.#ids = this.#cache.load(at, this.#room);
    this.#from = at;
  }
}

/**
 * Removes the cache files of processes of this machine that are no more. Those of other machines, with which a network
 * drive may be shared, stay.
 */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    const [, host, id] = NAME.exec(name) ?? [];
    if (host !== HOST || isAlive(Number(id))) continue;
    try {
      rmSync(join(folder, name), { force: true });
    } catch {
      // Somebody else's, or no file at all: it stays.
    }
  }
}

function isAlive(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    // EPERM says that it is there and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
