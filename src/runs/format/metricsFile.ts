import { basename } from 'node:path';
import { InputError } from '../../common/inputError.ts';
import { writeAtomically } from '../disk/atomicFile.ts';
import { diskFiles, type RunFileHandle, type RunFiles, writeFully } from '../disk/files.ts';
import { type Frame, MAGIC } from './recordFrames.ts';
import { OpenedRecords, scanFrames } from './frameScan.ts';

/** The files `metrics` and `samples`: records one after the other, appended, and replaced as a whole where they grow too long. */

/** Small records are written together up to so many bytes. */
const WRITE_BYTES = 2 ** 20;

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

  /** A file of these frames alone, instead of any that is there. */
  static async create(
    path: string,
    files: RunFiles = diskFiles,
    frames: readonly Uint8Array[] = [],
  ): Promise<RecordFile> {
    const begin = Buffer.concat([MAGIC, ...frames]);
    const handle = await files.open(path, 'w');
    await closedAfter(handle, async () => {
      await writeFully(handle, begin, 0);
      await handle.sync();
    });
    return new RecordFile(path, files, begin.length, false);
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

  /**
   * Puts another content in the place of the records that are there, in one step.
   * @param content of the new file, in pieces, made of this one's records before byte `end`.
   * @param mayReplace asked when the new file is whole; what it throws keeps the old one.
   * @throws what the file system, `content` and `mayReplace` throw; then the old file is as it was, unless only the last step failed,
   * which makes the exchange last through a power cut.
   */
  async replace(
    content: (file: OpenedRecords, end: number) => AsyncIterable<Uint8Array>,
    mayReplace: () => Promise<void>,
  ): Promise<void> {
    let length: number | undefined;
    // An open file cannot be replaced everywhere.
    await this.close();
    const old = await OpenedRecords.open(this.#path, this.#files);
    try {
      await writeAtomically(this.#path, content(old, this.#end), this.#files, {
        beforeRename: async () => {
          await old.close();
          await mayReplace();
        },
        renamed: (bytes) => (length = bytes),
      });
    } finally {
      await old.close().catch(() => undefined);
      // An exchange over a network may have happened although it was said to have failed.
      const now = length ?? (await this.#files.stat(this.#path).catch(() => undefined))?.size ?? this.#end;
      if (length !== undefined || now < this.#end) {
        this.#end = now;
        this.#isTorn = false;
      }
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
