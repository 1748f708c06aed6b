import { SMOOTHED_LOSS } from '../../history/metrics.ts';
import type { RunEvent } from '../../protocol/events.ts';
import type { Inspection } from '../../protocol/run.ts';
import { type BucketsRecord, decodeBuckets, endOfBucketsIn } from './bucketRecords.ts';
import { areSameColumns, type Columns, MAX_COLUMNS_BYTES, UNSAID_COLUMNS } from './columns.ts';
import { decodeInspection } from './inspectionRecords.ts';
import { decodeJson } from './jsonRecords.ts';
import { NamedNumbers } from './namedNumbers.ts';
import { isIteration } from './numbers.ts';
import { BUCKETS, INSPECTION, JSON_TEXT, jsonRecordIn, ROWS, type RunRecord, typeIn } from './records.ts';
import { decodeRows, endOfRowsPayload, type RowsRecord } from './rowsRecords.ts';

export interface DecoderOptions {
  /** The columns of the file where its reading begins; without, nothing has said them yet. */
  readonly present?: Columns | undefined;
  /**
   * The columns that the records shall have, those of the run's network, which are meant where the file says nothing: whoever wrote
   * it wrote these. Without, each record has those of the file, and where it says nothing the oldest network's are meant.
   */
  readonly wanted?: Columns | undefined;
}

/** Of one file, in the order of its records: what those with numbers mean is said by a record before them. */
export class RecordDecoder {
  readonly #wanted: Columns | undefined;
  #present: Columns;
  readonly #unsaid: Columns;
  #isSaid: boolean;
  #hasUnsaidNumbers = false;
  #rows!: NamedNumbers;
  #buckets!: NamedNumbers;
  #stepNorm!: NamedNumbers;
  #stepCosine!: NamedNumbers;

  constructor({ present, wanted }: DecoderOptions = {}) {
    this.#wanted = wanted;
    this.#isSaid = present !== undefined;
    this.#unsaid = wanted ?? UNSAID_COLUMNS;
    this.#present = present ?? this.#unsaid;
    this.#setPresent(this.#present);
  }

  /** The columns of the file, as of the last record. */
  get present(): Columns {
    return this.#present;
  }

  /** Whether the file says its columns, or is of a network of which a file need not. */
  get isSaid(): boolean {
    return this.#isSaid || areSameColumns(this.#unsaid, UNSAID_COLUMNS);
  }

  /** Whether numbers came before their columns were said, although every writer says them first: that record is gone or damaged. */
  get lacksColumns(): boolean {
    return this.#hasUnsaidNumbers && !areSameColumns(this.#unsaid, UNSAID_COLUMNS);
  }

  /**
   * The record in a frame, with arrays of its own.
   * @returns `columns` for the record that says which those after it have, `unknown` for kinds that another version writes, `invalid`
   * where the content contradicts the format.
   */
  decode(kind: number, payload: Uint8Array): RunRecord | 'columns' | 'unknown' | 'invalid' {
    this.#meet(kind);
    switch (kind) {
      case ROWS:
        return this.#inRows(decodeRows(payload, this.#present.rows)) ?? 'invalid';
      case INSPECTION:
        return this.#inspection(decodeInspection(payload, this.#present)) ?? 'invalid';
      case BUCKETS:
        return this.#inBuckets(decodeBuckets(payload, this.#present.rows)) ?? 'invalid';
      case JSON_TEXT:
        return this.#json(payload);
      default:
        return 'unknown';
    }
  }

  /**
   * Of a frame of rows or buckets, without looking at them: the iteration after the last one, or 0 where it is no such frame. It takes
   * note of columns, as `decode` does.
   */
  endOfRowsIn(kind: number, payload: Uint8Array): number {
    this.#meet(kind);
    const columns = columnsIn(kind, payload);
    if (columns !== undefined) this.#say(columns);
    if (kind !== ROWS && kind !== BUCKETS) return 0;
    const end = kind === ROWS ? endOfRowsPayload(payload, this.#present.rows.length) : endOfBucketsIn(payload);
    return isIteration(end) ? end : 0;
  }

  #meet(kind: number): void {
    if (!this.#isSaid && (kind === ROWS || kind === BUCKETS || kind === INSPECTION)) this.#hasUnsaidNumbers = true;
  }

  #say(columns: Columns): void {
    this.#isSaid = true;
    this.#setPresent(columns);
  }

  #setPresent({ rows, stepNorm, stepCosine }: Columns): void {
    this.#present = { rows, stepNorm, stepCosine };
    const wanted = this.#wanted ?? this.#present;
    this.#rows = new NamedNumbers(rows, wanted.rows);
    this.#buckets = new NamedNumbers([...rows, SMOOTHED_LOSS], [...wanted.rows, SMOOTHED_LOSS]);
    this.#stepNorm = new NamedNumbers(stepNorm, wanted.stepNorm);
    this.#stepCosine = new NamedNumbers(stepCosine, wanted.stepCosine);
  }

  #json(payload: Uint8Array): RunRecord | 'columns' | 'unknown' | 'invalid' {
    if (payload.length > MAX_COLUMNS_BYTES && typeIn(JSON_TEXT, payload) === 'columns') return 'invalid';
    const record = decodeJson(payload);
    if (typeof record === 'string' || record.type !== 'columns') return record;
    // What a fast walk over the file would not take for columns must not change what its numbers mean.
    const columns = columnsIn(JSON_TEXT, payload);
    if (columns === undefined) return 'invalid';
    this.#say(columns);
    return 'columns';
  }

  #inRows(record: RowsRecord | undefined): RowsRecord | undefined {
    const rows = record && this.#rows.rows(record.rows);
    if (record === undefined || rows === undefined || rows === record.rows) return rows && record;
    return { ...record, columns: this.#wanted?.rows ?? record.columns, rows };
  }

  #inBuckets(record: BucketsRecord | undefined): BucketsRecord | undefined {
    const buckets = record && this.#buckets.rows(record.buckets);
    if (record === undefined || buckets === undefined || buckets === record.buckets) return buckets && record;
    return { ...record, columns: this.#wanted?.rows ?? record.columns, buckets };
  }

  #inspection(inspection: Inspection | undefined): RunEvent | undefined {
    if (inspection === undefined) return undefined;
    const T = inspection.inputs.length;
    const stepNorm = this.#stepNorm.series(inspection.stepNorm, T);
    const stepCosine = this.#stepCosine.series(inspection.stepCosine, T);
    return stepNorm && stepCosine && { type: 'inspection', value: { ...inspection, stepNorm, stepCosine } };
  }
}

function columnsIn(kind: number, payload: Uint8Array): Columns | undefined {
  return payload.length > MAX_COLUMNS_BYTES ? undefined : jsonRecordIn('columns', kind, payload);
}
