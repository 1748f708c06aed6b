import assert from 'node:assert/strict';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { EXPORT_FORMAT_IDS } from '../../../src/runs/export/index.ts';
import { withFolderRun } from '../../../src/runs/export/folderRun.ts';
import { readRun } from '../../../src/runs/reading/runReader.ts';
import { sampleText } from '../../../src/text/sampleText.ts';
import { longTest } from '../../run/amount.ts';
import { assertSameShape } from '../runs/recording/compactionFixtures.ts';
import { rowsIn } from '../runs/recording/killedRuns.ts';
import { copyHeadless, headless } from './headless.ts';
import { METRIC_NAMES } from '../../tanh.ts';

let folder: string;
let text: string;
before(async () => {
  folder = await copyHeadless();
  text = join(folder, 'sample.txt');
  await writeFile(text, sampleText().slice(0, 20_000));
});
after(() => rm(folder, { recursive: true }));

/** A network so small that its numbers are what takes room. */
const TINY = ['hiddenSize=3', 'sequenceLength=5', 'batchSize=1', 'validationFraction=0', 'maxEpochs=1000'];
const [FIRST, ITERATIONS] = [155_000, 280_000];
const COLUMNS = METRIC_NAMES.length;

async function succeeds(...argv: string[]): Promise<void> {
  const { code, stderr } = await headless(folder, ...argv);
  assert.equal(code, 0, stderr);
}

function train(name: string, iterations: number, megabytes: number): Promise<void> {
  const settings = TINY.flatMap((setting) => ['--set', setting]);
  const kept = ['--out', join(folder, name), '--keep-metrics', String(megabytes)];
  return succeeds('train', text, ...settings, '--iterations', String(iterations), ...kept);
}

longTest(
  'a run that is kept small is the one that is kept whole: its newest rows to the bit, of older ones the extremes',
  async () => {
    const [small, whole] = [join(folder, 'small'), join(folder, 'whole')];
    await train('small', FIRST, 10);
    await succeeds('resume', small, '--iterations', String(ITERATIONS), '--keep-metrics', '10');
    await train('whole', ITERATIONS, 1000);

    const sizes = await Promise.all([small, whole].map(async (run) => (await stat(join(run, 'metrics'))).size));
    assert.ok(sizes[0] < 11.5 * 2 ** 20 && sizes[1] > 8 * COLUMNS * ITERATIONS, sizes.join(' and '));
    const [read, expected] = await Promise.all([small, whole].map((run) => readRun(run)));
    assert.deepEqual([read.problems, expected.problems, expected.wholeFrom], [[], [], 0]);
    // It was written anew before the end of its first life, and in the second one again.
    assert.ok(read.wholeFrom > FIRST, `whole from ${read.wholeFrom} on`);
    assertSameShape(read.history, expected.history);
    assert.equal(read.history.of('inspection')[0].iteration, 0);

    const rows = await rowsIn(whole);
    const newest = await withFolderRun(small, async (run) => {
      const found: number[] = [];
      for await (const record of run.records()) {
        if (record.type === 'rows' && record.firstIteration >= read.wholeFrom)
          for (const value of record.rows) found.push(value);
      }
      return Float64Array.from(found);
    });
    assert.ok(newest.length >= 16_384 * COLUMNS);
    assert.ok(Buffer.from(newest.buffer).equals(Buffer.from(rows.slice(read.wholeFrom * COLUMNS).buffer)));

    const csv = join(folder, 'csv');
    await succeeds('export', small, '--to', 'csv', '--out', csv);
    const levels = (await readFile(join(csv, 'metrics-levels.csv'), 'utf8'))
      .split('\r\n')
      .filter((line) => /^\d/.test(line));
    let next = 0;
    for (const line of levels) {
      const [iteration, iterations, mean, least, greatest] = line.split(',').map(Number);
      assert.equal(iteration, next);
      next += iterations;
      const losses = Array.from({ length: iterations }, (_, i) => rows[(iteration + i) * COLUMNS]);
      assert.deepEqual([least, greatest].map(Math.fround), [Math.min(...losses), Math.max(...losses)].map(Math.fround));
      assert.ok(Math.abs(mean - losses.reduce((sum, loss) => sum + loss) / iterations) < 1e-5);
    }
    assert.equal(next, read.wholeFrom);
    for (const format of EXPORT_FORMAT_IDS.filter((each) => each !== 'csv')) {
      await succeeds('export', small, '--to', format, '--out', join(folder, `exported-${format}`));
    }
  },
);
