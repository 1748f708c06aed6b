import { BlockBuilder, type IdBlock, type IdSource, MemoryIds } from '../text/ids.ts';
import type { IdSink } from '../text/symbols.ts';
import { CachedIds, IdCache } from './idCache.ts';

/** Ids that take more are put down on disk. */
export const MAX_ID_BYTES = 128 * 2 ** 20;

/** Where the ids of a text may be put down, and from how many bytes of them on. */
export interface CacheOptions {
  readonly folder: string;
  readonly fromBytes: number;
}

/** Keeps the ids of a text as they come: in memory, and all of them on disk as soon as they are too many. */
export class IdStore implements IdSink {
  readonly #builder = new BlockBuilder((block) => this.#keep(block));
  readonly #name: string;
  readonly #options: CacheOptions | undefined;
  #blocks: IdBlock[] = [];
  #bytes = 0;
  #cache: IdCache | undefined;

  /**
   * @param name of the text, for messages.
   * @param options without them everything stays in memory.
   */
  constructor(name: string, options?: CacheOptions) {
    this.#name = name;
    this.#options = options;
  }

  /** @throws {InputError} where the ids are too many for the memory and cannot be put down. */
  append(ids: Uint16Array, isWide: boolean): void {
    this.#builder.append(ids, isWide);
  }

  /** Ends the text. @param finalIds the id to give for each one that was appended. */
  finish(finalIds: Uint16Array): IdSource {
    this.#builder.finish();
    return this.#cache === undefined ? new MemoryIds(this.#blocks, finalIds) : new CachedIds(this.#cache, finalIds);
  }

  /** Frees what is on disk; nothing can be read any more. */
  dispose(): void {
    this.#cache?.dispose();
  }

  #keep(block: IdBlock): void {
    if (this.#cache !== undefined) return this.#cache.write(block);
    this.#blocks.push(block);
    this.#bytes += block.byteLength;
    if (this.#options === undefined || this.#bytes <= this.#options.fromBytes) return;
    this.#cache = new IdCache(this.#options.folder, this.#name);
    for (const kept of this.#blocks) this.#cache.write(kept);
    this.#blocks = [];
  }
}
