import { join } from 'node:path';
import { type Compaction, CompactionStopped, compacted, limitsOf } from './compaction.ts';
import { isRunEvent, kindOf, RUN_EVENT_TYPES, type RunEvent, type RunEventType } from '../../protocol/events.ts';
import type { RunFiles } from '../disk/files.ts';
import { joinedRows } from './folding.ts';
import { areSameColumns, type Columns } from '../format/columns.ts';
import { RecordDecoder } from '../format/recordDecoder.ts';
import { type Frame, MAGIC } from '../format/recordFrames.ts';
import { LogSpacing } from './logSpacing.ts';
import { RecordFile } from '../format/metricsFile.ts';
import {
  encodeColumns,
  encodeRecord,
  endOfRows,
  eventBytes,
  iterationOf,
  reachesBeyond,
  type RowsRecord,
  type RunRecord,
} from '../format/records.ts';
import type { RecordFileName } from '../format/recordFiles.ts';
import { type Rank, WaitingRecords } from './waitingRecords.ts';

/** Bytes of records that wait while a file cannot be written. */
const WAITING_BYTES: Readonly<Record<RecordFileName, number>> = { metrics: 30 * 2 ** 20, samples: 2 * 2 ** 20 };

/** The file whose records have columns. */
const HAS_NUMBERS: Readonly<Record<RecordFileName, boolean>> = { metrics: true, samples: false };

/** A file that was written anew, or could not be, grows by this share of what it may have before that is done again. */
const GROWTH = 1 / 4;

/** Rows that small batches are joined up to; of a fast run every batch is longer, and stays a point of the clock. */
const JOINED_ROWS = 64;

/** What a stream needs to know to write its file anew. */
export interface CompactionRequest {
  /** Iterations of the run. */
  readonly iterations: number;
  /** Those that it may go on from. */
  readonly checkpoints: () => Promise<readonly number[]>;
  /** Whether a validation at an iteration is one of the run itself. */
  readonly isOwn: (iteration: number) => boolean;
  /** Asked between pieces of the file. */
  readonly mayGoOn: () => boolean;
  readonly mayReplace: () => Promise<void>;
}

/** One file of records of the run that is recorded: what is written of what is measured, and what still waits for it. */
export class RecordStream {
  readonly #file: RecordFile;
  readonly #columns: Columns;
  readonly #name: RecordFileName;
  /** The file is not written anew before it has so many bytes. */
  #compactAt = 0;
  readonly #waiting: WaitingRecords;
  /** Of each type of event that is written the more seldom, the longer the run is. */
  readonly #spacings: ReadonlyMap<RunEventType, LogSpacing>;
  /** Batches of rows that wait for others. */
  #rows: RowsRecord[] = [];
  /** The newest event of each type, where the spacing left it out. */
  readonly #left = new Map<RunEventType, RunEvent>();

  private constructor(
    file: RecordFile,
    name: RecordFileName,
    columns: Columns,
    newest: ReadonlyMap<string, number> = new Map(),
  ) {
    this.#file = file;
    this.#name = name;
    this.#columns = columns;
    this.#waiting = new WaitingRecords(WAITING_BYTES[name]);
    this.#spacings = new Map(
      RUN_EVENT_TYPES.flatMap((type) => {
        const { spacedBytes } = kindOf(type).folder;
        return spacedBytes === undefined ? [] : [[type, new LogSpacing(spacedBytes, newest.get(type))] as const];
      }),
    );
  }

  /**
   * @param columns those of the run's network, with which `metrics` begins.
   * @throws what the file system throws.
   */
  static async create(folder: string, name: RecordFileName, files: RunFiles, columns: Columns): Promise<RecordStream> {
    const file = await RecordFile.create(join(folder, name), files, HAS_NUMBERS[name] ? [encodeColumns(columns)] : []);
    return new RecordStream(file, name, columns);
  }

  /**
   * Goes on with a file from iteration `iterations` of the run: where there are records beyond, a rewind makes them void. Where the
   * file has other columns than the run's network, it is said which the records have from there on.
   * @throws {InputError} for a file of another version or program; what the file system throws.
   */
  static async continueAt(
    folder: string,
    name: RecordFileName,
    iterations: number,
    files: RunFiles,
    columns: Columns,
  ): Promise<RecordStream> {
    const past = new Past(iterations, columns);
    const file = await RecordFile.open(join(folder, name), files, (frame) => past.take(frame));
    const isUnsaid = file.end === MAGIC.length || !past.saysColumns(columns);
    const rewind = past.hasBeyond ? encodeRecord({ type: 'rewind', iterations }) : undefined;
    try {
      await file.append([
        ...(HAS_NUMBERS[name] && isUnsaid ? [encodeColumns(columns)] : []),
        ...(rewind ? [rewind] : []),
      ]);
    } catch (error) {
      await file.close().catch(() => undefined);
      throw error;
    }
    return new RecordStream(file, name, columns, past.newest);
  }

  /** @returns how many records had to be given up for want of memory. */
  add(record: RunRecord): number {
    if (record.type === 'rows') return this.#addRows(record);
    if (!isRunEvent(record)) return this.#put(record, 'row');
    const spacing = this.#spacings.get(record.type);
    if (spacing === undefined) return this.#put(record, 'row');
    const bytes = eventBytes(record);
    if (bytes === undefined) return 0;
    if (spacing.take(record.value.iteration, bytes)) {
      this.#left.delete(record.type);
      return this.#put(record, 'measurement');
    }
    this.#left.set(record.type, record);
    return 0;
  }

  /**
   * Adds the newest measurements that were left out: a person looks at where a run stands.
   * @returns how many records had to be given up for want of memory.
   */
  settle(): number {
    let givenUp = 0;
    for (const [type, record] of this.#left) {
      this.#spacings.get(type)?.wrote(record.value.iteration);
      givenUp += this.#put(record, 'measurement');
    }
    this.#left.clear();
    return givenUp;
  }

  /**
   * Writes all that waits.
   * @param onGivenUp is called where records had to be given up for want of memory.
   * @throws what the file system throws; then what could not be written waits on.
   */
  async write(onGivenUp: () => void): Promise<void> {
    if (this.#joinRows() > 0) onGivenUp();
    const items = this.#waiting.take();
    try {
      await this.#file.append(items.map(({ frame }) => frame));
      this.#waiting.done();
    } catch (error) {
      if (this.#waiting.putBack(items) > 0) onGivenUp();
      throw error;
    }
  }

  /** Batches that follow each other become one record: of a slow run every batch is a single row. */
  #addRows(record: RowsRecord): number {
    const last = this.#rows.at(-1);
    const isNext = last === undefined || endOfRows(last) === record.firstIteration;
    const fits = endOfRows(record) - (this.#rows.at(0) ?? record).firstIteration <= JOINED_ROWS;
    const givenUp = isNext && fits ? 0 : this.#joinRows();
    this.#rows.push(record);
    return givenUp;
  }

  #joinRows(): number {
    const batches = this.#rows;
    if (batches.length === 0) return 0;
    this.#rows = [];
    return this.#put(joinedRows(batches), 'row');
  }

  /**
   * Writes the file anew in less room, if it has more than `maxBytes` and enough came since that was done last.
   * @param mayReplace asked when the new file is whole; what it throws keeps the old one.
   * @returns whether that was done.
   * @throws what the file system throws, and {InputError} for records of a later version; then the file is as it was.
   */
  async compact(
    maxBytes: number,
    { iterations, checkpoints, isOwn, mayGoOn, mayReplace }: CompactionRequest,
  ): Promise<boolean> {
    if (this.#file.end < Math.max(maxBytes, this.#compactAt)) return false;
    try {
      const compaction: Compaction = {
        limits: limitsOf(maxBytes, this.#columns.rows.length),
        columns: HAS_NUMBERS[this.#name] ? this.#columns : undefined,
        iterations,
        checkpoints: await checkpoints(),
        isOwn,
        // What waits must not come to more than memory takes.
        goesOn: () => mayGoOn() && !this.#waiting.isHalfFull,
      };
      await this.#file.replace((opened, end) => compacted(opened, end, compaction), mayReplace);
      return true;
    } catch (error) {
      if (error instanceof CompactionStopped) return false;
      throw error;
    } finally {
      this.#compactAt = this.#file.end + GROWTH * maxBytes;
    }
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #put(record: RunRecord, rank: Rank): number {
    const frame = encodeRecord(record, this.#columns);
    return frame === undefined ? 0 : this.#waiting.add(frame, rank);
  }
}

/** What has to be known of the records before iteration `iterations`, and whether there are any beyond. */
class Past {
  readonly #iterations: number;
  readonly #decoder: RecordDecoder;
  readonly newest = new Map<string, number>();
  hasBeyond = false;

  constructor(iterations: number, wanted: Columns) {
    this.#iterations = iterations;
    this.#decoder = new RecordDecoder({ wanted });
  }

  /** Whether a reader takes the records that come next for those of these columns. */
  saysColumns(columns: Columns): boolean {
    return this.#decoder.isSaid && areSameColumns(this.#decoder.present, columns);
  }

  take({ kind, payload }: Frame): void {
    const record = this.#decoder.decode(kind, payload);
    if (typeof record === 'string') return;
    if (record.type === 'rewind') {
      // What an earlier rewind has made void already needs no other.
      if (record.iterations <= this.#iterations) this.hasBeyond = false;
      for (const [type, iteration] of this.newest) this.newest.set(type, Math.min(iteration, record.iterations - 1));
      return;
    }
    if (reachesBeyond(record, this.#iterations)) this.hasBeyond = true;
    else this.newest.set(record.type, iterationOf(record) ?? 0);
  }
}
