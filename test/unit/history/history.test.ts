import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as v from 'valibot';
import { RunHistory } from '../../../src/history/history.ts';
import { historyColumnsOf } from '../../../src/history/metrics.ts';
import { SMOOTHING_ITERATIONS } from '../../../src/history/smoothedLoss.ts';
import { networkOf } from '../../../src/network/network.ts';
import { MetricTable } from '../../../src/panel/state/metricTable.ts';
import { metricNamesOf, type Inspection } from '../../../src/protocol/run.ts';
import { HistorySnapshot } from '../../../src/protocol/snapshot.ts';
import { METRIC_NAMES, NETWORK, PARAMETER_NAMES, STEP_QUANTITIES } from '../../tanh.ts';

const T = 5;

function inspection(iteration: number): Inspection {
  return {
    iteration,
    stepNorm: new Float32Array(STEP_QUANTITIES.length * T).fill(iteration),
    stepCosine: new Float32Array(PARAMETER_NAMES.length * T),
    inputs: new Int32Array(T),
    targets: new Int32Array(T),
  };
}

/** Rows whose loss is the iteration's number. */
function rows(from: number, to: number): Float64Array {
  const values = new Float64Array((to - from) * METRIC_NAMES.length);
  for (let iteration = from; iteration < to; iteration++) values[(iteration - from) * METRIC_NAMES.length] = iteration;
  return values;
}

test('the smoothed loss is the loss where it does not change, and lags a steady fall by its time constant less one', () => {
  const constant = new RunHistory(NETWORK);
  constant.metrics.addRows(new Float64Array(METRIC_NAMES.length * 50).fill(1.25));
  assert.equal(constant.newest('lossSmoothedNats'), 1.25);
  // An exponential moving average of time constant n lags a straight line by n − 1 steps once its start is forgotten.
  const line = new RunHistory(NETWORK);
  line.metrics.addRows(rows(0, 5000));
  assert.ok(Math.abs(4999 - line.newest('lossSmoothedNats') - (SMOOTHING_ITERATIONS - 1)) < 0.01);
});

test('early on the smoothed loss follows closely: it lags a line by less than a third of the way', () => {
  const history = new RunHistory(NETWORK);
  history.metrics.addRows(rows(0, 60));
  const lag = 59 - history.newest('lossSmoothedNats');
  assert.ok(lag > 0 && lag < 20, `${lag}`);
});

test('a loss that is not finite leaves the smoothed loss as it was', () => {
  const history = new RunHistory(NETWORK);
  history.metrics.addRows(rows(3, 4));
  history.metrics.addRows(new Float64Array(METRIC_NAMES.length).fill(NaN));
  assert.equal(history.newest('lossSmoothedNats'), 3);
  assert.ok(Number.isNaN(history.newest('lossNats')));
});

test('a history without a row yet can be sent, although JSON has no NaN', () => {
  // VS Code sends messages to a panel as JSON, with typed arrays kept beside it.
  const arrays: unknown[] = [];
  const text = JSON.stringify(new RunHistory(NETWORK).snapshot(), (_key, value: unknown) =>
    ArrayBuffer.isView(value) ? { array: arrays.push(value) - 1 } : value,
  );
  const received: unknown = JSON.parse(text, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && 'array' in value ? arrays[value.array as number] : value,
  );
  const panel = new RunHistory(v.parse(HistorySnapshot, received));
  panel.metrics.addRows(rows(2, 3));
  assert.equal(panel.newest('lossSmoothedNats'), 2);
});

test('samples are bounded by their characters', () => {
  const history = new RunHistory(NETWORK);
  const long = { iteration: 0, prompt: '', temperature: 1, topK: 0, characters: Array<string>(10_000).fill('a') };
  for (let iteration = 0; iteration < 50; iteration++) {
    history.add({ type: 'sample', value: { ...long, iteration, probability: new Float32Array(10_000) } });
  }
  assert.equal(history.of('sample').length, 10);
  assert.equal(history.of('sample').at(-1)?.iteration, 49);
});

test('inspections are thinned evenly, always with the newest, in bounded number', () => {
  const history = new RunHistory(NETWORK);
  for (let iteration = 0; iteration < 5000; iteration++)
    history.add({ type: 'inspection', value: inspection(iteration) });
  const iterations = history.of('inspection').map((kept) => kept.iteration);
  assert.ok(iterations.length <= 1025 && iterations.length > 500, `${iterations.length}`);
  assert.equal(iterations[0], 0);
  assert.equal(iterations.at(-1), 4999);
  const gaps = iterations.slice(1, -1).map((iteration, index) => iteration - iterations[index]);
  assert.deepEqual(new Set(gaps).size, 1);
});

test('a panel that mirrors increments after a snapshot holds the same history as the host', () => {
  const host = new RunHistory(NETWORK);
  host.metrics.addRows(rows(0, 9000));
  for (let iteration = 0; iteration < 1500; iteration++) host.add({ type: 'inspection', value: inspection(iteration) });
  const panel = new RunHistory(v.parse(HistorySnapshot, structuredClone(host.snapshot())));
  for (let from = 9000; from < 20_000; from += 1000) {
    const batch = rows(from, from + 1000);
    host.metrics.addRows(batch);
    host.add({ type: 'inspection', value: inspection(from) });
    panel.metrics.addRows(batch);
    panel.add({ type: 'inspection', value: inspection(from) });
  }
  assert.deepEqual(panel.points('lossNats', 0, 20_000, 2000), host.points('lossNats', 0, 20_000, 2000));
  assert.deepEqual(
    panel.of('inspection').map(({ iteration }) => iteration),
    host.of('inspection').map(({ iteration }) => iteration),
  );
});

suite('the columns of a history', () => {
  const network = networkOf({ cell: 'lstm', layers: 2 });
  const columns = historyColumnsOf(network);

  test('are those of the run’s network, and last the smoothed loss', () => {
    assert.deepEqual(columns, [...metricNamesOf(network), 'lossSmoothedNats']);
    const history = new RunHistory(network);
    history.metrics.addRows(Float64Array.from(metricNamesOf(network), (_, place) => place + 1));
    assert.equal(history.newest('gradNorm_W_aq.2'), metricNamesOf(network).indexOf('gradNorm_W_aq.2') + 1);
    assert.deepEqual([...history.points('learningRate', 0, 1, 4).mean], [4]);
    assert.equal(history.newest('lossSmoothedNats'), 1);
  });

  test('one that the run does not have is refused, not the newest of another', () => {
    const history = new RunHistory(network);
    assert.deepEqual([history.has('gradNorm_W_xh'), history.has('gradNorm_W_xi')], [false, true]);
    assert.throws(() => history.newest('gradNorm_W_xh'), {
      name: 'RangeError',
      message: /the run has no gradNorm_W_xh/,
    });
    assert.throws(() => history.points('gradNorm_W_xh', 0, 1, 4), RangeError);
  });

  test('come with a snapshot, to another history and to the panel', () => {
    const history = new RunHistory(network);
    history.metrics.addRows(Float64Array.from({ length: 2 * (columns.length - 1) }, (_, at) => at));
    const snapshot = v.parse(HistorySnapshot, structuredClone(history.snapshot()));
    assert.deepEqual(snapshot.metrics.columns, columns);
    for (const copy of [new RunHistory(snapshot), new MetricTable(snapshot.metrics)]) {
      for (const column of columns) assert.equal(copy.newest(column), history.newest(column), column);
      assert.throws(() => copy.newest('gradNorm_W_xh'), RangeError);
    }
  });

  test('of a snapshot that contradict its numbers are refused', () => {
    const history = new RunHistory(network);
    history.metrics.addRows(new Float64Array(columns.length - 1));
    const { metrics, events } = history.snapshot();
    const wrong = [
      columns.slice(1),
      [...columns].reverse(),
      [...columns.slice(0, -2), 'lossNats', 'lossSmoothedNats'],
      [],
    ];
    for (const some of wrong) {
      assert.throws(() => new RunHistory({ metrics: { ...metrics, columns: some }, events }), RangeError);
    }
  });
});
