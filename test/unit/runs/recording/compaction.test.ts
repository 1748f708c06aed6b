import assert from 'node:assert/strict';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import type { WorkerEvent } from '../../../../src/protocol/worker.ts';
import { limitsOf } from '../../../../src/runs/recording/compaction.ts';
import type { RunRecord } from '../../../../src/runs/format/records.ts';
import { readRun } from '../../../../src/runs/reading/runReader.ts';
import { amount } from '../../../run/amount.ts';
import { checkpointFixture } from '../format/checkpointFixtures.ts';
import {
  assertSameShape,
  create,
  goOn,
  historyOf,
  LITTLE,
  progressOfRows,
  record,
  recordsIn,
  spikyRows,
} from './compactionFixtures.ts';
import { inspectionOf, measuredOf, RUN_ID, runFixture, sampleOf } from '../format/recordFixtures.ts';
import { HISTORY_COLUMNS, METRIC_NAMES } from '../../../tanh.ts';
import { newFolders } from '../newFolders.ts';

const newFolder = newFolders();
const COLUMNS = METRIC_NAMES.length;

function checkpoint(iteration: number, reason: 'best' | 'interval'): WorkerEvent {
  return { type: 'checkpoint', runId: RUN_ID, reason, checkpoint: { ...checkpointFixture(), iteration } };
}

/** The newest rows as the file has them, to the bit. */
async function newestRows(folder: string, count: number): Promise<Float64Array> {
  const parts = (await recordsIn(folder)).flatMap((each) => (each.type === 'rows' ? [...each.rows] : []));
  return Float64Array.from(parts.slice(-count * COLUMNS));
}

suite('a run whose numbers are written anew in less room', () => {
  test('has the shape that it had in memory, whatever its length and however its rows came', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 22_000, max: 90_000 }),
        fc.integer({ min: 700, max: 9000 }),
        fc.nat(1000),
        async (count, each, seed) => {
          const folder = newFolder();
          const rows = spikyRows(count, seed);
          const recorder = await create(folder);
          await record(recorder, rows, 0, count, each);
          await recorder.close();
          const read = await readRun(folder);
          assert.deepEqual(read.problems, []);
          assert.ok(read.wholeFrom > 0 && read.wholeFrom <= count - 4096, String(read.wholeFrom));
          assertSameShape(read.history, historyOf(rows));
          const { epoch, characters, elapsedMs, iterations } = read.progress;
          assert.deepEqual([epoch, characters, elapsedMs, iterations], [count / 1000, count * 10, count * 2, count]);
          assert.deepEqual(await newestRows(folder, 4096), rows.subarray(-4096 * COLUMNS));
          await rm(folder, { recursive: true });
        },
      ),
      { seed: 3, numRuns: amount(6, 2, 'lengths of a run that is written anew') },
    );
  });

  test('gives the least and the greatest of every stretch as all its rows would', async () => {
    const folder = newFolder();
    const count = 70_001;
    const rows = spikyRows(count, 9);
    const recorder = await create(folder);
    await record(recorder, rows, 0, count);
    await recorder.close();
    const { history } = await readRun(folder);
    const whole = historyOf(rows);
    fc.assert(
      fc.property(
        fc.nat(HISTORY_COLUMNS.length - 1),
        fc.nat(count),
        fc.nat(count),
        fc.integer({ min: 3, max: 3000 }),
        (column, one, other, most) => {
          const [from, to] = [Math.min(one, other), Math.max(one, other)];
          const name = HISTORY_COLUMNS[column];
          const points = history.points(name, from, to, most);
          const expected = whole.points(name, from, to, most);
          assert.deepEqual([points.minimum, points.maximum], [expected.minimum, expected.maximum]);
          // Of the rows that a point stands for, of which the last two may have fewer.
          if (column >= COLUMNS) return;
          for (let point = 0; point + 2 < points.row.length; point++) {
            const first = points.row[point] - (points.width - 1) / 2;
            const part = Array.from({ length: points.width }, (_, i) => rows[(first + i) * COLUMNS + column]);
            assert.equal(points.minimum[point], Math.fround(Math.min(...part)));
            assert.equal(points.maximum[point], Math.fround(Math.max(...part)));
          }
        },
      ),
      { seed: 4, numRuns: 200 },
    );
  });

  test('goes on from its best checkpoint, however old, without a gap', async () => {
    const folder = newFolder();
    const rows = spikyRows(90_000, 5);
    const best = 20_011;
    const recorder = await create(folder);
    await record(recorder, rows, 0, best);
    recorder.receive(checkpoint(best, 'best'));
    await record(recorder, rows, best, 90_000);
    await recorder.close();
    const beginning = rows.subarray(0, best * COLUMNS);
    const then = await readRun(folder, { upTo: best });
    assert.deepEqual([then.problems, then.progress.iterations], [[], best]);
    assert.equal(then.history.points('lossNats', 0, best, 3000).row.length > 10, true);
    const again = await goOn(folder, best);
    await record(again, rows, best, 40_000);
    await again.close();
    const read = await readRun(folder);
    assert.deepEqual([read.problems, read.progress.iterations], [[], 40_000]);
    const extremes = (of: typeof read.history, to: number) => {
      const { minimum, maximum } = of.points('gradNorm', 0, to, 100);
      return [
        Math.min(...minimum.filter((x) => !Number.isNaN(x))),
        Math.max(...maximum.filter((x) => !Number.isNaN(x))),
      ];
    };
    assert.deepEqual(extremes(then.history, best), extremes(historyOf(beginning), best));
    assert.deepEqual(extremes(read.history, 40_000), extremes(historyOf(rows.subarray(0, 40_000 * COLUMNS)), 40_000));
  });

  test('that goes on from the midst of what was put together has a gap there, and says so', async () => {
    const folder = newFolder();
    const rows = spikyRows(90_000, 5);
    const recorder = await create(folder);
    await record(recorder, rows, 0, 90_000);
    await recorder.close();
    const at = 10_001;
    const again = await goOn(folder, at);
    again.receive(progressOfRows(rows, at, at + 10));
    await again.close();
    const read = await readRun(folder);
    assert.equal(read.history.iterations, at + 10);
    assert.match(read.problems.join(), /^\d+ of 10011 iterations have no numbers\.$/);
    assert.ok(Number.isNaN(read.history.points('lossNats', at - 1, at, 3).mean[0]));
    const { mean } = read.history.points('lossNats', at, at + 10, 20);
    assert.deepEqual(
      mean.slice(-10),
      Float32Array.from({ length: 10 }, (_, i) => rows[(at + i) * COLUMNS]),
    );
  });

  test('holds nothing any more of what a rewind made void', async () => {
    const folder = newFolder();
    const [first, second] = [spikyRows(30_000, 1), spikyRows(60_000, 2)];
    const recorder = await create(folder, { metricsBytes: 2 ** 30 });
    await record(recorder, first, 0, 30_000);
    recorder.receive(checkpoint(12_345, 'interval'));
    await recorder.close();
    second.set(first.subarray(0, 12_345 * COLUMNS));
    const again = await goOn(folder, 12_345);
    await record(again, second, 12_345, 60_000);
    await again.close();
    const records = await recordsIn(folder);
    assert.ok(!records.some(({ type }) => type === 'rewind'));
    assertSameShape((await readRun(folder)).history, historyOf(second));
  });

  test('takes no more than its limit and a quarter of it again, over and over', async () => {
    const folder = newFolder();
    const rows = spikyRows(150_000, 8);
    const recorder = await create(folder);
    const sizes: number[] = [];
    for (let at = 0; at < 150_000; at += 1000) {
      await record(recorder, rows, at, at + 1000);
      sizes.push((await stat(join(folder, 'metrics'))).size);
    }
    await recorder.close();
    const shrunk = sizes.filter((size, index) => index > 0 && size < sizes[index - 1]);
    assert.ok(shrunk.length > 5, `written anew ${shrunk.length} times`);
    const kept = Math.max(...shrunk);
    assert.ok(Math.max(...sizes) < Math.max(LITTLE, kept + LITTLE / 4) + 80_000, `${Math.max(...sizes)} bytes`);
    assert.ok(kept < 4096 * 80 + 6 * 4100 * 127, `${kept} bytes`);
  });
});

suite('measurements of a run that is written anew', () => {
  test('stay evenly over the run: the first, the newest and the best validation, and no more than is allotted', async () => {
    const folder = newFolder();
    const recorder = await create(folder);
    const T = 40;
    const rows = spikyRows(60_000, 3);
    for (let at = 0; at < 60_000; at += 10) {
      recorder.receive(progressOfRows(rows, at, at + 10));
      recorder.receive(measuredOf({ type: 'inspection', value: inspectionOf(at, T) }));
      const lossNats = at === 1230 ? 0.5 : 2;
      recorder.receive(measuredOf({ type: 'validation', value: { iteration: at, lossNats, characters: 9 } }));
      recorder.receive(measuredOf({ type: 'vitals', value: { iteration: at, updateToWeight: 1, saturation: 0 } }));
      if (at % 5000 === 0) await recorder.settle();
    }
    recorder.receive({ type: 'state', runId: RUN_ID, state: 'paused' });
    await recorder.settle();
    const { measured } = limitsOf(LITTLE, METRIC_NAMES.length);
    const records = await recordsIn(folder);
    const at = (type: RunRecord['type']): number[] =>
      records.flatMap((each) => {
        if (each.type === 'inspection' && type === each.type) return [each.value.iteration];
        if (each.type === 'validation' && type === each.type) return [each.value.iteration];
        return [];
      });
    const perInspection = 9 + 16 + 56 * T;
    const inspections = at('inspection');
    assert.ok(inspections.length > 100 && inspections.length < measured.inspection.bytes / perInspection + 400);
    assert.deepEqual([inspections[0], inspections.at(-1)], [0, 59_990]);
    const gaps = inspections.slice(1, 100).map((iteration, index) => iteration - inspections[index]);
    assert.ok(Math.max(...gaps) <= 1000, `${Math.max(...gaps)} iterations between two inspections`);
    const validations = at('validation');
    assert.ok(validations.includes(0) && validations.includes(1230));
    assert.ok(Math.max(...validations) >= 59_000);
    await recorder.close();
    const { history } = await readRun(folder);
    assert.equal(Math.min(...history.of('validation').map(({ lossNats }) => lossNats)), 0.5);
    assert.equal(history.of('inspection').at(-1)?.iteration, 59_990);
  });

  test('of a fork hold its own best, though the run that it comes from was better', async () => {
    const folder = newFolder();
    const rows = spikyRows(60_000, 3);
    const forkedFrom = { runId: 'parent', iteration: 1000, ownFrom: 1000 };
    const recorder = await create(folder, {}, runFixture({ forkedFrom }));
    for (let at = 0; at < 60_000; at += 10) {
      recorder.receive(progressOfRows(rows, at, at + 10));
      const lossNats = at === 500 ? 0.1 : at === 1230 ? 0.5 : 2;
      recorder.receive(measuredOf({ type: 'validation', value: { iteration: at, lossNats, characters: 9 } }));
      if (at % 5000 === 0) await recorder.settle();
    }
    await recorder.close();
    const records = await recordsIn(folder);
    const validations = records.flatMap((each) => (each.type === 'validation' ? [each.value.iteration] : []));
    assert.ok(validations.length < 6000 && validations.includes(1230), `${validations.length} validations`);
  });

  test('stay all where they are few', async () => {
    const folder = newFolder();
    const rows = spikyRows(60_000, 3);
    const recorder = await create(folder);
    for (let at = 0; at < 200; at += 2) {
      recorder.receive(progressOfRows(rows, at, at + 2));
      recorder.receive(measuredOf({ type: 'inspection', value: inspectionOf(at) }));
    }
    await record(recorder, rows, 200, 60_000);
    await recorder.close();
    const records = await recordsIn(folder);
    assert.equal(records.filter(({ type }) => type === 'inspection').length, 100);
    assert.ok(records.some(({ type }) => type === 'buckets'));
  });

  test('of the baselines the last ones hold, and samples have a file of their own that is thinned as well', async () => {
    const folder = newFolder();
    const rows = spikyRows(30_000, 3);
    const recorder = await create(folder);
    const baselines = { uniformNats: 4, ngramNats: [3], orders: 1, fittedCharacters: 1, trainingCharacters: 2 };
    for (const progress of [0.5, 1])
      recorder.add({ type: 'baselines', baselines: { ...baselines, measuredCharacters: 1, progress } });
    await record(recorder, rows, 0, 30_000);
    await recorder.close();
    const characters = new Array<string>(1000).fill('x'.repeat(100));
    const probability = new Float32Array(1000).fill(0.5);
    let grown = 0;
    // A run that is gone on with again and again from the same place writes them again.
    for (let life = 0; life < 6; life++) {
      const again = await goOn(folder, life === 0 ? 30_000 : 0);
      for (let at = 0; at < 30_000; at += 100) {
        again.add({ type: 'sample', value: { ...sampleOf(at), characters, probability } });
        if (at % 1000 !== 0) continue;
        await again.settle();
        grown = Math.max(grown, (await stat(join(folder, 'samples'))).size);
      }
      await again.close();
    }
    assert.ok(grown > 11 * 2 ** 20 && grown < 13 * 2 ** 20, `${grown} bytes`);
    assert.ok((await stat(join(folder, 'samples'))).size < grown / 2);
    const samples = await recordsIn(folder, 'samples');
    assert.ok(samples.filter(({ type }) => type === 'rewind').length <= 1, 'rewinds of earlier lives are gone');
    assert.ok(samples.length > 20, `${samples.length} samples`);
    const all = (await recordsIn(folder)).flatMap((each) => (each.type === 'baselines' ? [each.baselines] : []));
    assert.deepEqual(
      all.map(({ progress }) => progress),
      [1],
    );
  });
});
