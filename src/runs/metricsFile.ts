import { basename } from 'node:path';
import { InputError } from '../common/inputError.ts';
import { diskFiles, readFully, type RunFileHandle, type RunFiles, writeFully } from './files.ts';
import { type Frame, FrameReader, MAGIC } from './frames.ts';

/** The files `metrics` and `samples`: records one after the other, appended and never changed. */

const READ_BYTES = 2 ** 20;
/** Small records are written together up to so many bytes. */
const WRITE_BYTES = 2 ** 20;

/** What a walk over a file's records found. */
export interface FrameScan {
  readonly exists: boolean;
  /** Bytes of the file as the walk began. */
  readonly size: number;
  /** Where the last right record ends. */
  readonly end: number;
  /** Records with a wrong checksum that right ones follow. */
  readonly damaged: number;
  /** Whether the file is not in the run format. */
  readonly isForeign: boolean;
}

export interface ScanRange {
  /** Where to begin: 0, or the end of a record. */
  readonly from?: number;
  /** Records that reach beyond are left out. */
  readonly to?: number;
  /** The walk ends after the piece of the file with which so many bytes of records were visited. */
  readonly enoughBytes?: number;
}

/**
 * Visits the records of a file whose checksum is right, in order, holding little more than the longest of them. Between pieces of
 * the file the event loop runs.
 * @throws what the file system throws; a file that is not there is an empty one.
 */
export async function scanFrames(
  path: string,
  files: RunFiles,
  visit: (frame: Frame) => void,
  { from = 0, to = Infinity, enoughBytes = Infinity }: ScanRange = {},
): Promise<FrameScan> {
  const handle = await openIfThere(path, files);
  if (handle === undefined) return { exists: false, size: 0, end: 0, damaged: 0, isForeign: false };
  try {
    const { size } = await handle.stat();
    const last = Math.min(size, to);
    const reader = new FrameReader(from, last);
    let at = from;
    while (at < last && !reader.isStopped && reader.validEnd - from < enoughBytes) {
      // Frames are parts of what was read, so every piece has memory of its own.
      const piece = new Uint8Array(Math.min(READ_BYTES, last - at));
      const bytes = await readFully(handle, piece, at);
      if (bytes === 0) break;
      for (const frame of reader.push(piece.subarray(0, bytes))) visit(frame);
      at += bytes;
    }
    return { exists: true, size, end: reader.validEnd, damaged: reader.damaged, isForeign: reader.isForeign };
  } finally {
    await handle.close();
  }
}

/** A file of records as its one writer has it. */
export class RecordFile {
  readonly #path: string;
  readonly #files: RunFiles;
  /** Where the last record ends that is known to be on the device. */
  #end: number;
  #handle: RunFileHandle | undefined;
  /** Whether there may be bytes after `#end`, of a write that did not succeed. */
  #isTorn: boolean;

  private constructor(path: string, files: RunFiles, end: number, isTorn: boolean) {
    this.#path = path;
    this.#files = files;
    this.#end = end;
    this.#isTorn = isTorn;
  }

  /** A file without records, instead of any that is there. */
  static async create(path: string, files: RunFiles = diskFiles): Promise<RecordFile> {
    const handle = await files.open(path, 'w');
    await closedAfter(handle, async () => {
      await writeFully(handle, MAGIC, 0);
      await handle.sync();
    });
    return new RecordFile(path, files, MAGIC.length, false);
  }

  /**
   * A file to go on with: its records are visited, and what is torn after the last right one is cut off. One that is not there is
   * created.
   * @throws {InputError} for a file that is not in this version of the run format, which is left as it is.
   */
  static async open(
    path: string,
    files: RunFiles = diskFiles,
    visit: (frame: Frame) => void = () => undefined,
  ): Promise<RecordFile> {
    const scan = await scanFrames(path, files, visit);
    if (scan.isForeign) {
      throw new InputError(
        `The file ${basename(path)} of the run is not in the run format that this version writes; it was left as it is. Continue the run with the version that wrote it, or start a new run.`,
      );
    }
    if (scan.end < MAGIC.length) return RecordFile.create(path, files);
    const file = new RecordFile(path, files, scan.end, scan.size > scan.end);
    await file.append([]);
    return file;
  }

  /** Where the last record ends. */
  get end(): number {
    return this.#end;
  }

  /**
   * Appends records; when it returns they are on the device. Of records that could not all be written none counts: the
   * same or others can be tried again.
   * @throws what the file system throws.
   */
  async append(frames: readonly Uint8Array[]): Promise<void> {
    if (frames.length === 0 && !this.#isTorn) return;
    try {
      this.#handle ??= await this.#files.open(this.#path, 'r+');
      if (this.#isTorn) await this.#handle.truncate(this.#end);
      this.#isTorn = true;
      let end = this.#end;
      for (const block of blocksOf(frames)) {
        await writeFully(this.#handle, block, end);
        end += block.length;
      }
      await this.#handle.sync();
      this.#end = end;
      this.#isTorn = false;
    } catch (error) {
      await this.#giveUp();
      throw error;
    }
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  /** Cuts off what may have been written in part. Where even that fails, the next write does it first, with a new handle. */
  async #giveUp(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    if (handle === undefined) return;
    try {
      await closedAfter(handle, () => handle.truncate(this.#end));
      this.#isTorn = false;
    } catch {
      this.#isTorn = true;
    }
  }
}

async function openIfThere(path: string, files: RunFiles): Promise<RunFileHandle | undefined> {
  try {
    return await files.open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function closedAfter(handle: RunFileHandle, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    // A failure to close as well would hide the reason.
    await handle.close().catch(() => undefined);
    throw error;
  }
  await handle.close();
}

/** The same bytes in fewer pieces. */
function* blocksOf(frames: readonly Uint8Array[]): Generator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  for (const frame of frames) {
    waiting.push(frame);
    bytes += frame.length;
    if (bytes < WRITE_BYTES) continue;
    yield Buffer.concat(waiting);
    waiting = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(waiting);
}
