import { InputError } from '../../common/inputError.ts';
import { DEFAULT_CAPACITY } from '../../common/levels.ts';
import { isRunEvent, kindOf, RUN_EVENT_TYPES, type RunEventType } from '../../protocol/events.ts';
import { Folding } from './folding.ts';
import { encodeFrame, type Frame, MAGIC } from '../format/recordFrames.ts';
import type { OpenedRecords } from '../format/frameScan.ts';
import { Layout } from './bucketLayout.ts';
import { areSameColumns, type Columns } from '../format/columns.ts';
import { RecordDecoder } from '../format/recordDecoder.ts';
import { encodeColumns, encodeRecord, endOfRows, type RunRecord } from '../format/records.ts';
import { type Survey, survey } from '../format/survey.ts';
import { Thinning } from './thinning.ts';
import type { Amount } from '../format/survey.ts';
import { validPart, type ValidRecord } from '../format/validPart.ts';

/**
 * A file of records written anew in less room: what a rewind made void is gone, the newest iterations stay whole, older ones become
 * means, minima and maxima over as many iterations as they are old, and measurements are thinned evenly. In pieces, between which
 * the event loop runs.
 */

const PIECE_BYTES = 2 ** 18;

export interface CompactionLimits {
  /** The newest iterations that stay whole. */
  readonly wholeRows: number;
  /** Buckets of each width, about. */
  readonly bucketsPerLevel: number;
  readonly measured: Readonly<Record<RunEventType, Amount>>;
}

/**
 * What is kept in a file that is to be smaller than so many bytes: about a third of it, and at most three quarters.
 * @param columns numbers of a row.
 */
export function limitsOf(bytes: number, columns: number): CompactionLimits {
  const rows = 2 ** Math.floor(Math.log2(bytes / 5 / (8 * columns)));
  return {
    wholeRows: Math.max(LEAST_LEVEL, rows),
    bucketsPerLevel: Math.min(2 * LEAST_LEVEL, Math.max(LEAST_LEVEL, rows / 16)),
    measured: ofEachType((type) => {
      const { most, share } = kindOf(type).folder;
      return { count: most, bytes: share * bytes };
    }),
  };
}

/** As many as a level in memory holds, so that a run that is read again has the shape that it had. */
const LEAST_LEVEL = DEFAULT_CAPACITY;

export interface Compaction {
  readonly limits: CompactionLimits;
  /** Those of the run's network, which the records will have and with which the new file begins; undefined where it is to have no numbers. */
  readonly columns: Columns | undefined;
  /** Iterations of the run, for a file that has no rows. */
  readonly iterations: number;
  /** Those that the run may go on from: its checkpoints. */
  readonly checkpoints: readonly number[];
  /** Whether a validation at an iteration is one of the run itself. */
  readonly isOwn: (iteration: number) => boolean;
  /** Asked between pieces. */
  readonly goesOn: () => boolean;
}

/** A compaction was given up because something else was more urgent. */
export class CompactionStopped extends Error {}

/**
 * The content of the new file, in pieces, of the records before byte `end`.
 * @throws {CompactionStopped} where it is not to go on; {InputError} where there is what a later version wrote; what the file
 * system throws.
 */
export async function* compacted(file: OpenedRecords, end: number, compaction: Compaction): AsyncGenerator<Uint8Array> {
  const { columns } = compaction;
  const head = [MAGIC, ...(columns ? [encodeColumns(columns)] : [])];
  let waiting: Uint8Array[] = head;
  let bytes = head.reduce((length, part) => length + part.length, 0);
  for await (const frame of newFrames(file, end, compaction)) {
    waiting.push(frame);
    bytes += frame.length;
    if (bytes < PIECE_BYTES) continue;
    yield Buffer.concat(waiting);
    waiting = [];
    bytes = 0;
  }
  yield Buffer.concat(waiting);
}

async function* newFrames(file: OpenedRecords, end: number, compaction: Compaction): AsyncGenerator<Uint8Array> {
  const { limits, columns, checkpoints: cuts, goesOn } = compaction;
  const decoder = new RecordDecoder({ wanted: columns });
  const known = await survey(
    (visit) =>
      file.scan(
        (frame) => {
          if (!goesOn()) throw new CompactionStopped();
          visit(frame);
        },
        { to: end },
      ),
    columns,
    compaction.isOwn,
  );
  const iterations = Math.max(known.iterations, compaction.iterations);
  const folding = new Folding(new Layout({ ...limits, iterations: known.iterations, cuts }));
  const measurements = new Measurements(known, iterations, limits);
  const goesOnFrom = known.goesOnFrom();
  let rows = 0;
  for await (const frame of file.frames(end)) {
    if (!goesOn()) throw new CompactionStopped();
    const record = decoder.decode(frame.kind, frame.payload);
    if (record === 'unknown') throw new InputError('it holds records of a later version of the extension');
    if (record === 'columns' || record === 'invalid' || record.type === 'rewind') continue;
    const valid = validPart(record, rows, goesOnFrom(frame.start));
    if (valid === undefined || (columns === undefined && hasNumbers(valid))) continue;
    if (valid.type === 'rows' || valid.type === 'buckets') {
      rows = endOfRows(valid);
      yield* encoded(folding.take(valid), columns);
    } else {
      const isMoved = valid.type === 'inspection' && columns && !areSameColumns(decoder.present, columns);
      const written = isMoved ? encodeRecord(valid, columns) : copyOf(frame);
      if (written !== undefined) yield* measurements.take(valid, written);
    }
  }
  yield* encoded(folding.end(), columns);
  yield* measurements.end();
}

/** Whether it means nothing without columns. */
function hasNumbers({ type }: ValidRecord): boolean {
  return type === 'rows' || type === 'buckets' || type === 'inspection';
}

function copyOf({ kind, payload }: Frame): Uint8Array {
  return encodeFrame(kind, payload.length, (copy) => copy.set(payload));
}

function ofEachType<T>(make: (type: RunEventType) => T): Readonly<Record<RunEventType, T>> {
  return Object.fromEntries(RUN_EVENT_TYPES.map((type) => [type, make(type)])) as Record<RunEventType, T>;
}

function* encoded(records: Iterable<RunRecord>, columns: Columns | undefined): Generator<Uint8Array> {
  for (const record of records) {
    const frame = encodeRecord(record, columns);
    if (frame === undefined) throw new TypeError(`${record.type} of a compaction have no form`);
    yield frame;
  }
}

/** Which measurements stay: some evenly spread, the newest, and the best validation. Of the baselines the last ones hold. */
class Measurements {
  readonly #known: Survey;
  readonly #thinnings: Readonly<Record<RunEventType, Thinning>>;
  /** The newest of each type that is not written. */
  readonly #left = new Map<ValidRecord['type'], Uint8Array>();

  constructor(known: Survey, iterations: number, { measured }: CompactionLimits) {
    this.#known = known;
    this.#thinnings = ofEachType((type) => new Thinning(iterations, measured[type], known.amountOf(type)));
  }

  *take(record: Exclude<ValidRecord, { type: 'rows' | 'buckets' }>, frame: Uint8Array): Generator<Uint8Array> {
    const { type } = record;
    const stays = isRunEvent(record) && this.#thinnings[record.type].take(record.value.iteration, frame.length);
    const isBest = type === 'validation' && record.value.iteration === this.#known.bestValidationAt;
    if (!stays && !isBest) {
      this.#left.set(type, frame);
      return;
    }
    this.#left.delete(type);
    yield frame;
  }

  *end(): Generator<Uint8Array> {
    yield* this.#left.values();
  }
}
