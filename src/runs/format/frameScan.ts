import { setImmediate as turn } from 'node:timers/promises';
import { identityOf, readFully, type RunFileHandle, type RunFiles } from '../disk/files.ts';
import { type Frame, FrameReader } from './recordFrames.ts';

/** Walks over the files `metrics` and `samples`. */

const READ_BYTES = 2 ** 18;
/** Whoever visits frames for so long lets others have a turn of the event loop. */
const TURN_MS = 3;

/** What a walk over a file's records found. */
export interface FrameScan {
  readonly exists: boolean;
  /** Bytes of the file as the walk began. */
  readonly size: number;
  /** Tells the file from another one that takes its place. */
  readonly identity: string;
  /** Where the last right record ends. */
  readonly end: number;
  /** Records with a wrong checksum that right ones follow. */
  readonly damaged: number;
  /** Whether the file is not in the run format. */
  readonly isForeign: boolean;
}

const NO_FILE: FrameScan = { exists: false, size: 0, identity: '', end: 0, damaged: 0, isForeign: false };

export interface ScanRange {
  /** Where to begin: 0, or the end of a record. */
  readonly from?: number;
  /** Records that reach beyond are left out. */
  readonly to?: number;
  /** The walk ends after the piece of the file with which so many bytes of records were visited. */
  readonly enoughBytes?: number;
}

/**
 * Visits the records of a file whose checksum is right, in order, holding little more than the longest of them. Between them the
 * event loop runs every few milliseconds.
 * @throws what the file system throws; a file that is not there is an empty one.
 */
export async function scanFrames(
  path: string,
  files: RunFiles,
  visit: (frame: Frame) => void,
  range: ScanRange = {},
): Promise<FrameScan> {
  const file = await OpenedRecords.open(path, files);
  try {
    return await file.scan(visit, range);
  } finally {
    await file.close();
  }
}

/** A file of records as it was when it was opened: what takes its place afterwards changes nothing. To be closed. */
export class OpenedRecords {
  /** Undefined where there is no file: it has no records. */
  #handle: RunFileHandle | undefined;

  private constructor(handle: RunFileHandle | undefined) {
    this.#handle = handle;
  }

  /** @throws what the file system throws; a file that is not there is an empty one. */
  static async open(path: string, files: RunFiles): Promise<OpenedRecords> {
    try {
      return new OpenedRecords(await files.open(path, 'r'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new OpenedRecords(undefined);
      throw error;
    }
  }

  /** Again it does nothing. */
  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  /** As {@link scanFrames}. */
  async scan(visit: (frame: Frame) => void, range: ScanRange = {}): Promise<FrameScan> {
    if (this.#handle === undefined) return NO_FILE;
    const { from = 0, to = Infinity, enoughBytes = Infinity } = range;
    const status = await this.#handle.stat();
    const { size } = status;
    const reader = new FrameReader(from, Math.min(size, to));
    const turns = new Turns();
    for await (const frames of this.#read(reader, from, Math.min(size, to))) {
      for (const frame of frames) {
        visit(frame);
        if (turns.areDue) await turns.give();
      }
      if (reader.validEnd - from >= enoughBytes) break;
    }
    return {
      exists: true,
      size,
      identity: identityOf(status),
      end: reader.validEnd,
      damaged: reader.damaged,
      isForeign: reader.isForeign,
    };
  }

  /** The records before byte `end` whose checksum is right, one by one; whoever works long on them does not hold up the event loop. */
  async *frames(end: number): AsyncGenerator<Frame> {
    const turns = new Turns();
    for await (const frames of this.#read(new FrameReader(0, end), 0, end)) {
      for (const frame of frames) {
        yield frame;
        if (turns.areDue) await turns.give();
      }
    }
  }

  async *#read(reader: FrameReader, from: number, last: number): AsyncGenerator<Frame[]> {
    for (let at = from; this.#handle !== undefined && at < last && !reader.isStopped;) {
      // Frames are parts of what was read, so every piece has memory of its own.
      const piece = new Uint8Array(Math.min(READ_BYTES, last - at));
      const bytes = await readFully(this.#handle, piece, at);
      if (bytes === 0) return;
      yield reader.push(piece.subarray(0, bytes));
      at += bytes;
    }
  }
}

/** Gives others a turn of the event loop after some milliseconds of work. */
class Turns {
  #sinceMs = performance.now();

  get areDue(): boolean {
    return performance.now() - this.#sinceMs >= TURN_MS;
  }

  async give(): Promise<void> {
    await turn();
    this.#sinceMs = performance.now();
  }
}
