import type { IdSink } from './symbols.ts';

/** Ids of the symbols of a text, read from anywhere. */
export interface IdReader {
  /** Fills `into` with the ids from `start` on; both lie within the text. */
  read(start: number, into: Int32Array): void;
}

/** The text as its ids, in memory or elsewhere. */
export interface IdSource extends IdReader {
  /** N, the symbols of the text. */
  readonly length: number;
  /** Bytes of memory that the ids take while they are read, by any number of readers. */
  readonly memoryBytes: number;
  /** Readers that read on from different places in turn, as parallel streams do. */
  readers(count: number): readonly IdReader[];
}

/** Ids of a piece of a text, in the smallest type that holds them. */
export type IdBlock = Uint8Array | Uint16Array;

/** Ids in one block; the last may be shorter. */
export const BLOCK = 2 ** 20;

/**
 * Puts ids together to blocks: of one byte an id as long as there are at most 256 symbols, then of two. Once a block is
 * wide, all that follow are.
 */
export class BlockBuilder implements IdSink {
  readonly #emit: (block: IdBlock) => void;
  #block: IdBlock = new Uint8Array(BLOCK);
  #filled = 0;

  /** @param emit takes a block, which is then its own. */
  constructor(emit: (block: IdBlock) => void) {
    this.#emit = emit;
  }

  append(ids: Uint16Array, isWide: boolean): void {
    if (isWide && this.#block instanceof Uint8Array) this.#block = new Uint16Array(this.#block);
    for (let at = 0; at < ids.length;) {
      const length = Math.min(ids.length - at, BLOCK - this.#filled);
      this.#block.set(ids.subarray(at, at + length), this.#filled);
      this.#filled += length;
      at += length;
      if (this.#filled === BLOCK) this.#complete();
    }
  }

  /** Emits what waits. */
  finish(): void {
    if (this.#filled > 0) this.#emit(this.#block.slice(0, this.#filled));
    this.#filled = 0;
  }

  #complete(): void {
    const block = this.#block;
    this.#block = block instanceof Uint8Array ? new Uint8Array(BLOCK) : new Uint16Array(BLOCK);
    this.#filled = 0;
    this.#emit(block);
  }
}

/** Ids in memory, in the blocks of a `BlockBuilder`. */
export class MemoryIds implements IdSource {
  readonly #blocks: readonly IdBlock[];
  readonly #finalIds: Uint16Array;
  readonly length: number;
  readonly memoryBytes: number;

  /** @param finalIds the id to give for each one in the blocks. */
  constructor(blocks: readonly IdBlock[], finalIds: Uint16Array) {
    this.#blocks = blocks;
    this.#finalIds = finalIds;
    this.length = blocks.reduce((sum, block) => sum + block.length, 0);
    this.memoryBytes = blocks.reduce((sum, block) => sum + block.byteLength, 0);
  }

  read(start: number, into: Int32Array): void {
    for (let done = 0; done < into.length;) {
      const index = Math.floor((start + done) / BLOCK);
      done += translateIds(this.#blocks[index], start + done - index * BLOCK, this.#finalIds, into, done);
    }
  }

  readers(count: number): readonly IdReader[] {
    return new Array<IdReader>(count).fill(this);
  }
}

/** A part of other ids. */
export class IdRange implements IdSource {
  readonly #source: IdSource;
  readonly #start: number;
  readonly length: number;

  constructor(source: IdSource, start: number, length: number) {
    this.#source = source;
    this.#start = start;
    this.length = length;
  }

  get memoryBytes(): number {
    return this.#source.memoryBytes;
  }

  read(start: number, into: Int32Array): void {
    this.#source.read(this.#start + start, into);
  }

  readers(count: number): readonly IdReader[] {
    return this.#source.readers(count).map((reader) => ({
      read: (start: number, into: Int32Array) => reader.read(this.#start + start, into),
    }));
  }
}

/**
 * Writes the final ids of those in `block` from `at` on into `into` from `done` on, as many as one has and the other takes;
 * returns how many.
 */
export function translateIds(
  block: IdBlock,
  at: number,
  finalIds: Uint16Array,
  into: Int32Array,
  done: number,
): number {
  const count = Math.min(block.length - at, into.length - done);
  for (let offset = 0; offset < count; offset++) into[done + offset] = finalIds[block[at + offset]];
  return count;
}
