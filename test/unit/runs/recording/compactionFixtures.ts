import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Buckets } from '../../../../src/common/bucketRing.ts';
import { RandomStream } from '../../../../src/common/random.ts';
import { RunHistory } from '../../../../src/history/history.ts';
import type { WorkerEvent } from '../../../../src/protocol/worker.ts';
import { diskFiles } from '../../../../src/runs/disk/files.ts';
import { scanFrames } from '../../../../src/runs/format/frameScan.ts';
import { RunRecorder, type RecorderOptions } from '../../../../src/runs/recording/recorder.ts';
import { RecordDecoder } from '../../../../src/runs/format/recordDecoder.ts';
import type { RunRecord } from '../../../../src/runs/format/records.ts';
import { RUN_ID, runFixture } from '../format/recordFixtures.ts';
import { HISTORY_COLUMNS, METRIC_NAMES, NETWORK } from '../../../tanh.ts';

/** The least that a recorder can be told to keep: 4096 rows stay whole, and as many buckets of each width. */
export const LITTLE = 1.5 * 2 ** 20;

/** Numbers like those of a run: noise on a falling curve, and a spike now and then, in any column, that no mean would show. */
export function spikyRows(count: number, seed: number): Float64Array<ArrayBuffer> {
  const random = RandomStream.seeded(seed, 'text');
  const columns = METRIC_NAMES.length;
  const rows = new Float64Array(count * columns);
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < columns; column++) {
      rows[row * columns + column] = 1 + column + 1 / (1 + row / 1000) + 0.1 * random.uniform();
    }
    if (random.integer(500) === 0)
      rows[row * columns + random.integer(columns)] *= random.integer(2) === 0 ? 100 : 0.01;
    if (random.integer(20_000) === 0) rows[row * columns + random.integer(columns)] = NaN;
  }
  return rows;
}

/** Rows `from` ≤ row < `to` of them, as they come from training. */
export function progressOfRows(
  rows: Float64Array,
  from: number,
  to: number,
): Extract<WorkerEvent, { type: 'progress' }> {
  const columns = METRIC_NAMES.length;
  return {
    type: 'progress',
    runId: RUN_ID,
    firstIteration: from,
    rows: rows.slice(from * columns, to * columns),
    epoch: to / 1000,
    characters: to * 10,
    elapsedMs: to * 2,
  };
}

/** What somebody has in memory who saw all of the rows. */
export function historyOf(rows: Float64Array): RunHistory {
  const history = new RunHistory(NETWORK);
  history.metrics.addRows(rows);
  return history;
}

/**
 * That two histories show the same: as many iterations, the same levels, each reaching back as far, extremes equal to the bit, means
 * up to the rounding of float32.
 */
export function assertSameShape(history: RunHistory, expected: RunHistory): void {
  assert.equal(history.iterations, expected.iterations);
  const levels = (of: RunHistory): number[][] => of.metrics.levels.map(({ width, first, end }) => [width, first, end]);
  assert.deepEqual(levels(history), levels(expected));
  for (const [level, buckets] of history.metrics.levels.entries())
    assertSameBuckets(buckets, expected.metrics.levels[level]);
}

function assertSameBuckets(buckets: Buckets, expected: Buckets): void {
  const columns = HISTORY_COLUMNS.length;
  const [found, wanted] = [buckets, expected].map((of) => of.slice(of.first, of.end));
  const stride = columns * (buckets.width === 1 ? 1 : 3);
  for (let at = 0; at < wanted.length; at++) {
    const isMean = buckets.width > 1 && at % stride < columns;
    const isSame = isMean
      ? Math.abs(found[at] - wanted[at]) <= 2e-6 * Math.abs(wanted[at]) || Object.is(found[at], wanted[at])
      : Object.is(found[at], wanted[at]);
    if (isSame) continue;
    const bucket = buckets.first + Math.floor(at / stride);
    assert.fail(
      `${HISTORY_COLUMNS[at % columns]} of ${buckets.width} iterations from ${bucket * buckets.width} on is ${found[at]}, not ${wanted[at]} (${Math.floor((at % stride) / columns)})`,
    );
  }
}

/** Whoever expects no trouble. */
const unexpected = (message: string): never => assert.fail(message);
export const options = (change: Partial<RecorderOptions> = {}): RecorderOptions => ({
  onProblem: unexpected,
  metricsBytes: LITTLE,
  ...change,
});
export const create = (
  folder: string,
  change: Partial<RecorderOptions> = {},
  run = runFixture(),
): Promise<RunRecorder> => RunRecorder.create(folder, run, options(change));
export const goOn = (folder: string, iterations: number, change: Partial<RecorderOptions> = {}): Promise<RunRecorder> =>
  RunRecorder.continueAt(folder, runFixture({ iterations }), iterations, options(change));

/** @param each rows come together. */
export async function record(
  recorder: RunRecorder,
  rows: Float64Array,
  from: number,
  to: number,
  each = 5000,
): Promise<void> {
  for (let at = from; at < to; at += each) {
    recorder.receive(progressOfRows(rows, at, Math.min(to, at + each)));
    await recorder.settle();
  }
}

export async function recordsIn(folder: string, name: 'metrics' | 'samples' = 'metrics'): Promise<RunRecord[]> {
  const found: RunRecord[] = [];
  const decoder = new RecordDecoder();
  await scanFrames(join(folder, name), diskFiles, ({ kind, payload }) => {
    const record = decoder.decode(kind, payload);
    if (typeof record === 'object') found.push(record);
  });
  return found;
}
