import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { metricsCsv } from '../../../../src/runs/export/csv.ts';
import { withFolderRun } from '../../../../src/runs/export/folderRun.ts';
import { MAGIC } from '../../../../src/runs/format/recordFrames.ts';
import { encodeRecord, type RunRecord } from '../../../../src/runs/format/records.ts';
import { inspection, listed, rows, sample, storedRun, textOf, validation } from './fixtures.ts';

async function folderWith(context: TestContext, metrics: RunRecord[], samples: RunRecord[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'run-'));
  context.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'run.json'), JSON.stringify(storedRun()));
  for (const [name, records] of Object.entries({ metrics, samples })) {
    await writeFile(
      join(folder, name),
      Buffer.concat([MAGIC, ...records.map((record) => encodeRecord(record) ?? MAGIC)]),
    );
  }
  return folder;
}

test('a run’s folder is exported as its reader understands it: rewinds applied, a torn tail left out', async (context) => {
  const folder = await folderWith(
    context,
    [
      rows(0, 30_000),
      { type: 'inspection', value: inspection(29_999) },
      { type: 'rewind', iterations: 5 },
      rows(5, 2),
      validation(6, 1),
    ],
    [sample(5, 'gone'), { type: 'rewind', iterations: 5 }, sample(6, 'ab')],
  );
  const torn = encodeRecord(rows(7, 3)) ?? MAGIC;
  await appendFile(join(folder, 'metrics'), torn.subarray(0, torn.length - 1));
  await withFolderRun(folder, async (run) => {
    assert.deepEqual([run.progress.iterations, run.history.iterations, run.problems.length], [7, 7, 1]);
    const records = await listed(run.records());
    assert.deepEqual(
      records.map(({ type }) => type),
      ['rows', 'rows', 'sample', 'validation'],
    );
    assert.ok(!JSON.stringify(records).includes('gone'));
    const lines = (await textOf({ chunks: metricsCsv(run) })).split('\r\n').filter((line) => /^\d/.test(line));
    assert.deepEqual(
      lines.map((line) => line.split(',').slice(0, 2).map(Number)),
      [0, 1, 2, 3, 4, 5, 6].map((iteration) => [iteration, iteration]),
    );
  });
});

test('what is written to a folder afterwards does not change its export', async (context) => {
  const folder = await folderWith(context, [rows(0, 3)], []);
  await withFolderRun(folder, async (run) => {
    const before = await textOf({ chunks: metricsCsv(run) });
    const metrics = join(folder, 'metrics');
    await appendFile(metrics, encodeRecord(rows(3, 2)) ?? MAGIC);
    assert.equal(await textOf({ chunks: metricsCsv(run) }), before);
    await writeFile(`${metrics}.new`, Buffer.concat([MAGIC, encodeRecord(rows(0, 1)) ?? MAGIC]));
    await rename(`${metrics}.new`, metrics);
    assert.equal(await textOf({ chunks: metricsCsv(run) }), before);
  });
});
