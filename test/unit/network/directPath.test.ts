import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Cell } from '../../../src/network/description.ts';
import { directPathOf, directPathsOf, keptMarkup, keptWords } from '../../../src/network/directPath.ts';
import { networkFrom, networkOf, type Network } from '../../../src/network/network.ts';
import { comparedReaches, reachMarkup, reachNames, reachWords, shownReach } from '../../../src/network/reach.ts';
import { LEAKY } from './leaky.ts';

/** A cell of a leaky state and of one that is only added to. */
const TWO_STATES: Cell = {
  ...LEAKY,
  states: ['a', 'e'],
  equations: [
    ...LEAKY.equations.slice(0, -1),
    { gives: 'p', sum: [['1−k', 'k']] },
    {
      gives: 'a',
      sum: [
        ['k', 'a⁻'],
        ['1−k', 'n'],
        ['p', 'a⁻'],
      ],
    },
    { gives: 'e', sum: [['e⁻'], ['a']] },
  ],
};
const leaky: Network = { cell: 'tanh', ...networkFrom(TWO_STATES, 1) };
const [tanh, lstm, gru, mingru] = (['tanh', 'lstm', 'gru', 'mingru'] as const).map((cell) =>
  networkOf({ cell, layers: 1 }),
);

suite('the direct path of a state', () => {
  test('is what its equation multiplies its previous value by', () => {
    assert.deepEqual(directPathsOf(lstm), [{ state: 'c', layer: 1, kept: [['f']] }]);
    assert.deepEqual(directPathsOf(gru), [{ state: 'a', layer: 1, kept: [['z']] }]);
    assert.deepEqual(directPathsOf(mingru), [{ state: 'a', layer: 1, kept: [['1−z']] }]);
    assert.deepEqual(directPathsOf(tanh), []);
    assert.equal(directPathOf(lstm, 'a'), undefined);
    assert.deepEqual(
      directPathsOf(networkOf({ cell: 'lstm', layers: 2 })).map(({ state, layer }) => [state, layer]),
      [
        ['c', 1],
        ['c.2', 2],
      ],
    );
  });

  test('may be of several terms, or keep all', () => {
    const [a, e] = directPathsOf(leaky);
    assert.deepEqual(a.kept, [['k'], ['p']]);
    assert.equal(keptMarkup(a), 'k + p');
    assert.equal(keptMarkup(e), '1');
  });

  test('is written as a factor, and called by the words of its gate', () => {
    const [two] = directPathsOf(networkOf({ cell: 'lstm', layers: 2 })).slice(1);
    assert.equal(keptMarkup(two), 'f⁽²⁾');
    const [[ofLstm], [ofMinGru]] = [lstm, mingru].map(directPathsOf);
    assert.equal(keptWords(lstm, ofLstm), 'the forget gate f');
    assert.equal(keptMarkup(ofMinGru), '1 − z');
    assert.equal(keptWords(mingru, ofMinGru), '1 − z, what the update gate leaves');
  });
});

suite('where the reach of errors is measured', () => {
  test('is the pre-activation of the tanh cell alone, and every state of a cell with gates', () => {
    assert.deepEqual(reachNames(tanh, 1), ['h']);
    assert.deepEqual(reachNames(lstm, 1), ['a', 'c', 'h']);
    assert.deepEqual(reachNames(networkOf({ cell: 'gru', layers: 3 }), 2), ['a.2', 'h.2']);
  });

  test('is shown of the state that is made to remember', () => {
    assert.deepEqual(
      [tanh, lstm, gru, mingru, leaky].map((network) => shownReach(network, 1)),
      ['h', 'c', 'a', 'a', 'e'],
    );
  });

  test('is compared over all states of all layers', () => {
    assert.deepEqual(comparedReaches(tanh), ['h']);
    assert.deepEqual(comparedReaches(networkOf({ cell: 'tanh', layers: 2 })), ['h', 'h.2']);
    assert.deepEqual(comparedReaches(networkOf({ cell: 'lstm', layers: 2 })), ['a', 'c', 'a.2', 'c.2']);
  });

  test('is written and said', () => {
    assert.equal(reachMarkup('c.2'), '‖∂L(t)/∂c⁽²⁾(s)‖');
    assert.equal(reachMarkup('h', 't', 't−lag'), '‖∂L(t)/∂h(t−lag)‖');
    assert.equal(reachWords(lstm, 'c'), 'memory c');
    assert.equal(reachWords(networkOf({ cell: 'lstm', layers: 2 }), 'h.2'), 'pre-activations h⁽²⁾ of layer 2');
  });
});
