import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_SETTINGS, SETTINGS } from '../../src/protocol/settings.ts';
import type { StoredRun } from '../../src/protocol/storedRun.ts';
import { encodeFrame, FRAME_BYTES, MAGIC } from '../../src/runs/format/recordFrames.ts';
import { encodeRecord, type RunRecord } from '../../src/runs/format/records.ts';
import { METRIC_NAMES } from '../tanh.ts';
import { runFixture } from '../unit/runs/format/recordFixtures.ts';

/** Folders of runs that somebody filled to hold up whoever lists or opens them, each of which claims as much as it can. */

export interface HostileRun {
  readonly runId: string;
  readonly what: string;
}

const JSON_RECORD = 3;
const COPIES = 50;
const MANY = 300;
/** `"aaa0z":"1",` */
const ENTRY_BYTES = 12;
const CLOCK = { epoch: 1, characters: 1, elapsedMs: 1 };

/** Fills a library; what is opened one by one comes back. */
export async function writeHostileRuns(root: string): Promise<HostileRun[]> {
  const opened: HostileRun[] = [];
  const put = async (runId: string, what: string, files: Readonly<Record<string, string | Uint8Array>>) => {
    await writeRun(root, runId, files);
    opened.push({ runId, what });
  };
  const rows = (firstIteration: number, count: number): RunRecord => ({
    type: 'rows',
    firstIteration,
    ...CLOCK,
    columns: METRIC_NAMES,
    rows: new Float64Array(count * METRIC_NAMES.length).fill(1),
  });
  await put('far', '121 bytes that claim iteration 2^24', { metrics: fileOf([rows(0, 1), rows(2 ** 24, 1)]) });
  await put('windows', `${MANY} windows of the longest T`, {
    metrics: fileOf(Array.from({ length: MANY }, (_, at) => window(at, SETTINGS.sequenceLength.maximum))),
  });
  await put('single', '300,000 rows, a record each', {
    metrics: fileOf(Array.from({ length: 300_000 }, (_, at) => rows(at, 1))),
  });
  await put('batch', 'one record of 60 MB of rows', { metrics: fileOf([rows(0, 830_000)]) });
  await put('text', 'a sample of 16 MB', { samples: Buffer.concat([MAGIC, sampleFrame(16 * 2 ** 20)]) });
  await put('unknown', 'a record of 60 MB of an unknown kind', {
    metrics: Buffer.concat([MAGIC, encodeFrame(99, 60 * 2 ** 20, () => undefined)]),
  });
  await put('damaged', 'records with wrong checksums', { metrics: Buffer.concat([MAGIC, ...wrongFrames()]) });
  await put('holes', 'a sparse file of 4 GB', { metrics: MAGIC });
  await truncate(join(root, 'holes', 'metrics'), 4 * 2 ** 30);
  await put('failure', 'a reason of the longest that is kept', { 'run.json': runJson('failure', 'x'.repeat(10_000)) });
  for (let copy = 0; copy < COPIES; copy++) {
    await writeRun(root, `large-${copy}`, { 'run.json': paddedJson(`large-${copy}`, 8 * 2 ** 20) });
    await writeRun(root, `limit-${copy}`, { 'run.json': paddedJson(`limit-${copy}`, 2 * 2 ** 20 - 1024) });
    await writeRun(root, `symbols-${copy}`, { 'run.json': symbolsJson(`symbols-${copy}`) });
  }
  await writeRun(root, 'reason', { 'run.json': runJson('reason', 'x'.repeat(6_000_000)) });
  for (let at = 0; at < MANY; at++) await writeRun(root, `small-${at}`, {});
  return opened;
}

async function writeRun(root: string, runId: string, files: Readonly<Record<string, string | Uint8Array>>) {
  const folder = join(root, runId);
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries({
    'run.json': runJson(runId),
    metrics: MAGIC,
    samples: MAGIC,
    ...files,
  })) {
    await writeFile(join(folder, name), content);
  }
}

function run(runId: string): StoredRun {
  return runFixture({ runId, settings: DEFAULT_SETTINGS, state: 'stopped' });
}

function runJson(runId: string, failure?: string): string {
  return JSON.stringify({ ...run(runId), ...(failure !== undefined && { state: 'failed', failure }) });
}

/** Of many short entries, which take longest to check. */
function paddedJson(runId: string, bytes: number): string {
  const versions: Record<string, string> = {};
  for (let at = 0; at < Math.floor((bytes - 2000) / ENTRY_BYTES); at++)
    versions[at.toString(36).padStart(5, 'a')] = '1';
  return JSON.stringify({ ...run(runId), versions });
}

/** The longest vocabulary that there is. */
function symbolsJson(runId: string): string {
  const codes = Array.from({ length: 20_000 }, (_, at) => 0x4e00 + at);
  const facts = {
    vocabulary: codes.map((code) => String.fromCodePoint(code)),
    parameterCount: 1,
    trainingCharacters: 1,
    validationCharacters: 1,
    iterationsPerEpoch: 1,
    iterationsTotal: 1,
    memoryBytes: 1,
    kernels: 'relaxed',
    threads: 1,
  };
  return JSON.stringify({ ...run(runId), vocabulary: { tokens: 'characters', codes }, facts });
}

function window(iteration: number, T: number): RunRecord {
  return {
    type: 'inspection',
    value: {
      iteration,
      stepNorm: new Float32Array(7 * T).fill(1),
      stepCosine: new Float32Array(5 * T).fill(NaN),
      inputs: new Int32Array(T),
      targets: new Int32Array(T),
    },
  };
}

function sampleFrame(bytes: number): Uint8Array {
  const count = Math.floor((bytes - 1000) / 6);
  const sample = {
    iteration: 1,
    prompt: '',
    temperature: 1,
    topK: 0,
    characters: Array.from({ length: count }, () => 'a'),
    probability: Array.from({ length: count }, () => 1),
  };
  const text = new TextEncoder().encode(JSON.stringify({ type: 'sample', sample }));
  return encodeFrame(JSON_RECORD, text.length, (payload) => payload.set(text));
}

/** As many as are looked at before nothing of the file is believed any more. */
function wrongFrames(): Uint8Array[] {
  const frame = encodeFrame(1, 2 ** 20 - FRAME_BYTES, (payload) => payload.fill(7));
  frame[frame.length - 1] ^= 1;
  return Array.from({ length: 120 }, () => frame);
}

function fileOf(records: readonly RunRecord[]): Uint8Array {
  const frames = records.map((record) => {
    const frame = encodeRecord(record);
    if (frame === undefined) throw new Error(`a record of type ${record.type} has no form`);
    return frame;
  });
  return Buffer.concat([MAGIC, ...frames]);
}
