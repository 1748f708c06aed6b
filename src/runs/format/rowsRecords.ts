import { bytesOf, copied, isIteration } from './numbers.ts';

/** Iterations of a run, each with a row of numbers. */
export interface RowsRecord {
  readonly type: 'rows';
  readonly firstIteration: number;
  /** As of the end of the batch. */
  readonly epoch: number;
  readonly characters: number;
  readonly elapsedMs: number;
  /** Names of the numbers of a row. */
  readonly columns: readonly string[];
  /** (rows, columns) */
  readonly rows: Float64Array;
}

const HEAD_BYTES = 32;

/** Of a payload of this kind, without looking at its numbers: the iteration after the last one, or NaN where it is none. */
export function endOfRowsPayload(payload: Uint8Array, columns: number): number {
  if (payload.length < HEAD_BYTES) return NaN;
  const first = new DataView(payload.buffer, payload.byteOffset).getFloat64(0, true);
  return first + (payload.length - HEAD_BYTES) / (8 * columns);
}

/** Writes a record as a payload of so many bytes; undefined for one that the format has no place for. */
export function rowsPayload(
  record: RowsRecord,
): { readonly bytes: number; readonly fill: (payload: Uint8Array) => void } | undefined {
  const { firstIteration, epoch, characters, elapsedMs, columns, rows } = record;
  if (!isRowsHead(record) || rows.length % columns.length !== 0) return undefined;
  const head = Float64Array.of(firstIteration, epoch, characters, elapsedMs);
  return {
    bytes: HEAD_BYTES + rows.byteLength,
    fill: (payload) => {
      payload.set(bytesOf(head));
      payload.set(bytesOf(rows), HEAD_BYTES);
    },
  };
}

/** The record with an array of its own, or undefined where the payload contradicts the format. */
export function decodeRows(payload: Uint8Array, columns: readonly string[]): RowsRecord | undefined {
  const rowBytes = 8 * columns.length;
  if (payload.length < HEAD_BYTES || (payload.length - HEAD_BYTES) % rowBytes !== 0) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset);
  const record: RowsRecord = {
    type: 'rows',
    firstIteration: view.getFloat64(0, true),
    epoch: view.getFloat64(8, true),
    characters: view.getFloat64(16, true),
    elapsedMs: view.getFloat64(24, true),
    columns,
    rows: new Float64Array(copied(payload, HEAD_BYTES, payload.length - HEAD_BYTES)),
  };
  return isRowsHead(record) ? record : undefined;
}

/** Without a schema: a file may hold a million of these, one a row. */
function isRowsHead({ firstIteration, epoch, characters, elapsedMs }: RowsRecord): boolean {
  const isAmount = (value: number): boolean => value >= 0 && value < Infinity;
  return isIteration(firstIteration) && isAmount(epoch) && isAmount(characters) && isAmount(elapsedMs);
}
