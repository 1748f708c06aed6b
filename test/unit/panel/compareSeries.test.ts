import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkOf, type Network } from '../../../src/network/network.ts';
import { binned, curve, pairs, runningMedian, valueAt } from '../../../src/panel/compare/series.ts';
import { curveColumnsOf } from '../../../src/protocol/compare.ts';
import { comparedRun } from './compareFixtures.ts';
import { LSTM_NETWORK } from './otherNetworks.ts';

test('a curve is the column of its run’s own network, and none where the network lacks it', () => {
  const shown = (network: Network) => {
    const columns = curveColumnsOf(network).length;
    const mean = Float32Array.from({ length: 2 * columns }, (_, i) => Math.floor(i / 2) + (i % 2) / 2);
    return { run: comparedRun({ curves: { iteration: Float64Array.of(0, 1), mean } }), network };
  };
  const tanh = shown(networkOf({ cell: 'tanh', layers: 1 }));
  const lstm = shown(LSTM_NETWORK);
  const ofBoth = (column: string) => [tanh, lstm].map((run) => Array.from(curve(run, column).y));
  assert.deepEqual(ofBoth('gradNorm'), [
    [1, 1.5],
    [1, 1.5],
  ]);
  assert.deepEqual(ofBoth('gradNorm_W_ao'), [
    [5, 5.5],
    [14, 14.5],
  ]);
  assert.deepEqual(ofBoth('gradNorm_W_af'), [[], [6, 6.5]]);
  assert.deepEqual(ofBoth('gradNorm_W_ah'), [[3, 3.5], []]);
});

test('the value at a place is that of the nearest point', () => {
  const series = { x: [0, 10, 20], y: [5, 6, 7] };
  assert.equal(valueAt(series, 4), 5);
  assert.equal(valueAt(series, 6), 6);
  assert.equal(valueAt(series, 19), 7);
});

test('a run that ended before a place has no value there', () => {
  const series = { x: [0, 10, 20], y: [5, 6, 7] };
  assert.equal(valueAt(series, 29), 7);
  assert.equal(valueAt(series, 31), undefined);
  assert.equal(valueAt({ x: [], y: [] }, 0), undefined);
});

test('stretches have the means of their points, and empty ones none', () => {
  const series = { x: [0, 1, 2, 9], y: [2, 4, 6, 10] };
  assert.deepEqual(binned(series, [0, 2, 4, Infinity]), { x: [0.5, 2, 9], y: [3, 6, 10] });
  assert.deepEqual(binned(series, [0, 2, 4, 6, Infinity]).x, [0.5, 2, 9]);
});

test('a value that is not a number leaves its stretch without one', () => {
  const { y } = binned({ x: [0, 1, 2], y: [1, NaN, 3] }, [0, 2, Infinity]);
  assert.ok(Number.isNaN(y[0]));
  assert.equal(y[1], 3);
});

test('the running median is not moved by single values, and takes those beyond the window for the largest', () => {
  assert.deepEqual(runningMedian([1, 1, 9, 1, 1], 3), [1, 1, 1, 1, 1]);
  assert.deepEqual(runningMedian([4, NaN, 6, NaN, NaN], 3), [4, 6, NaN, NaN, NaN]);
});

test('pairs come out of one array as they went in', () => {
  const { x, y } = pairs(Float64Array.of(1, 0.5, 2, NaN));
  assert.deepEqual([...x], [1, 2]);
  assert.deepEqual([...y], [0.5, NaN]);
});
