import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import * as v from 'valibot';
import { comparedRun } from '../../../src/host/compare/comparedRun.ts';
import { ComparisonFeed } from '../../../src/host/compare/comparisonFeed.ts';
import { networkOf } from '../../../src/network/network.ts';
import { curveColumnsOf, ToComparison, type ComparisonMessage } from '../../../src/protocol/compare.ts';
import { RunHistory } from '../../../src/history/history.ts';
import { DEFAULT_SETTINGS } from '../../../src/protocol/settings.ts';
import type { StoredRun } from '../../../src/protocol/storedRun.ts';
import { METRIC_NAMES, NETWORK } from '../../tanh.ts';
import { runFixture } from '../runs/format/recordFixtures.ts';

function storedRun(runId: string, change: Partial<StoredRun> = {}): StoredRun {
  return runFixture({ runId, settings: DEFAULT_SETTINGS, ...change });
}

/** A history whose gradient norm is the number of its iteration. */
function historyOf(iterations: number): RunHistory {
  const history = new RunHistory(NETWORK);
  const rows = new Float64Array(iterations * METRIC_NAMES.length);
  for (let i = 0; i < iterations; i++) rows.set([1, i, 1, 1], i * METRIC_NAMES.length);
  history.metrics.addRows(rows);
  return history;
}

function feedOf(read: (folder: string) => Promise<{ run: StoredRun; history: RunHistory }>) {
  const messages: ComparisonMessage[] = [];
  const feed = new ComparisonFeed(['a', 'b'], {
    read,
    post: (message) => Promise.resolve(messages.push(message) > 0),
  });
  /** Lets time pass, and everything that it sets going end. */
  const pass = async (ms: number): Promise<void> => {
    mock.timers.tick(ms);
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
  return { feed, messages, pass };
}
const readEmpty = (runId: string) => Promise.resolve({ run: storedRun(runId), history: new RunHistory(NETWORK) });

test('a million iterations come as a few thousand points that cover all of it', () => {
  const run = comparedRun('a', { run: storedRun('a'), history: historyOf(1_000_000) });
  const { iteration, mean } = run.curves;
  assert.ok(iteration.length > 1000 && iteration.length < 4000, `${iteration.length} points`);
  assert.ok(iteration.every((value, i) => i === 0 || value > iteration[i - 1]));
  assert.ok(iteration[0] < 500 && iteration[iteration.length - 1] > 999_000);
  const column = curveColumnsOf(networkOf(DEFAULT_SETTINGS)).indexOf('gradNorm') * iteration.length;
  // The mean of the iterations that a point stands for is its middle.
  iteration.forEach((middle, i) => assert.ok(Math.abs(mean[column + i] - middle) <= 1e-4 * Math.max(1, middle)));
});

test('the last point of a curve is the last iteration alone, however many the points before it stand for', () => {
  for (const iterations of [1, 700, 50_000, 1_000_001]) {
    const { iteration, mean } = comparedRun('a', { run: storedRun('a'), history: historyOf(iterations) }).curves;
    const column = curveColumnsOf(networkOf(DEFAULT_SETTINGS)).indexOf('gradNorm');
    assert.equal(iteration.at(-1), iterations - 1);
    assert.equal(mean[(column + 1) * iteration.length - 1], iterations - 1);
  }
  assert.equal(comparedRun('a', { run: storedRun('a'), history: historyOf(0) }).curves.iteration.length, 0);
});

test('the curves of a run are those of its own network', () => {
  const settings = { ...DEFAULT_SETTINGS, cell: 'relu' } as const;
  const { curves } = comparedRun('a', { run: storedRun('a', { settings }), history: historyOf(10) });
  assert.equal(curves.mean.length, curveColumnsOf(networkOf(settings)).length * 10);
});

test('a short run comes with every iteration', () => {
  const { curves, iterations } = comparedRun('a', { run: storedRun('a'), history: historyOf(700) });
  assert.deepEqual(
    [...curves.iteration],
    Array.from({ length: 700 }, (_, i) => i),
  );
  assert.equal(iterations, 700);
});

test('a fork says of what it is one, and its best is its own: the curves before it are those of the other run', () => {
  const history = historyOf(200);
  for (const [iteration, lossNats] of [
    [90, 1.2],
    [100, 1.1],
    [150, 1.6],
    [200, 1.5],
  ]) {
    history.add({ type: 'validation', value: { iteration, lossNats, characters: 100 } });
  }
  const forkedFrom = { runId: 'parent', iteration: 100, label: 'deep', ownFrom: 100 };
  const run = comparedRun('a', {
    run: storedRun('a', { forkedFrom, best: { iteration: 90, lossNats: 1.2 } }),
    history,
  });
  assert.deepEqual(run.best, { iteration: 200, lossNats: 1.5 });
  assert.deepEqual(run.forkedFrom, forkedFrom);
  assert.equal(run.validations.length, 8);
});

test('of many validations the best and the last are kept', () => {
  const history = new RunHistory(NETWORK);
  for (let i = 1; i <= 4000; i++)
    history.add({ type: 'validation', value: { iteration: i, lossNats: i === 1235 ? 0.5 : 2, characters: 9 } });
  const { validations, best } = comparedRun('a', { run: storedRun('a'), history });
  assert.deepEqual(best, { iteration: 1235, lossNats: 0.5 });
  const iterations = validations.filter((_, index) => index % 2 === 0);
  assert.ok(iterations.length <= 1100);
  assert.ok(iterations.includes(1235));
  assert.equal(iterations.at(-1), 4000);
});

test('a horizon beyond the window travels as not a number, and the message passes the check of the page', () => {
  const history = historyOf(10);
  history.add({
    type: 'memoryPoint',
    value: {
      iteration: 3,
      horizonOnePercent: null,
      horizonOneOverE: 2,
      decayRate: null,
      tanhFactor: 1,
      lyapunov: null,
      spectralRadius: 1,
      sigmaMax: 1,
    },
  });
  const run = comparedRun('a', { run: storedRun('a'), history, progress: { elapsedMs: 77 } });
  assert.deepEqual([...run.horizons], [3, NaN]);
  assert.deepEqual(run.horizonsOf, [['h']]);
  assert.equal(run.elapsedMs, 77);
  const message = { type: 'comparison', sequence: 1, folders: ['a'], runs: [run], unreadable: [] };
  assert.ok(v.safeParse(ToComparison, message).success);
});

test('a horizon is of the states that errors are followed back to farthest', () => {
  const settings = { ...DEFAULT_SETTINGS, cell: 'lstm' } as const;
  const point = { decayRate: null, tanhFactor: 1, lyapunov: null, spectralRadius: 1, sigmaMax: 1, horizonOneOverE: 2 };
  const history = new RunHistory(networkOf(settings));
  [{ a: 3, c: 9 }, { a: null, c: null }, undefined].forEach((horizons, iteration) => {
    const value = { ...point, iteration, horizonOnePercent: 9, ...(horizons && { horizons }) };
    history.add({ type: 'memoryPoint', value });
  });
  const measured = {
    ...point,
    iteration: 3,
    horizonOnePercent: null,
    horizons: { a: null, c: null },
    longestLived: 'c',
  };
  history.add({ type: 'memoryPoint', value: measured });
  const { horizonsOf } = comparedRun('a', { run: storedRun('a', { settings }), history });
  assert.deepEqual(horizonsOf, [['c'], ['a', 'c'], [], ['c']]);
});

test('the page gets all runs when it is ready, and later only those that changed, twice a second at most', async (t) => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  t.after(() => mock.timers.reset());
  const { feed, messages, pass } = feedOf(readEmpty);
  feed.start();
  await pass(0);
  assert.deepEqual(
    messages[0].runs.map(({ folder }) => folder),
    ['a', 'b'],
  );
  feed.acknowledge(messages[0].sequence);
  for (let change = 0; change < 50; change++) feed.runChanged('b');
  await pass(499);
  assert.equal(messages.length, 1);
  await pass(1);
  assert.deepEqual(
    messages[1].runs.map(({ folder }) => folder),
    ['b'],
  );
  feed.pause();
});

test('nothing is sent while a message is not acknowledged, and everything after too long', async (t) => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  t.after(() => mock.timers.reset());
  const { feed, messages, pass } = feedOf(readEmpty);
  feed.start();
  await pass(0);
  feed.runChanged('a');
  await pass(4000);
  assert.equal(messages.length, 1);
  await pass(1000);
  await pass(0);
  assert.equal(messages[1].runs.length, 2);
  feed.pause();
});

test('nothing is sent to a page that is hidden', async (t) => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  t.after(() => mock.timers.reset());
  const { feed, messages, pass } = feedOf(readEmpty);
  feed.start();
  feed.pause();
  feed.runChanged('a');
  await pass(10_000);
  assert.equal(messages.length, 0);
});

test('a run that cannot be read says why, and the others come all the same', async (t) => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  t.after(() => mock.timers.reset());
  const { feed, messages, pass } = feedOf((folder) =>
    folder === 'a' ? Promise.reject(new Error('The folder is gone.')) : readEmpty(folder),
  );
  feed.start();
  await pass(0);
  assert.deepEqual(messages[0].unreadable, [{ folder: 'a', message: 'The folder is gone.' }]);
  assert.deepEqual(
    messages[0].runs.map(({ folder }) => folder),
    ['b'],
  );
  feed.pause();
});

test('a run that was removed is not sent any more', async (t) => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  t.after(() => mock.timers.reset());
  const { feed, messages, pass } = feedOf(readEmpty);
  feed.start();
  await pass(0);
  feed.setRuns(['b']);
  feed.acknowledge(messages[0].sequence);
  feed.runChanged('a');
  await pass(500);
  assert.deepEqual(messages[1].folders, ['b']);
  assert.deepEqual(messages[1].runs, []);
  feed.pause();
});
