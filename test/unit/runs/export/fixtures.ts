import { isRunEvent } from '../../../../src/protocol/events.ts';
import { networkOf } from '../../../../src/network/network.ts';
import { RunHistory } from '../../../../src/history/history.ts';
import type { Inspection, RunFacts } from '../../../../src/protocol/run.ts';
import { SmoothedLoss } from '../../../../src/history/smoothedLoss.ts';
import { parseSettings } from '../../../../src/protocol/settings.ts';
import type { StoredRun } from '../../../../src/protocol/storedRun.ts';
import type { ExportedRun, ExportFile } from '../../../../src/runs/export/exportedRun.ts';
import type { ValidRecord } from '../../../../src/runs/export/validRecords.ts';
import { endOfRows } from '../../../../src/runs/format/records.ts';
import { METRIC_NAMES, NETWORK, PARAMETER_NAMES, STEP_QUANTITIES } from '../../../tanh.ts';

type Rows = Extract<ValidRecord, { type: 'rows' }> & { readonly rows: Float64Array<ArrayBuffer> };

export const T = 4;
export const CREATED_AT = '2026-05-04T03:02:01.000Z';

export const FACTS: RunFacts = {
  vocabulary: ['a', 'b', '\n', '<'],
  parameterCount: 123,
  trainingCharacters: 900,
  validationCharacters: 100,
  iterationsPerEpoch: 10,
  iterationsTotal: 100,
  memoryBytes: 1000,
  kernels: 'scalar',
  threads: 1,
};

export function storedRun(changes: Partial<StoredRun> = {}): StoredRun {
  return {
    format: 'rnn-gradient-inspector-run',
    version: 1,
    runId: 'a-run',
    isPinned: false,
    source: 'inspector',
    settings: parseSettings({ hiddenSize: 8, sequenceLength: T, batchSize: 2 }),
    text: { uri: 'file:///t/a.txt', fileName: 'a.txt', bytes: 1000, sha256: 'ab'.repeat(32), isKept: false },
    facts: FACTS,
    versions: { extension: '0.1.0' },
    createdAt: CREATED_AT,
    changedAt: CREATED_AT,
    state: 'finished',
    iterations: 0,
    elapsedMs: 0,
    ...changes,
  };
}

/** Rows whose numbers tell iteration and column apart: iteration + column / 16. */
export function rows(firstIteration: number, count: number, elapsedMs = firstIteration + count): Rows {
  const columns = METRIC_NAMES.length;
  const numbers = Float64Array.from({ length: count * columns }, (_, i) => {
    return firstIteration + Math.floor(i / columns) + (i % columns) / 16;
  });
  const clock = { epoch: 1, characters: 8 * elapsedMs, elapsedMs };
  return { type: 'rows', firstIteration, ...clock, columns: METRIC_NAMES, rows: numbers };
}

/** Norms of 10^-row at every step, a little larger with t; cosines only where they are given. */
export function inspection(iteration: number, cosine = NaN): Inspection {
  return {
    iteration,
    stepNorm: Float32Array.from({ length: STEP_QUANTITIES.length * T }, (_, i) => {
      return 10 ** -Math.floor(i / T) * (1 + (i % T) / 10);
    }),
    stepCosine: new Float32Array(PARAMETER_NAMES.length * T).fill(cosine),
    inputs: Int32Array.of(0, 1, 2, 3),
    targets: Int32Array.of(1, 2, 3, 0),
  };
}

export function validation(iteration: number, lossNats: number): ValidRecord {
  return { type: 'validation', value: { iteration, lossNats, characters: 99 } };
}

export function sample(iteration: number, text: string, prompt = 'a'): ValidRecord {
  const characters = Array.from(text);
  const probability = Float32Array.from(characters, (_, i) => 1 / (1 + (i % 7)));
  return { type: 'sample', value: { iteration, prompt, temperature: 0.5, topK: 0, characters, probability } };
}

/** A run with these records, and the history that they make. */
export function exported(records: readonly ValidRecord[], changes: Partial<StoredRun> = {}): ExportedRun {
  const history = new RunHistory(NETWORK);
  let wholeFrom = 0;
  let progress = { iterations: 0, epoch: 0, characters: 0, elapsedMs: 0 };
  for (const record of records) {
    if (record.type === 'rows') {
      history.metrics.addRows(record.rows);
      const { epoch, characters, elapsedMs } = record;
      progress = { iterations: endOfRows(record), epoch, characters, elapsedMs };
    }
    if (record.type === 'buckets') {
      history.metrics.addBuckets(
        record.width,
        record.buckets,
        new SmoothedLoss(record.smoothedNats, record.smoothedLosses),
      );
      wholeFrom = endOfRows(record);
    }
    if (isRunEvent(record)) history.add(record);
  }
  const baselines = records.find((record) => record.type === 'baselines')?.baselines;
  const run = storedRun(changes);
  return { run, network: networkOf(run.settings), records: () => records, history, progress, wholeFrom, baselines };
}

export async function listed<E>(elements: Iterable<E> | AsyncIterable<E>): Promise<E[]> {
  const list: E[] = [];
  for await (const element of elements) list.push(element);
  return list;
}

export async function textOf({ chunks }: Pick<ExportFile, 'chunks'>): Promise<string> {
  return (await bytesOf({ chunks })).toString();
}

export async function bytesOf({ chunks }: Pick<ExportFile, 'chunks'>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks) parts.push(Buffer.from(chunk));
  return Buffer.concat(parts);
}
