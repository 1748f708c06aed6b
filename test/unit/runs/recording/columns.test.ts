import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, suite, test } from 'node:test';
import { networkOf } from '../../../../src/network/network.ts';
import { metricNamesOf } from '../../../../src/protocol/run.ts';
import { diskFiles } from '../../../../src/runs/disk/files.ts';
import { type Columns, columnsOf, UNSAID_COLUMNS } from '../../../../src/runs/format/columns.ts';
import { scanFrames } from '../../../../src/runs/format/frameScan.ts';
import { encodeFrame, MAGIC } from '../../../../src/runs/format/recordFrames.ts';
import { RecordDecoder } from '../../../../src/runs/format/recordDecoder.ts';
import { encodeColumns, encodeRecord, type RowsRecord, type RunRecord } from '../../../../src/runs/format/records.ts';
import { writeRunFile } from '../../../../src/runs/format/runFile.ts';
import { RunFollower } from '../../../../src/runs/reading/runFollower.ts';
import { readRun } from '../../../../src/runs/reading/runReader.ts';
import { RunReplay } from '../../../../src/runs/reading/runReplay.ts';
import { survey } from '../../../../src/runs/format/survey.ts';
import { type CompactionRequest, RecordStream } from '../../../../src/runs/recording/recordStream.ts';
import { METRIC_NAMES, NETWORK } from '../../../tanh.ts';
import { fileOf, framesOf, inspectionOf, rowsOf, runFixture } from '../format/recordFixtures.ts';

const NETWORK_OF_LSTM = networkOf({ cell: 'lstm', layers: 2 });
const OF_LSTM = columnsOf(NETWORK_OF_LSTM);

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rnn-columns-'));
});
after(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  await writeRunFile(folder, runFixture());
  await rm(join(folder, 'metrics'), { force: true });
  await writeFile(join(folder, 'samples'), fileOf([]));
});
const metrics = (): string => join(folder, 'metrics');

/** Rows whose loss is the iteration, and whose other columns say which they are. */
function rowsWith({ rows: columns }: Columns, firstIteration: number, count: number): RowsRecord {
  const rows = Float64Array.from({ length: count * columns.length }, (_, at) => {
    const column = at % columns.length;
    return column === 0 ? firstIteration + Math.floor(at / columns.length) : column;
  });
  const end = firstIteration + count;
  return { type: 'rows', firstIteration, epoch: end, characters: end, elapsedMs: end, columns, rows };
}

function inspectionWith({ stepNorm, stepCosine }: Columns, iteration: number, T = 3): RunRecord {
  const numbers = (names: readonly string[]): Float32Array<ArrayBuffer> =>
    Float32Array.from({ length: names.length * T }, (_, at) => iteration + at);
  const ids = new Int32Array(T);
  return {
    type: 'inspection',
    value: { iteration, stepNorm: numbers(stepNorm), stepCosine: numbers(stepCosine), inputs: ids, targets: ids },
  };
}

async function written(stream: RecordStream, records: readonly RunRecord[]): Promise<void> {
  for (const record of records) stream.add(record);
  stream.settle();
  await stream.write(() => assert.fail('nothing is to be given up'));
}

/** What the file holds, columns among it. */
async function contentOf(wanted?: Columns): Promise<ReturnType<RecordDecoder['decode']>[]> {
  const found: ReturnType<RecordDecoder['decode']>[] = [];
  const decoder = new RecordDecoder({ wanted });
  await scanFrames(metrics(), diskFiles, ({ kind, payload }) => found.push(decoder.decode(kind, payload)));
  return found;
}

const ANEW = {
  iterations: 0,
  checkpoints: () => Promise.resolve([]),
  isOwn: () => true,
  mayGoOn: () => true,
  mayReplace: () => Promise.resolve(),
} satisfies CompactionRequest;
/** More than the file of a test has at first, and less than that at last. */
const LITTLE = 2 ** 20;

suite('the file metrics', () => {
  test('begins with its columns; samples, which have no numbers, do not', async () => {
    const stream = await RecordStream.create(folder, 'metrics', diskFiles, OF_LSTM);
    await stream.close();
    assert.deepEqual([...(await readFile(metrics()))], [...MAGIC, ...encodeColumns(OF_LSTM)]);
    const samples = await RecordStream.create(folder, 'samples', diskFiles, OF_LSTM);
    await samples.close();
    assert.deepEqual([...(await readFile(join(folder, 'samples')))], [...MAGIC]);
  });

  test('of a network of other columns is gone on with without saying them again', async () => {
    const records = [rowsWith(OF_LSTM, 0, 3), inspectionWith(OF_LSTM, 2)];
    const stream = await RecordStream.create(folder, 'metrics', diskFiles, OF_LSTM);
    await written(stream, records);
    await stream.close();
    const again = await RecordStream.continueAt(folder, 'metrics', 3, diskFiles, OF_LSTM);
    await written(again, [rowsWith(OF_LSTM, 3, 2)]);
    await again.close();
    const content = await contentOf();
    assert.equal(content.filter((record) => record === 'columns').length, 1);
    assert.deepEqual(content.slice(1), [...records.toReversed(), rowsWith(OF_LSTM, 3, 2)]);
  });

  test('that says nothing of its columns is gone on with as it is', async () => {
    await writeFile(metrics(), fileOf([rowsOf(0, 2)]));
    const stream = await RecordStream.continueAt(folder, 'metrics', 2, diskFiles, columnsOf(NETWORK));
    await written(stream, [rowsOf(2, 1)]);
    await stream.close();
    assert.deepEqual(await contentOf(), [rowsOf(0, 2), rowsOf(2, 1)]);
  });

  test('that is not there says its columns when a run goes on, and one of other columns says the new ones', async () => {
    const first = await RecordStream.continueAt(folder, 'metrics', 0, diskFiles, columnsOf(NETWORK));
    await written(first, [rowsOf(0, 2)]);
    await first.close();
    const second = await RecordStream.continueAt(folder, 'metrics', 2, diskFiles, OF_LSTM);
    await written(second, [rowsWith(OF_LSTM, 2, 2)]);
    await second.close();
    assert.deepEqual(await contentOf(), ['columns', rowsOf(0, 2), 'columns', rowsWith(OF_LSTM, 2, 2)]);
    const known = await survey((visit) => scanFrames(metrics(), diskFiles, visit), OF_LSTM);
    assert.equal(known.iterations, 4);
    assert.deepEqual(known.columns, OF_LSTM);
  });

  test('that is written anew begins with its columns, as wide as they are', async () => {
    const stream = await RecordStream.create(folder, 'metrics', diskFiles, OF_LSTM);
    const COUNT = 24_000;
    for (let at = 0; at < COUNT; at += 1000) await written(stream, [rowsWith(OF_LSTM, at, 1000)]);
    await written(stream, [inspectionWith(OF_LSTM, 12)]);
    const { length } = await readFile(metrics());
    assert.equal(await stream.compact(LITTLE, { ...ANEW, iterations: COUNT }), true);
    await written(stream, [rowsWith(OF_LSTM, COUNT, 5)]);
    await stream.close();
    assert.ok((await readFile(metrics())).length < length);
    const [columns, ...records] = await contentOf();
    assert.equal(columns, 'columns');
    const replay = new RunReplay({ network: NETWORK_OF_LSTM, iterations: COUNT + 5 });
    for (const record of records) {
      assert.ok(typeof record === 'object');
      replay.add(record);
    }
    replay.settle();
    const { history, wholeFrom } = replay;
    assert.ok(wholeFrom > 0, 'some are buckets');
    assert.deepEqual([history.iterations, replay.missing, replay.unusable], [COUNT + 5, 0, 0]);
    for (const [place, name] of metricNamesOf(NETWORK_OF_LSTM).entries()) {
      const { mean, maximum } = history.points(name, 0, COUNT, 100);
      if (place > 0) assert.deepEqual([mean[0], Math.max(...maximum)], [place, place], name);
    }
    assert.equal(history.newest('lossNats'), COUNT + 4);
    assert.deepEqual(
      history.of('inspection').map((value) => ({ type: 'inspection', value })),
      [inspectionWith(OF_LSTM, 12)],
    );
  });

  test('that said nothing of its columns says them once it is written anew', async () => {
    const COUNT = 20_000;
    await writeFile(metrics(), fileOf([rowsOf(0, COUNT), { type: 'inspection', value: inspectionOf(7) }]));
    const stream = await RecordStream.continueAt(folder, 'metrics', COUNT, diskFiles, columnsOf(NETWORK));
    assert.equal(await stream.compact(LITTLE, { ...ANEW, iterations: COUNT }), true);
    await stream.close();
    assert.equal((await contentOf())[0], 'columns');
    const { history, problems } = await readRun(folder);
    assert.deepEqual([history.iterations, problems], [COUNT, []]);
    assert.deepEqual(history.of('inspection'), [inspectionOf(7)]);
  });

  test('with records of other columns is written anew with those of the run’s network', async () => {
    const turned: Columns = {
      rows: [...METRIC_NAMES].reverse(),
      stepNorm: [...UNSAID_COLUMNS.stepNorm].reverse(),
      stepCosine: [...UNSAID_COLUMNS.stepCosine].reverse(),
    };
    const COUNT = 20_000;
    const numbers = rowsOf(0, COUNT);
    const rows = Float64Array.from(numbers.rows, (_, at) => {
      const place = at % METRIC_NAMES.length;
      return numbers.rows[at - place + METRIC_NAMES.length - 1 - place];
    });
    const frames = [
      encodeColumns(turned),
      encodeRecord({ ...numbers, columns: turned.rows, rows }, turned),
      encodeRecord({ type: 'inspection', value: inspectionOf(7) }, turned),
    ].map((frame) => frame ?? assert.fail());
    await writeFile(metrics(), Buffer.concat([MAGIC, ...frames]));
    const before = await readRun(folder);
    assert.equal(before.history.newest('gradNorm_b_o'), Math.fround(COUNT - 1 + 0.08));
    const stream = await RecordStream.continueAt(folder, 'metrics', COUNT, diskFiles, columnsOf(NETWORK));
    assert.equal(await stream.compact(LITTLE, { ...ANEW, iterations: COUNT }), true);
    await stream.close();
    const again = await readRun(folder);
    assert.deepEqual(again.position.metrics.columns, columnsOf(NETWORK));
    assert.deepEqual(again.history.of('inspection'), before.history.of('inspection'));
    for (const name of METRIC_NAMES) assert.equal(again.history.newest(name), before.history.newest(name), name);
  });
});

suite('a reader', () => {
  test('takes what the run’s network has by name, and knows where another record of columns stands', async () => {
    const some: Columns = { rows: ['learningRate', 'lossNats'], stepNorm: ['dh'], stepCosine: [] };
    const row = { ...rowsWith(some, 0, 1), rows: Float64Array.of(0.5, 3) };
    const step = { iteration: 0, inputs: Int32Array.of(1), targets: Int32Array.of(1) };
    const value = { ...step, stepNorm: Float32Array.of(9), stepCosine: new Float32Array(0) };
    const frames = [
      encodeColumns(some),
      encodeRecord(row, some),
      encodeRecord({ type: 'inspection', value }, some),
      encodeColumns(columnsOf(NETWORK)),
      ...framesOf([rowsOf(1, 2)]),
    ].map((frame) => frame ?? assert.fail());
    await writeFile(metrics(), Buffer.concat([MAGIC, ...frames]));
    const { history, problems } = await readRun(folder);
    assert.deepEqual(problems, []);
    assert.deepEqual([...history.points('lossNats', 0, 3, 10).mean], [3, 1, 2]);
    assert.deepEqual([...history.points('learningRate', 0, 1, 10).mean], [0.5]);
    assert.deepEqual([...history.points('gradNorm_W_xh', 0, 1, 10).mean], [NaN]);
    assert.deepEqual([...history.of('inspection')[0].stepNorm], [NaN, NaN, NaN, NaN, NaN, 9, NaN]);
  });

  test('says that columns which are not valid were left out', async () => {
    const wrong = JSON.stringify({ type: 'columns', rows: ['gradNorm'], stepNorm: [], stepCosine: [] });
    const bytes = new TextEncoder().encode(wrong);
    const frame = encodeFrame(3, bytes.length, (payload) => payload.set(bytes));
    await writeFile(metrics(), Buffer.concat([MAGIC, frame, ...framesOf([rowsOf(0, 2)])]));
    const { history, problems } = await readRun(folder);
    assert.equal(history.iterations, 2);
    assert.deepEqual(problems, ['1 record was of the file metrics left out: not what the run format says.']);
  });
});

test('numbers that somebody put into samples are gone once it is written anew, and hold nothing up', async () => {
  const one: Columns = { rows: ['lossNats'], stepNorm: ['W', 'dh'], stepCosine: ['W'] };
  const COUNT = 200_000;
  const frames = [encodeRecord(rowsWith(one, 0, COUNT), one), encodeRecord(inspectionWith(one, 3), one)];
  const sample: RunRecord = {
    type: 'sample',
    value: { iteration: 5, prompt: 'a', temperature: 1, topK: 0, characters: ['b'], probability: Float32Array.of(1) },
  };
  const path = join(folder, 'samples');
  await writeFile(
    path,
    Buffer.concat([
      MAGIC,
      encodeColumns(one),
      ...frames.map((frame) => frame ?? assert.fail()),
      encodeRecord(sample) ?? assert.fail(),
    ]),
  );
  const stream = await RecordStream.continueAt(folder, 'samples', COUNT, diskFiles, columnsOf(NETWORK));
  assert.equal(await stream.compact(LITTLE, { ...ANEW, iterations: COUNT }), true);
  await stream.close();
  const found: unknown[] = [];
  const decoder = new RecordDecoder();
  await scanFrames(path, diskFiles, ({ kind, payload }) => found.push(decoder.decode(kind, payload)));
  assert.deepEqual(found, [sample]);
});

test('a follower that goes on in the middle of a file knows the columns there', async () => {
  const stream = await RecordStream.create(folder, 'metrics', diskFiles, OF_LSTM);
  await written(stream, [rowsWith(OF_LSTM, 0, 2)]);
  const follower = new RunFollower(folder, { columns: OF_LSTM });
  assert.deepEqual((await follower.poll()).records, [rowsWith(OF_LSTM, 0, 2)]);
  await written(stream, [rowsWith(OF_LSTM, 2, 3), inspectionWith(OF_LSTM, 4)]);
  // As its place travels between threads.
  const another = new RunFollower(folder, { from: structuredClone(follower.place), columns: OF_LSTM });
  for (const each of [another, follower]) {
    const { records, invalid } = await each.poll();
    assert.equal(invalid, 0);
    assert.deepEqual(records, [inspectionWith(OF_LSTM, 4), rowsWith(OF_LSTM, 2, 3)]);
  }
  await stream.close();
  // Where a run was read to, its columns are told too.
  const { position } = await readRun(folder);
  assert.deepEqual(position.metrics.columns, OF_LSTM);
});
