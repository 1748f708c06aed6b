import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { CellName } from '../../../src/network/cells.ts';
import { gateWords, groupsOf, inLayer, isFolded, memberWords, quantitiesOfLayer } from '../../../src/network/groups.ts';
import { networkFrom, networkOf, type Network } from '../../../src/network/network.ts';
import { parametersOfLayer, rootOfSquares, rootsOfSquares } from '../../../src/network/norms.ts';
import { LEAKY } from './leaky.ts';

const groupsIn = (cell: CellName, layers: number, layer = layers): Record<string, readonly string[]> =>
  Object.fromEntries(groupsOf(networkOf({ cell, layers }), layer).map(({ key, members }) => [key, members]));

suite('the quantities of a layer', () => {
  test('are folded where they are more than those of Elman’s cell', () => {
    const folded = (['tanh', 'relu', 'lstm', 'gru', 'mingru'] as const).map((cell) =>
      [1, 3].map((layers) => isFolded(networkOf({ cell, layers }))),
    );
    assert.deepEqual(folded, [
      [false, false],
      [false, false],
      [true, true],
      [true, true],
      [true, true],
    ]);
  });

  test('of a two-layer LSTM stand by what they do, each in one group', () => {
    assert.deepEqual(groupsIn('lstm', 2), {
      input: ['W_xi.2', 'W_xf.2', 'W_xg.2', 'W_xq.2'],
      recurrent: ['W_ai.2', 'W_af.2', 'W_ag.2', 'W_aq.2'],
      bias: ['b_i.2', 'b_f.2', 'b_g.2', 'b_q.2'],
      output: ['W_ao', 'b_o'],
      stateError: ['dc.2', 'da.2'],
      preActivationError: ['dh_i.2', 'dh_f.2', 'dh_g.2', 'dh_q.2'],
      functionError: ['di.2', 'df.2', 'dg.2', 'dq.2', 'ds.2'],
    });
  });

  test('of a GRU have what is no function with the pre-activations, and those of minGRU no recurrent weights', () => {
    assert.deepEqual(groupsIn('gru', 3).preActivationError, ['dh_r.3', 'dh_z.3', 'du.3', 'dm.3', 'dh_n.3']);
    assert.deepEqual(groupsIn('mingru', 1), {
      input: ['W_xz', 'W_xn'],
      bias: ['b_z', 'b_n'],
      output: ['W_ao', 'b_o'],
      stateError: ['da'],
      preActivationError: ['dh_z', 'dn'],
      functionError: ['dz'],
    });
  });

  test('are all in some group, and no more lines to a group than can be told apart', () => {
    for (const cell of ['tanh', 'lstm', 'gru', 'mingru'] as const) {
      const network = networkOf({ cell, layers: 4 });
      for (const layer of [1, 2, 3, 4]) {
        const groups = groupsOf(network, layer);
        assert.deepEqual(
          groups.flatMap(({ members }) => members).sort(),
          quantitiesOfLayer(network, layer).sort(),
          `${cell} ${layer}`,
        );
        assert.ok(groups.every(({ members }) => members.length <= 6));
      }
    }
  });

  test('are found again in another layer', () => {
    const lstm = networkOf({ cell: 'lstm', layers: 2 });
    assert.deepEqual(
      [inLayer(lstm, 'W_af', 2), inLayer(lstm, 'W_af.2', 1), inLayer(lstm, 'W_ao', 2), inLayer(lstm, 'dc.2', 1)],
      ['W_af.2', 'W_af', 'W_ao', 'dc'],
    );
    assert.equal(inLayer(lstm, 'W_ah', 2), undefined);
  });
});

suite('in words', () => {
  test('a weight, a bias and an error are those of their gate', () => {
    const lstm = networkOf({ cell: 'lstm', layers: 2 });
    assert.deepEqual(
      ['W_xf.2', 'W_af.2', 'b_f', 'dh_f', 'df.2', 'dg', 'W_ao'].map((name) => gateWords(lstm, name)),
      ['forget gate', 'forget gate', 'forget gate', 'forget gate', 'forget gate', 'candidate', ''],
    );
    const gru = networkOf({ cell: 'gru', layers: 1 });
    assert.deepEqual(
      ['W_ar', 'W_an', 'W_xn'].map((name) => gateWords(gru, name)),
      ['reset gate', 'candidate', 'candidate'],
    );
  });

  test('what has the same gate as another is said to be what it is itself', () => {
    const gru = networkOf({ cell: 'gru', layers: 1 });
    const words = groupsOf(gru, 1).map(({ key, members }) => [
      key,
      members.map((name) => memberWords(gru, members, name)),
    ]);
    assert.deepEqual(Object.fromEntries(words), {
      input: ['reset gate', 'update gate', 'candidate'],
      recurrent: ['reset gate', 'update gate', 'candidate'],
      bias: ['reset gate', 'update gate', 'candidate bias, with the input', 'candidate bias, with the state'],
      output: ['hidden → output weights', 'output bias'],
      stateError: ['activation'],
      preActivationError: [
        'reset gate',
        'update gate',
        'input part of the candidate',
        'recurrent part of the candidate',
        'pre-activation of the candidate',
      ],
      functionError: ['reset gate', 'update gate', 'candidate'],
    });
  });

  test('a cell that says nothing of its quantities is shown by its symbols', () => {
    const leaky: Network = { cell: 'tanh', ...networkFrom(LEAKY, 2) };
    assert.ok(isFolded(leaky));
    assert.deepEqual(groupsOf(leaky, 2)[0], { key: 'input', members: ['W_xk.2', 'W_xn.2'] });
    assert.equal(memberWords(leaky, ['W_xk.2', 'W_xn.2'], 'W_xk.2'), '');
  });
});

test('the norm of a layer is the root of the sum of the squares of its parameters’ norms', () => {
  const lstm = networkOf({ cell: 'lstm', layers: 2 });
  assert.deepEqual(parametersOfLayer(lstm, 'output'), ['W_ao', 'b_o']);
  assert.equal(parametersOfLayer(lstm, 2).length, 12);
  assert.ok(parametersOfLayer(lstm, 2).every((name) => name.endsWith('.2')));
  assert.equal(rootOfSquares([2, 3, 6]), 7);
  assert.equal(rootOfSquares([0.1]), 0.1);
  assert.deepEqual(rootsOfSquares([Float32Array.of(3, 1), [4, 0]]), [5, 1]);
  assert.deepEqual(rootsOfSquares([]), []);
});
