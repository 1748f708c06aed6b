import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { RUNS_SETTINGS } from '../../../../src/protocol/runsSettings.ts';
import { readRun } from '../../../../src/runs/reading/runReader.ts';
import { compactionCosts } from '../../../bench/compaction.ts';
import { folderBytes, recordLongRun } from '../../../bench/longRun.ts';
import { amount } from '../../../run/amount.ts';
import { METRIC_NAMES } from '../../../tanh.ts';

const MILLION = 1e6;
/** A record of a single row: its head, four numbers that go with the batch, the row, and its checksum. */
const ROW_BYTES = 9 + 4 * 8 + 8 * METRIC_NAMES.length;
/** Measurements and samples of a million iterations, before any are put together. */
const MEASURED_BYTES = (32 + 8 + 4 + 8) * 2 ** 20;
const METRICS_BYTES = RUNS_SETTINGS.metricsMB.default * 2 ** 20;
/** What a network of a hundred thousand iterations a second does between two writes. */
const SECOND_BYTES = 8e6;
const SAMPLES_BYTES = 12 * 2 ** 20;
const KEPT_TEXT_BYTES = RUNS_SETTINGS.keepTextMB.default * 2 ** 20;
const OTHERS_BYTES = 100_000;

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'long-run-'));
});
after(() => rm(folder, { recursive: true }));

/** What a run takes without its checkpoints and its text, until its numbers are put together. */
function mostBytes(iterations: number): number {
  return (
    ROW_BYTES * iterations + (MEASURED_BYTES * (1 + Math.log(iterations))) / (1 + Math.log(MILLION)) + OTHERS_BYTES
  );
}

test('a run grows slowly, even if each iteration comes alone', async () => {
  for (const iterations of [4000, 16_000]) {
    const run = join(folder, String(iterations));
    await recordLongRun(run, { iterations, rowsPerEvent: 1 });
    const checkpoints = await folderBytes(join(run, 'checkpoints'));
    const bytes = (await folderBytes(run)) - checkpoints;
    assert.ok(bytes <= mostBytes(iterations), `${bytes} bytes after ${iterations} iterations`);
    assert.ok((await stat(join(run, 'metrics'))).size > ROW_BYTES * iterations);
    assert.equal((await readRun(run)).history.iterations, iterations);
  }
});

const ITERATIONS = amount(10_000_000, 800_000, 'iterations of a long run');

test('a run of any length stays under 100 MB besides its checkpoints', async () => {
  const most = METRICS_BYTES + SECOND_BYTES;
  assert.ok(most + SAMPLES_BYTES + KEPT_TEXT_BYTES + OTHERS_BYTES < 100e6);
  const run = join(folder, 'tiny');
  const { compactions, mostMetricsBytes } = await compactionCosts(run, ITERATIONS);
  assert.ok(
    compactions > 0 && mostMetricsBytes > METRICS_BYTES && mostMetricsBytes < most,
    `${mostMetricsBytes} bytes`,
  );
  assert.ok((await folderBytes(run)) < METRICS_BYTES);
  const { history, problems } = await readRun(run);
  assert.deepEqual(problems, []);
  assert.ok(history.iterations >= ITERATIONS);
});
