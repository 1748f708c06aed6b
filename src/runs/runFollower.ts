import { join } from 'node:path';
import { InputError } from '../common/inputError.ts';
import type { StoredRun } from '../protocol/storedRun.ts';
import { diskFiles, type FileStatus, type RunFiles } from './files.ts';
import { scanFrames } from './metricsFile.ts';
import { decodeRecord, type RunRecord } from './records.ts';
import { readRunFile, runFilePath } from './runFile.ts';
import { type FollowPosition, RECORD_FILES, type RecordFileName } from './runReader.ts';

export interface Followed {
  /** New complete records, in order: those of `metrics`, then those of `samples`. */
  readonly records: RunRecord[];
  /** `run.json`, if it changed. */
  readonly run?: StoredRun;
  /**
   * A file is shorter than what was read of it: the run is another one than before, and so are its records from here on. What
   * was known of it is void.
   */
  readonly isRestarted: boolean;
  /** Whether so much is new that it takes another poll. */
  readonly hasMore: boolean;
  /** Records that are whole, but not what the run format says: they were left out. */
  readonly invalid: number;
}

export interface FollowOptions {
  /** Where to go on, from `readRun`; without, everything is new. */
  readonly from?: FollowPosition;
  readonly files?: RunFiles;
  /** Bytes of records that one poll returns, about. */
  readonly pollBytes?: number;
}

const POLL_BYTES = 8 * 2 ** 20;

/** Watches a run that another window, another program or another machine writes. It reads only, at every poll. */
export class RunFollower {
  readonly #folder: string;
  readonly #files: RunFiles;
  readonly #pollBytes: number;
  readonly #ends: Record<RecordFileName, number>;
  readonly #seen = new Map<string, Pick<FileStatus, 'size' | 'mtimeMs'>>();
  #polling: Promise<unknown> = Promise.resolve();

  constructor(folder: string, { from, files = diskFiles, pollBytes = POLL_BYTES }: FollowOptions = {}) {
    this.#folder = folder;
    this.#files = files;
    this.#pollBytes = pollBytes;
    this.#ends = { metrics: from?.metrics ?? 0, samples: from?.samples ?? 0 };
  }

  /**
   * What is new since the last poll. A record or a `run.json` that is only partly there yet comes with a later one.
   * @throws what the file system throws; then nothing of what is new is lost for the next poll. A folder that is gone is one
   * without news.
   */
  poll(): Promise<Followed> {
    const poll = this.#polling.then(() => this.#poll());
    this.#polling = poll.catch(() => undefined);
    return poll;
  }

  async #poll(): Promise<Followed> {
    const ends = { ...this.#ends };
    const isRestarted = await this.#isRestarted();
    if (isRestarted) ends.metrics = ends.samples = 0;
    const found: RunRecord[] = [];
    let invalid = 0;
    let hasMore = false;
    const visited: [string, Pick<FileStatus, 'size' | 'mtimeMs'>][] = [];
    for (const name of RECORD_FILES) {
      const path = join(this.#folder, name);
      const status = await this.#changed(path);
      if (status === undefined && !isRestarted) continue;
      const range = { from: ends[name], enoughBytes: this.#pollBytes };
      const scan = await scanFrames(
        path,
        this.#files,
        ({ kind, payload }) => {
          const record = decodeRecord(kind, payload);
          if (record === 'invalid') invalid++;
          else if (record !== 'unknown') found.push(record);
        },
        range,
      );
      const isCut = scan.end - ends[name] >= this.#pollBytes && scan.end < scan.size;
      hasMore ||= isCut;
      ends[name] = scan.exists ? scan.end : 0;
      if (status !== undefined && !isCut) visited.push([path, status]);
    }
    const run = await this.#changedRun(visited);
    for (const [path, status] of visited) this.#seen.set(path, status);
    Object.assign(this.#ends, ends);
    return { records: found, ...(run && { run }), isRestarted, hasMore, invalid };
  }

  async #isRestarted(): Promise<boolean> {
    for (const name of RECORD_FILES) {
      const status = await this.#status(join(this.#folder, name));
      if ((status?.size ?? 0) < this.#ends[name]) return true;
    }
    return false;
  }

  async #changedRun(visited: [string, Pick<FileStatus, 'size' | 'mtimeMs'>][]): Promise<StoredRun | undefined> {
    const path = runFilePath(this.#folder);
    const status = await this.#changed(path);
    if (status === undefined) return undefined;
    try {
      const run = await readRunFile(this.#folder, this.#files);
      visited.push([path, status]);
      return run;
    } catch (error) {
      // It is being replaced, or copied from another machine piece by piece: a later poll finds it whole.
      if (error instanceof InputError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** The file's size and time, if they are others than when it was last read. */
  async #changed(path: string): Promise<FileStatus | undefined> {
    const status = await this.#status(path);
    const seen = this.#seen.get(path);
    return status?.size === seen?.size && status?.mtimeMs === seen?.mtimeMs ? undefined : status;
  }

  async #status(path: string): Promise<FileStatus | undefined> {
    try {
      return await this.#files.stat(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }
}
