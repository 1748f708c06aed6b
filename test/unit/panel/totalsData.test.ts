import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunHistory } from '../../../src/history/history.ts';
import { networkOf } from '../../../src/network/network.ts';
import { totalsData } from '../../../src/panel/views/curveData.ts';
import { DEFAULT_SETTINGS } from '../../../src/protocol/settings.ts';
import { metricNamesOf } from '../../../src/protocol/run.ts';
import { description, status } from './fixtures.ts';

/** The numbers saved of a run of one iteration whose norms are given, all others 0. */
function savedOf(choice: { cell: 'tanh' | 'lstm'; layers: number }, norms: Readonly<Record<string, number>>) {
  const network = networkOf(choice);
  const history = new RunHistory(network);
  history.metrics.addRows(
    Float32Array.from(metricNamesOf(network), (name) => norms[name.replace('gradNorm_', '')] ?? 0),
  );
  const settings = { ...DEFAULT_SETTINGS, ...choice };
  const run = { description: description({ settings }), status: status('paused'), network, history };
  const { columns, rows } = totalsData(run, { from: 0, to: 10 }) ?? assert.fail('there is an iteration');
  return Object.fromEntries(columns.map((column, i) => [column, rows[0][i]]));
}

test('of several layers the norm of each is saved, and of the output, as roots of sums of squares', () => {
  const saved = savedOf({ cell: 'lstm', layers: 2 }, { W_xi: 3, b_q: 4, 'W_af.2': 6, 'W_ag.2': 8, W_ao: 5, b_o: 12 });
  assert.deepEqual([saved.layer_1, saved.layer_2, saved.output], [5, 10, 13]);
  assert.equal(saved['W_af.2'], 6);
});

test('of one layer the columns are those of its parameters', () => {
  assert.deepEqual(Object.keys(savedOf({ cell: 'tanh', layers: 1 }, {})), [
    'iteration',
    'all',
    'all_minimum',
    'all_maximum',
    'W_xh',
    'W_ah',
    'b_h',
    'W_ao',
    'b_o',
  ]);
});
