import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { bucketNumbers, type BucketsRecord } from '../../../../src/runs/format/bucketRecords.ts';
import { csvFiles } from '../../../../src/runs/export/csv.ts';
import { jsonlFile } from '../../../../src/runs/export/jsonl.ts';
import { reportFile } from '../../../../src/runs/export/report/index.ts';
import { tensorboardFile } from '../../../../src/runs/export/tensorboard/index.ts';
import { bytesOf, exported, inspection, rows, textOf, validation } from './fixtures.ts';
import { HISTORY_COLUMNS, METRIC_NAMES } from '../../../tanh.ts';
import { eventsOf, scalarsOf } from './recordFileReader.ts';

const BUCKET_NUMBERS = bucketNumbers(METRIC_NAMES);
const COLUMNS = HISTORY_COLUMNS.length;

/** Two buckets of four iterations: means n + column / 16, least ones 10 below, greatest 100 above. */
const BUCKETS: BucketsRecord = {
  type: 'buckets',
  firstIteration: 0,
  epoch: 0.1,
  characters: 64,
  elapsedMs: 8000,
  smoothedNats: 1,
  smoothedLosses: 8,
  width: 4,
  columns: METRIC_NAMES,
  buckets: Float32Array.from({ length: 2 * BUCKET_NUMBERS }, (_, at) => {
    const mean = Math.floor(at / BUCKET_NUMBERS) + (at % COLUMNS) / 16;
    return mean + [0, -10, 100][Math.floor((at % BUCKET_NUMBERS) / COLUMNS)];
  }),
};
const RUN = exported([
  BUCKETS,
  validation(5, 1.5),
  { type: 'inspection', value: inspection(6) },
  rows(8, 3, 11_000),
  validation(9, 1.25),
]);

function linesOf(text: string): string[] {
  return text.trimEnd().split('\r\n');
}

suite('a run whose older iterations are put together', () => {
  test('has them in a table of their own, and the other one says so', async () => {
    const files = csvFiles(RUN);
    assert.deepEqual(
      files.map(({ name }) => name),
      ['metrics.csv', 'metrics-levels.csv', 'step-norms.csv'],
    );
    const [metrics, levels, stepNorms] = (await Promise.all(files.map(textOf))).map(linesOf);
    const note = '# iterations 0 to 7 are not kept one by one: metrics-levels.csv has their means and extremes';
    assert.ok(metrics.includes(note));
    assert.deepEqual(
      metrics.filter((line) => /^\d/.test(line)).map((line) => line.split(',').filter((_, i) => i < 2 || i === 10)),
      [
        ['5', '', '1.5'],
        ['8', '8', ''],
        ['9', '9', '1.25'],
        ['10', '10', ''],
      ],
    );
    assert.ok(stepNorms.some((line) => line.startsWith('# of the inspected iterations some are kept')));
    const [head, ...body] = levels.filter((line) => !line.startsWith('#')).map((line) => line.split(','));
    assert.deepEqual(head.slice(0, 6), [
      'iteration',
      'iterations',
      'lossNatsMean',
      'lossNatsLeast',
      'lossNatsGreatest',
      'gradNormMean',
    ]);
    assert.equal(head.length, 2 + 3 * METRIC_NAMES.length);
    assert.deepEqual(
      body.map((fields) => fields.slice(0, 6).map(Number)),
      [
        [0, 4, 0, -10, 100, 1 / 16],
        [4, 4, 1, -9, 101, 1 + 1 / 16],
      ],
    );
  });

  test('has single iterations among them in the same table, and every iteration in one of the two', async () => {
    const run = exported([
      { ...BUCKETS, buckets: BUCKETS.buckets.slice(0, BUCKET_NUMBERS) },
      rows(4, 4),
      { ...BUCKETS, firstIteration: 8 },
      rows(16, 2),
    ]);
    const [metrics, levels] = (await Promise.all(csvFiles(run).map(textOf))).map((text) =>
      linesOf(text)
        .filter((line) => /^\d/.test(line))
        .map((line) => line.split(',').map(Number)),
    );
    assert.deepEqual(
      levels.map(([iteration, iterations]) => [iteration, iterations]),
      [
        [0, 4],
        [4, 1],
        [5, 1],
        [6, 1],
        [7, 1],
        [8, 4],
        [12, 4],
      ],
    );
    assert.deepEqual(levels[2].slice(0, 8), [5, 1, 5, 5, 5, 5 + 1 / 16, 5 + 1 / 16, 5 + 1 / 16]);
    assert.deepEqual(
      metrics.map(([iteration]) => iteration),
      [16, 17],
    );
  });

  test('has a line for several of them among its events', async () => {
    const events = (await textOf(jsonlFile(RUN)))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const together = events.filter(({ type }) => type === 'iterations');
    assert.deepEqual(
      together.map(({ iteration, iterations }) => [iteration, iterations]),
      [
        [0, 4],
        [4, 4],
      ],
    );
    const [, { mean, least, greatest }] = together as Record<string, Record<string, number>>[];
    assert.deepEqual([mean.lossNats, least.lossNats, greatest.lossNats], [1, -9, 101]);
    assert.deepEqual(Object.keys(mean), ['lossNats', 'gradNorm', 'clipFactor', 'learningRate', 'gradNormByParameter']);
    assert.deepEqual(
      events.flatMap(({ type, iteration }) => (type === 'iteration' ? [iteration] : [])),
      [8, 9, 10],
    );
  });

  test('has their means in TensorBoard, and says so beside the curve and in the text', async () => {
    const bytes = await bytesOf(tensorboardFile(RUN));
    const events = eventsOf(bytes);
    assert.deepEqual(scalarsOf(events, 'loss/train'), [
      [2, 0],
      [6, 1],
      [8, 8],
      [9, 9],
      [10, 10],
    ]);
    const text = bytes.toString();
    assert.match(text, /Iterations before 8 are not kept one by one: each point there is the mean of several/);
    assert.match(text, /nats per character\. Before iteration 8 each point is the mean of several iterations\./);
    const times = events
      .filter(({ values }) => values.some(({ tag }) => tag === 'loss/train'))
      .map(({ wallTime }) => wallTime - events[0].wallTime);
    assert.deepEqual(times, [2, 6, 9, 10, 11]);
  });

  test('says in its report what is kept of it', async () => {
    const html = await textOf(reportFile(RUN, { tape: { absent: 'none' }, madeAt: '2026-05-06T07:08:09.000Z' }));
    assert.match(
      html,
      /each of the newest 3 iterations; of older ones the mean, the least and the greatest over several/,
    );
    const whole = await textOf(
      reportFile(exported([rows(0, 3)]), { tape: { absent: 'none' }, madeAt: '2026-05-06T07:08:09.000Z' }),
    );
    assert.doesNotMatch(whole, /of older ones/);
  });
});
