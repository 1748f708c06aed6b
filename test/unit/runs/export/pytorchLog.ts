import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

/** What is in the file `metrics`, read by its description alone and not by the reader of `runs/`. */
export interface Log {
  /** By iteration, (rows of the columns). */
  readonly rows: Map<number, number[]>;
  readonly inspections: Map<number, { stepNorm: number[]; stepCosine: number[]; inputs: number[]; targets: number[] }>;
  readonly others: Record<string, unknown>[];
  /** Those that the numbers read last were by. */
  columns: Record<'rows' | 'stepNorm' | 'stepCosine', string[]>;
  /** Of the batches of rows: what had been done at the end of each. */
  readonly ends: { iterations: number; epoch: number; characters: number; elapsedMs: number }[];
}

export async function readLog(folder: string): Promise<Log> {
  const bytes = await readFile(join(folder, 'metrics'));
  if (bytes.toString('latin1', 0, 8) !== 'RNNRUN1\n') throw new Error('no run format');
  const log: Log = {
    rows: new Map(),
    inspections: new Map(),
    others: [],
    ends: [],
    columns: { rows: [], stepNorm: [], stepCosine: [] },
  };
  for (let at = 8; at < bytes.length;) {
    const end = at + 5 + bytes.readUInt32LE(at);
    if (bytes.readUInt32LE(end) !== crc32(bytes.subarray(at + 4, end))) throw new Error(`wrong checksum at ${at}`);
    addRecord(log, bytes[at + 4], bytes.subarray(at + 5, end));
    at = end + 4;
  }
  return log;
}

function addRecord(log: Log, kind: number, payload: Buffer): void {
  if (kind === 1) addRows(log, payload);
  else if (kind === 2) addInspection(log, payload);
  else {
    const content = JSON.parse(payload.toString('utf8')) as Record<string, unknown>;
    log.others.push(content);
    if (content.type === 'columns') log.columns = content as unknown as Log['columns'];
  }
}

function addRows(log: Log, payload: Buffer): void {
  const [first, epoch, characters, elapsedMs, ...values] = numbers(payload, 8, (at) => payload.readDoubleLE(at));
  const width = log.columns.rows.length;
  for (let row = 0; row < values.length / width; row++) {
    log.rows.set(first + row, values.slice(row * width, (row + 1) * width));
  }
  log.ends.push({ iterations: first + values.length / width, epoch, characters, elapsedMs });
}

function addInspection(log: Log, payload: Buffer): void {
  const T = payload.readUInt32LE(8);
  const floats = numbers(payload, 4, (at) => payload.readFloatLE(at)).slice(4);
  const integers = numbers(payload, 4, (at) => payload.readInt32LE(at)).slice(4);
  const norms = log.columns.stepNorm.length * T;
  const cosines = norms + log.columns.stepCosine.length * T;
  log.inspections.set(payload.readUInt32LE(0) + 2 ** 32 * payload.readUInt32LE(4), {
    stepNorm: floats.slice(0, norms),
    stepCosine: floats.slice(norms, cosines),
    inputs: integers.slice(cosines, cosines + T),
    targets: integers.slice(cosines + T),
  });
}

function numbers(payload: Buffer, bytes: number, read: (at: number) => number): number[] {
  return Array.from({ length: payload.length / bytes }, (_, index) => read(index * bytes));
}
