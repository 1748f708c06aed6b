import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, suite, test } from 'node:test';
import { networkOf } from '../../../../src/network/network.ts';
import { DEFAULT_SETTINGS } from '../../../../src/protocol/settings.ts';
import { diskFiles } from '../../../../src/runs/disk/files.ts';
import { withFolderRun } from '../../../../src/runs/export/folderRun.ts';
import { columnsOf, UNSAID_COLUMNS } from '../../../../src/runs/format/columns.ts';
import { MAGIC } from '../../../../src/runs/format/recordFrames.ts';
import { encodeColumns, encodeRecord, type RowsRecord, type RunRecord } from '../../../../src/runs/format/records.ts';
import { writeRunFile } from '../../../../src/runs/format/runFile.ts';
import { RunFollower } from '../../../../src/runs/reading/runFollower.ts';
import { readRun } from '../../../../src/runs/reading/runReader.ts';
import { RecordStream } from '../../../../src/runs/recording/recordStream.ts';
import { listed } from '../export/fixtures.ts';
import { runFixture } from '../format/recordFixtures.ts';

const NETWORK = networkOf({ cell: 'lstm', layers: 2 });
const COLUMNS = columnsOf(NETWORK);
/** So many rows that their numbers would be whole rows of tanh as well. */
const ROWS = 3;
const LENGTH_BYTES = 4;
const SAID = encodeColumns(COLUMNS);
const LOST = /^The file metrics does not say what its first numbers are/;

/** The loss is 100 and the iteration, every other column its place. */
function rows(firstIteration: number, count: number): RowsRecord {
  const { rows: columns } = COLUMNS;
  const numbers = Float64Array.from({ length: count * columns.length }, (_, at) => {
    const column = at % columns.length;
    return column === 0 ? 100 + firstIteration + Math.floor(at / columns.length) : column;
  });
  const end = firstIteration + count;
  return { type: 'rows', firstIteration, epoch: end, characters: end, elapsedMs: end, columns, rows: numbers };
}

function inspection(iteration: number): RunRecord {
  const T = 4;
  const numbers = (names: readonly string[]) => Float32Array.from({ length: names.length * T }, (_, at) => at);
  const ids = new Int32Array(T);
  const { stepNorm, stepCosine } = COLUMNS;
  return {
    type: 'inspection',
    value: { iteration, stepNorm: numbers(stepNorm), stepCosine: numbers(stepCosine), inputs: ids, targets: ids },
  };
}

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rnn-lost-columns-'));
});
after(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  await writeRunFile(folder, runFixture({ settings: { ...DEFAULT_SETTINGS, cell: 'lstm', layers: 2 } }));
  await writeFile(join(folder, 'samples'), MAGIC);
});
const metrics = (): string => join(folder, 'metrics');

function framesOf(records: readonly RunRecord[]): Uint8Array[] {
  return records.map((record) => encodeRecord(record, COLUMNS) ?? assert.fail());
}

async function written(
  head: Uint8Array,
  records: readonly RunRecord[] = [rows(0, ROWS), inspection(2)],
): Promise<void> {
  await writeFile(metrics(), Buffer.concat([MAGIC, head, ...framesOf(records)]));
}

/** The same bytes with one of them changed. */
function damaged(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] ^= 0x21;
  return copy;
}

async function assertRight(iterations: number): Promise<string[]> {
  const { history, problems, position } = await readRun(folder);
  assert.equal(history.iterations, iterations);
  for (const [place, name] of COLUMNS.rows.entries()) {
    if (place > 0)
      assert.deepEqual([...history.points(name, 0, iterations, 9).mean], Array(iterations).fill(place), name);
  }
  assert.deepEqual(
    [...history.points('lossNats', 0, iterations, 9).mean],
    Array.from({ length: iterations }, (_, row) => 100 + row),
  );
  assert.deepEqual(
    history.of('inspection').map((value) => ({ type: 'inspection', value })),
    [inspection(2)],
  );
  assert.deepEqual(position.metrics.columns, COLUMNS);
  return problems;
}

suite('the numbers of a run whose record of columns', () => {
  test('is there are read without a word', async () => {
    await written(SAID);
    assert.deepEqual(await assertRight(ROWS), []);
  });

  test('is gone are those of the run’s network, although they would be whole rows of tanh, and it is said', async () => {
    assert.equal((ROWS * COLUMNS.rows.length) % UNSAID_COLUMNS.rows.length, 0);
    await written(new Uint8Array(0));
    const [problem, ...others] = await assertRight(ROWS);
    assert.match(problem, LOST);
    assert.deepEqual(others, []);
  });

  test('is damaged, at whichever byte but its length, are those of the run’s network, and both is said', async () => {
    for (let at = LENGTH_BYTES; at < SAID.length; at += 7) {
      await written(damaged(SAID, at));
      const [first, second, ...others] = await assertRight(ROWS);
      assert.equal(first, '1 record was of the file metrics left out: damaged on the disk.', `byte ${at}`);
      assert.match(second, LOST);
      assert.deepEqual(others, []);
    }
  });

  test('has a damaged length are never read as others: they are right, or left out and that is said', async () => {
    for (let at = 0; at < LENGTH_BYTES; at++) {
      await written(damaged(SAID, at));
      const { history, problems } = await readRun(folder);
      assert.equal(history.iterations, 0);
      assert.match(problems.join(), /are no whole record and were left out/);
    }
  });

  test('is damaged go to exports and followers as they go to a reader', async () => {
    await written(damaged(SAID, 20));
    await withFolderRun(folder, async (run) => {
      assert.match(run.problems.join(), /does not say what its first numbers are/);
      assert.deepEqual(await listed(run.records()), [rows(0, ROWS), inspection(2)]);
    });
    const { records, invalid } = await new RunFollower(folder, { columns: COLUMNS }).poll();
    assert.deepEqual([records, invalid], [[rows(0, ROWS), inspection(2)], 0]);
  });

  test('is damaged are gone on with after a record that is whole, once', async () => {
    await written(damaged(SAID, 20));
    const { length } = await readFile(metrics());
    for (const end of [ROWS, ROWS + 1]) {
      const stream = await RecordStream.continueAt(folder, 'metrics', end, diskFiles, COLUMNS);
      stream.add(rows(end, 1));
      await stream.write(() => assert.fail('nothing is to be given up'));
      await stream.close();
    }
    const added = (await readFile(metrics())).subarray(length);
    assert.deepEqual(added, Buffer.concat([SAID, ...framesOf([rows(ROWS, 1), rows(ROWS + 1, 1)])]));
    assert.match((await assertRight(ROWS + 2)).join(), /does not say what its first numbers are/);
  });

  test('is damaged have a whole one again once the file is written anew', async () => {
    await written(damaged(SAID, 20));
    const stream = await RecordStream.continueAt(folder, 'metrics', ROWS, diskFiles, COLUMNS);
    const isDone = await stream.compact(1, {
      iterations: ROWS,
      checkpoints: () => Promise.resolve([]),
      isOwn: () => true,
      mayGoOn: () => true,
      mayReplace: () => Promise.resolve(),
    });
    await stream.close();
    assert.equal(isDone, true);
    const { history, problems } = await readRun(folder);
    assert.deepEqual([history.iterations, problems], [ROWS, []]);
  });
});

test('a file of tanh or ReLU that says nothing is an old one, and none to speak of', async () => {
  for (const cell of ['tanh', 'relu'] as const) {
    await writeRunFile(folder, runFixture({ settings: { ...DEFAULT_SETTINGS, cell } }));
    const columns = UNSAID_COLUMNS.rows;
    const record: RowsRecord = {
      ...rows(0, 2),
      columns,
      rows: Float64Array.from({ length: 2 * columns.length }, () => 1),
    };
    await writeFile(metrics(), Buffer.concat([MAGIC, encodeRecord(record) ?? assert.fail()]));
    const { history, problems } = await readRun(folder);
    assert.deepEqual([history.iterations, problems], [2, []]);
  }
});
