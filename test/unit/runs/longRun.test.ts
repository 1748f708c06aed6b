import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { METRIC_NAMES } from '../../../src/protocol/run.ts';
import { readRun } from '../../../src/runs/runReader.ts';
import { folderBytes, recordLongRun } from '../../bench/longRun.ts';

const MILLION = 1e6;
/** A record of a single row: its head, four numbers that go with the batch, the row, and its checksum. */
const ROW_BYTES = 9 + 4 * 8 + 8 * METRIC_NAMES.length;
/** Measurements and samples of a million iterations. */
const MEASURED_BYTES = (32 + 8 + 4 + 8) * 2 ** 20;
const KEPT_TEXT_BYTES = 16 * 2 ** 20;
const OTHERS_BYTES = 100_000;

/** What a run may take without its checkpoints and its text: what is measured grows with the logarithm of the iterations. */
function mostBytes(iterations: number): number {
  return (
    ROW_BYTES * iterations + (MEASURED_BYTES * (1 + Math.log(iterations))) / (1 + Math.log(MILLION)) + OTHERS_BYTES
  );
}

test('a run grows so slowly that one of a million iterations stays under 200 MB, even if each comes alone', async (context) => {
  assert.ok(mostBytes(MILLION) + KEPT_TEXT_BYTES < 200e6);
  const folder = await mkdtemp(join(tmpdir(), 'long-run-'));
  context.after(() => rm(folder, { recursive: true }));
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
