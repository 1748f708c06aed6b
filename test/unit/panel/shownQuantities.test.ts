import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { RunHistory } from '../../../src/history/history.ts';
import { groupsOf } from '../../../src/network/groups.ts';
import { networkOf } from '../../../src/network/network.ts';
import { jointCurve } from '../../../src/panel/charts/curve.ts';
import { shownText } from '../../../src/panel/network/groupTexts.ts';
import {
  hiddenLines,
  legendWords,
  memberFor,
  parametersTogether,
  shownQuantity,
  shownTogether,
} from '../../../src/panel/network/quantities.ts';
import { metricNamesOf } from '../../../src/protocol/run.ts';

const TANH = networkOf({ cell: 'tanh', layers: 1 });
const LSTM = networkOf({ cell: 'lstm', layers: 2 });
const GRU = networkOf({ cell: 'gru', layers: 3 });
const MINGRU = networkOf({ cell: 'mingru', layers: 1 });

suite('what charts show of a layer', () => {
  test('is all of it in the tanh cell, whatever is chosen, without words', () => {
    for (const chosen of [null, 'W_xh', 'dh']) assert.deepEqual(shownTogether(TANH, chosen, 1), TANH.stepQuantities);
    assert.ok(TANH.stepQuantities.every((name) => legendWords(TANH, name) === ''));
  });

  test('is the recurrent weights by gate unless a person chose, or where there are none those of the input', () => {
    assert.deepEqual(shownTogether(LSTM, null, 2), ['W_ai.2', 'W_af.2', 'W_ag.2', 'W_aq.2']);
    assert.deepEqual(shownTogether(GRU, null, 3), ['W_ar.3', 'W_az.3', 'W_an.3']);
    assert.deepEqual(shownTogether(MINGRU, null, 1), ['W_xz', 'W_xn']);
    assert.equal(legendWords(LSTM, 'W_af.2'), 'forget gate');
  });

  test('is the group of what was chosen, in whatever layer that was', () => {
    assert.deepEqual(shownTogether(LSTM, 'b_f', 2), ['b_i.2', 'b_f.2', 'b_g.2', 'b_q.2']);
    assert.equal(shownQuantity(LSTM, 'b_f', 2), 'b_f.2');
    assert.deepEqual(shownTogether(GRU, 'da.2', 1), ['da']);
    assert.deepEqual(shownTogether(GRU, 'W_ao', 3), ['W_ao', 'b_o']);
  });

  test('stays with the gate when another group is chosen', () => {
    const groups = groupsOf(LSTM, 2);
    assert.deepEqual(
      groups.map((group) => memberFor(LSTM, group, 'W_af.2')),
      ['W_xf.2', 'W_af.2', 'b_f.2', 'W_ao', 'dc.2', 'dh_f.2', 'df.2'],
    );
  });

  test('has a total only of parameters', () => {
    assert.deepEqual(parametersTogether(LSTM, 'dc.2', 2), ['W_ai.2', 'W_af.2', 'W_ag.2', 'W_aq.2']);
    assert.deepEqual(parametersTogether(LSTM, 'W_xi', 1), ['W_xi', 'W_xf', 'W_xg', 'W_xq']);
    assert.deepEqual(parametersTogether(TANH, 'dh', 1), TANH.parameterNames);
  });

  test('hides nothing of a group unless a person did, and never all of it', () => {
    const errors = shownTogether(LSTM, 'dc', 1);
    assert.deepEqual(hiddenLines(LSTM, null, errors), []);
    assert.deepEqual(hiddenLines(LSTM, ['da', 'W_xh'], errors), ['da']);
    assert.deepEqual(hiddenLines(LSTM, ['da', 'dc'], errors), []);
    assert.deepEqual(hiddenLines(TANH, ['dh', 'da'], TANH.stepQuantities), ['dh', 'da']);
  });

  test('says what is left out', () => {
    assert.equal(
      shownText('recurrent', { layer: 2, layers: 2 }, { shown: 4, all: 25 }),
      'Shown: the recurrent weights of layer 2, 4 of 25 quantities of the layer and the output.',
    );
    assert.equal(
      shownText('bias', { layer: 1, layers: 1 }, { shown: 4, all: 25 }),
      'Shown: the biases, 4 of 25 quantities.',
    );
  });
});

test('the curve of a layer has at every iteration the root of the sum of the squares', () => {
  const history = new RunHistory(LSTM);
  const names = metricNamesOf(LSTM);
  const rows = Float32Array.from({ length: 3 * names.length }, (_, i) => {
    const [iteration, name] = [Math.floor(i / names.length), names[i % names.length]];
    return name === 'gradNorm_W_ai' ? 3 * (iteration + 1) : name === 'gradNorm_W_af' ? 4 * (iteration + 1) : 1;
  });
  history.metrics.addRows(rows);
  const { iteration, mean } = jointCurve(history, ['gradNorm_W_ai', 'gradNorm_W_af'], { from: 0, to: 2 }, false, 100);
  assert.deepEqual(iteration, [0, 1, 2]);
  assert.deepEqual(mean, [5, 10, 15]);
});
