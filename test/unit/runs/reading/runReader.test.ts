import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { InputError } from '../../../../src/common/inputError.ts';
import type { RunRecord } from '../../../../src/runs/format/records.ts';
import { readRunFile, writeRunFile } from '../../../../src/runs/format/runFile.ts';
import { type ReadOptions, type ReadRun, readRun } from '../../../../src/runs/reading/runReader.ts';
import { fileOf, inspectionOf, recordsOf, rowsOf, runFixture, sampleOf } from '../format/recordFixtures.ts';
import { METRIC_NAMES } from '../../../tanh.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rnn-reader-'));
  await writeRunFile(folder, runFixture());
});
after(() => rm(folder, { recursive: true }));

async function readBack(metrics: RunRecord[], samples: RunRecord[] = [], options: ReadOptions = {}): Promise<ReadRun> {
  await writeFile(join(folder, 'metrics'), fileOf(metrics));
  await writeFile(join(folder, 'samples'), fileOf(samples));
  return readRun(folder, options);
}

function losses({ history }: ReadRun): number[] {
  return [...history.points('lossNats', 0, history.iterations, 4096).mean];
}

const validation = (iteration: number): RunRecord => ({
  type: 'validation',
  value: { iteration, lossNats: iteration, characters: 1 },
});
const vitals = (iteration: number): RunRecord => ({
  type: 'vitals',
  value: { iteration, updateToWeight: 1, saturation: 0 },
});
const inspection = (iteration: number): RunRecord => ({ type: 'inspection', value: inspectionOf(iteration) });
const sample = (iteration: number): RunRecord => ({ type: 'sample', value: sampleOf(iteration) });
const iterationsOf = (points: readonly { iteration: number }[]): number[] => points.map(({ iteration }) => iteration);

test('a run comes back with everything that was recorded', async () => {
  const records = recordsOf(0);
  const read = await readBack(
    records.filter(({ type }) => type !== 'sample'),
    records.filter(({ type }) => type === 'sample'),
  );
  assert.deepEqual(losses(read), [0, 1, 2, 3]);
  assert.deepEqual(read.progress, { epoch: 0.04, characters: 40, elapsedMs: 8, iterations: 4 });
  assert.deepEqual(read.history.of('inspection'), [inspectionOf(0)]);
  assert.deepEqual(read.history.of('sample'), [sampleOf(0)]);
  assert.equal(read.history.of('memoryPoint').length, 1);
  assert.equal(read.baselines?.uniformNats, 4);
  assert.deepEqual(read.run, runFixture());
  assert.deepEqual(read.problems, []);
});

test('a rewind makes void what is beyond it, in both files, and what came after it counts', async () => {
  const read = await readBack(
    [
      rowsOf(0, 4),
      ...[1, 3, 5].flatMap((at) => [validation(at), vitals(at), inspection(at)]),
      rowsOf(4, 4),
      { type: 'rewind', iterations: 6 },
      rowsOf(6, 1),
      { type: 'rewind', iterations: 3 },
      { ...rowsOf(3, 2), rows: rowsOf(100, 2).rows },
      inspection(4),
    ],
    [sample(1), sample(3), { type: 'rewind', iterations: 3 }, sample(4)],
  );
  assert.deepEqual(losses(read), [0, 1, 2, 100, 101]);
  assert.deepEqual(iterationsOf(read.history.of('validation')), [1, 3]);
  assert.deepEqual(iterationsOf(read.history.of('vitals')), [1]);
  assert.deepEqual(iterationsOf(read.history.of('inspection')), [1, 4]);
  assert.deepEqual(iterationsOf(read.history.of('sample')), [1, 4]);
  assert.equal(read.progress.iterations, 5);
  assert.deepEqual(read.problems, []);
});

test('a run can be read as it was earlier, in the middle of a batch too', async () => {
  const read = await readBack([rowsOf(0, 4), rowsOf(4, 4), validation(6), vitals(6)], [sample(2), sample(6)], {
    upTo: 6,
  });
  assert.deepEqual(losses(read), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(read.progress, { epoch: 0.06, characters: 60, elapsedMs: 12, iterations: 6 });
  assert.deepEqual(iterationsOf(read.history.of('validation')), [6]);
  assert.deepEqual(iterationsOf(read.history.of('vitals')), []);
  assert.deepEqual(iterationsOf(read.history.of('sample')), [2]);
});

test('iterations without a row get one of NaN, so that the others keep their numbers', async () => {
  const read = await readBack([rowsOf(2, 2), rowsOf(7, 1)]);
  assert.deepEqual(losses(read), [NaN, NaN, 2, 3, NaN, NaN, NaN, 7]);
  assert.match(read.problems.join(), /5 of 8 iterations have no numbers/);
});

test('a row that claims an absurd iteration is left out, not waited for', async () => {
  const read = await readBack([rowsOf(0, 2), rowsOf(2 ** 50, 1), rowsOf(2, 1)]);
  assert.deepEqual(losses(read), [0, 1, 2]);
  assert.match(read.problems.join(), /1 record was left out/);
});

test('rows that come twice count once', async () => {
  const read = await readBack([rowsOf(0, 3), rowsOf(1, 1), { ...rowsOf(2, 2), rows: rowsOf(50, 2).rows }]);
  assert.deepEqual(losses(read), [0, 1, 2, 51]);
});

test('inspections of a long run are spread over it, the newest always among them', async () => {
  const length = 5000;
  const read = await readBack([rowsOf(0, length), ...Array.from({ length }, (_, at) => inspection(at))]);
  const found = iterationsOf(read.history.of('inspection'));
  assert.equal(found.at(-1), length - 1);
  assert.ok(found.length > 500 && found.length <= 1025, String(found.length));
  assert.ok(found.every((at, index) => index === 0 || at - found[index - 1] <= 10));
});

test('an inspection of symbols that the vocabulary does not have is left out', async () => {
  await writeRunFile(folder, runFixture({ vocabulary: { tokens: 'characters', codes: [97, 98] } }));
  const read = await readBack([rowsOf(0, 1), inspection(0)]);
  await writeRunFile(folder, runFixture());
  assert.deepEqual(read.history.of('inspection'), []);
  assert.match(read.problems.join(), /1 record was left out/);
});

test('a damaged record and a torn tail are said, and cost nothing else', async () => {
  const file = fileOf([rowsOf(0, 2), rowsOf(2, 2), rowsOf(4, 2)]);
  file[8 + 9 + 32 + 2 * 8 * METRIC_NAMES.length + 60] ^= 4;
  await writeFile(join(folder, 'metrics'), Buffer.concat([file, new Uint8Array(11)]));
  await rm(join(folder, 'samples'));
  const read = await readRun(folder);
  assert.deepEqual(losses(read), [0, 1, NaN, NaN, 4, 5]);
  assert.match(read.problems[0], /1 record was of the file metrics|1 record was/);
  assert.match(read.problems.join(), /last 11 bytes of the file metrics/);
});

test('without metrics there is a run without curves, and without run.json none', async () => {
  await rm(join(folder, 'metrics'));
  const read = await readRun(folder);
  assert.equal(read.history.iterations, 0);
  assert.match(read.problems.join(), /metrics is missing/);
  await assert.rejects(readRun(join(folder, 'nowhere')), { code: 'ENOENT' });
});

test('a run.json that is damaged, too long or of another version is an error that says so', async () => {
  const path = join(folder, 'run.json');
  for (const [text, expected] of [
    ['{', /is not JSON/],
    ['{}', /format/],
    [JSON.stringify({ ...runFixture(), version: 2 }), /version/],
    [JSON.stringify({ ...runFixture(), settings: { hiddenSize: -1 } }), /hiddenSize is -1/],
    [' '.repeat(8 * 2 ** 20 + 1), /the longest that is read/],
  ] as const) {
    await writeFile(path, text);
    await assert.rejects(readRunFile(folder), (error) => error instanceof InputError && expected.test(error.message));
  }
  await assert.rejects(writeRunFile(folder, runFixture({ runId: '../x' })), TypeError);
});
