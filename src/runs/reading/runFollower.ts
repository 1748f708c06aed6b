import { join } from 'node:path';
import { InputError } from '../../common/inputError.ts';
import type { StoredRun } from '../../protocol/storedRun.ts';
import { diskFiles, identityOf, type FileStatus, type RunFiles } from '../disk/files.ts';
import { scanFrames } from '../format/frameScan.ts';
import type { Columns } from '../format/columns.ts';
import { RecordDecoder } from '../format/recordDecoder.ts';
import type { RunRecord } from '../format/records.ts';
import { readRunFile, runFilePath } from '../format/runFile.ts';
import { RECORD_FILES, type RecordFileName } from '../format/recordFiles.ts';
import type { FilePosition, FollowPosition } from './runReader.ts';

export interface Followed {
  /** New complete records, in order: those of `metrics`, then those of `samples`. */
  readonly records: RunRecord[];
  /** `run.json`, if it changed. */
  readonly run?: StoredRun;
  /**
   * A file is shorter than what was read of it, or another one is in its place: the run is another one than before, or was written
   * anew, and so are its records from here on. What was known of it is void.
   */
  readonly isRestarted: boolean;
  /** Whether so much is new that it takes another poll. */
  readonly hasMore: boolean;
  /** Records that are whole, but not what the run format says: they were left out. */
  readonly invalid: number;
}

/** Where a follower stands, as it travels between threads. */
export interface FollowPlace {
  /** Of each file what was read, of which file that was, and the columns there. */
  readonly read: FollowPosition;
  /** Size and time of every file, by its path, when it was last read to its end. */
  readonly seen?: ReadonlyMap<string, Pick<FileStatus, 'size' | 'mtimeMs'>>;
}

export interface FollowOptions {
  /** Where to go on; without, everything is new. */
  readonly from?: FollowPlace;
  /** The columns that the records shall have, those of the run's network; without, each has those of the file. */
  readonly columns?: Columns;
  readonly files?: RunFiles;
  /** Bytes of records that one poll returns, about. */
  readonly pollBytes?: number;
}

const POLL_BYTES = 8 * 2 ** 20;
const NOTHING: FilePosition = { end: 0, identity: '' };

/** Watches a run that another window, another program or another machine writes. It reads only, at every poll. */
export class RunFollower {
  readonly #folder: string;
  readonly #files: RunFiles;
  readonly #pollBytes: number;
  readonly #read: Record<RecordFileName, FilePosition>;
  readonly #columns: Columns | undefined;
  readonly #seen: Map<string, Pick<FileStatus, 'size' | 'mtimeMs'>>;
  #polling: Promise<unknown> = Promise.resolve();

  constructor(folder: string, { from, columns, files = diskFiles, pollBytes = POLL_BYTES }: FollowOptions = {}) {
    this.#folder = folder;
    this.#files = files;
    this.#pollBytes = pollBytes;
    this.#columns = columns;
    this.#read = { metrics: NOTHING, samples: NOTHING, ...from?.read };
    this.#seen = new Map(from?.seen);
  }

  /** Where another follower of the run can go on, between two polls. */
  get place(): FollowPlace {
    return { read: { ...this.#read }, seen: new Map(this.#seen) };
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

  async #poll(isReplaced = false): Promise<Followed> {
    const read = { ...this.#read };
    const isRestarted = isReplaced || (await this.#isRestarted());
    if (isRestarted) read.metrics = read.samples = NOTHING;
    const found: RunRecord[] = [];
    let invalid = 0;
    let hasMore = false;
    const visited: [string, Pick<FileStatus, 'size' | 'mtimeMs'>][] = [];
    for (const name of RECORD_FILES) {
      const path = join(this.#folder, name);
      const status = await this.#changed(path);
      if (status === undefined && !isRestarted) continue;
      const { end: from, identity, columns } = read[name];
      const decoder = new RecordDecoder({ present: columns, wanted: this.#columns });
      const range = { from, enoughBytes: this.#pollBytes };
      const scan = await scanFrames(
        path,
        this.#files,
        ({ kind, payload }) => {
          const record = decoder.decode(kind, payload);
          if (record === 'invalid') invalid++;
          else if (typeof record === 'object') found.push(record);
        },
        range,
      );
      // Another file took its place since it was looked at, in which records lie elsewhere.
      if (from > 0 && scan.exists && scan.identity !== identity) return this.#poll(true);
      const isCut = scan.end - from >= this.#pollBytes && scan.end < scan.size;
      hasMore ||= isCut;
      read[name] = scan.exists ? { end: scan.end, identity: scan.identity, columns: decoder.present } : NOTHING;
      if (status !== undefined && !isCut) visited.push([path, status]);
    }
    const run = await this.#changedRun(visited);
    for (const [path, status] of visited) this.#seen.set(path, status);
    Object.assign(this.#read, read);
    return { records: found, ...(run && { run }), isRestarted, hasMore, invalid };
  }

  async #isRestarted(): Promise<boolean> {
    for (const name of RECORD_FILES) {
      const status = await this.#status(join(this.#folder, name));
      const { end, identity } = this.#read[name];
      if ((status?.size ?? 0) < end || (end > 0 && (status === undefined || identityOf(status) !== identity)))
        return true;
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
