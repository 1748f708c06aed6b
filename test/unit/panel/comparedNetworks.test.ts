import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { networkOf } from '../../../src/network/network.ts';
import {
  comparedOf,
  haveSameNames,
  isPlain,
  membersOf,
  namesOf,
  networksOf,
  offered,
} from '../../../src/panel/compare/comparedNetworks.ts';
import { comparedOptions, comparedText, lackingText } from '../../../src/panel/compare/comparedTexts.ts';
import { NETWORK } from '../../tanh.ts';

const RELU = networkOf({ cell: 'relu', layers: 1 });
const LSTM = networkOf({ cell: 'lstm', layers: 1 });
const GRU = networkOf({ cell: 'gru', layers: 2 });
const MINGRU = networkOf({ cell: 'mingru', layers: 1 });

const RUNS = [
  { key: 'A', network: NETWORK },
  { key: 'B', network: LSTM },
  { key: 'C', network: GRU },
  { key: 'D', network: NETWORK },
];

suite('runs of one small network', () => {
  test('are compared by its own names, and so are those of a network that has the same', () => {
    for (const networks of [[NETWORK], [NETWORK, RELU]] as const) {
      assert.ok(isPlain(networks));
      assert.deepEqual(offered(networks, 'norms'), ['all', ...NETWORK.parameterNames]);
      assert.deepEqual(offered(networks, 'profiles'), NETWORK.stepQuantities);
      assert.deepEqual(membersOf(networks, 'W_ah', 1), []);
    }
    const options = comparedOptions([NETWORK], 'norms');
    assert.deepEqual(options[1], { value: 'W_xh', label: 'W_xh', title: 'W_xh: input → hidden weights' });
    assert.equal(comparedText([RUNS[0]], 'W_ah', null), '');
  });

  test('show the weight that carries errors back unless another was chosen that they have', () => {
    assert.equal(comparedOf([NETWORK], 'profiles', null, null), 'W_ah');
    assert.equal(comparedOf([NETWORK], 'profiles', 'dh', null), 'dh');
    assert.equal(comparedOf([NETWORK], 'profiles', 'W_af', null), 'W_ah');
    assert.equal(comparedOf([NETWORK], 'norms', 'W_af', null), 'all');
    assert.equal(comparedOf([NETWORK], 'norms', 'recurrent', null), 'all');
  });

  test('are those of a new run while there are none', () => {
    assert.deepEqual(networksOf([]), [NETWORK]);
  });
});

suite('runs of different networks', () => {
  const networks = networksOf(RUNS);

  test('are compared by role', () => {
    assert.deepEqual(networks, [NETWORK, LSTM, GRU]);
    assert.ok(!haveSameNames(networks));
    assert.deepEqual(offered(networks, 'norms'), ['all', 'input', 'recurrent', 'bias', 'output']);
    assert.deepEqual(offered(networks, 'profiles'), ['given', 'input', 'recurrent', 'bias', 'output']);
    assert.equal(comparedOf(networks, 'profiles', null, null), 'given');
    // A name of one of them is no choice for the others: its role is.
    assert.equal(comparedOf(networks, 'norms', 'W_ah', null), 'recurrent');
    assert.deepEqual(membersOf(networks, 'recurrent', 1), []);
  });

  test('have all gates of a role taken together, of a layer or of all of them', () => {
    const recurrent = networks.map((network) => namesOf(network, 'recurrent', null));
    assert.deepEqual(recurrent, [
      ['W_ah'],
      ['W_ai', 'W_af', 'W_ag', 'W_aq'],
      ['W_ar', 'W_az', 'W_an', 'W_ar.2', 'W_az.2', 'W_an.2'],
    ]);
    assert.deepEqual(
      networks.map((network) => namesOf(network, 'bias', 2)),
      [[], [], ['b_r.2', 'b_z.2', 'b_xn.2', 'b_an.2']],
    );
    assert.deepEqual(namesOf(GRU, 'output', null), ['W_ao', 'b_o']);
    assert.deepEqual(namesOf(GRU, 'output', 2), ['W_ao', 'b_o']);
    assert.deepEqual(
      networks.map((network) => namesOf(network, 'given', null)),
      [['da'], ['da'], ['da', 'da.2']],
    );
    assert.equal(namesOf(GRU, 'all', 2).length, 10);
    assert.deepEqual(namesOf(MINGRU, 'recurrent', null), []);
  });

  test('say which of their weights are set side by side, and which of them lack it', () => {
    assert.equal(
      comparedText(RUNS, 'recurrent', null),
      'Compared: the recurrent weights, of several gates or layers together the root of the sum of the squares of their norms. ' +
        'A, D: W_ah. B: W_ai, W_af, W_ag and W_aq. C: W_ar, W_az and W_an of 2 layers.',
    );
    assert.equal(
      comparedText([RUNS[0], RUNS[1]], 'given', null),
      'Compared: the error ∂a(t) at what a layer gives. A: ∂a. B: ∂a.',
    );
    assert.equal(comparedText(RUNS, 'all', null), '');
    assert.equal(lackingText(RUNS, 'recurrent', 2), 'Not in the network of A, B, D.');
    assert.equal(lackingText([...RUNS, { key: 'E', network: MINGRU }], 'recurrent', null), 'Not in the network of E.');
    assert.equal(lackingText(RUNS, 'all', null), '');
  });
});

suite('runs of one network with gates', () => {
  test('are compared by role, and within a layer gate by gate', () => {
    const two = [networkOf({ cell: 'lstm', layers: 2 })] as const;
    assert.deepEqual(offered(two, 'profiles'), [
      'given',
      'input',
      'recurrent',
      'bias',
      'output',
      'stateError',
      'preActivationError',
      'functionError',
    ]);
    assert.deepEqual(membersOf(two, 'recurrent', null), []);
    assert.deepEqual(membersOf(two, 'recurrent', 2), ['W_ai.2', 'W_af.2', 'W_ag.2', 'W_aq.2']);
    assert.deepEqual(membersOf([LSTM], 'W_af', null), ['W_ai', 'W_af', 'W_ag', 'W_aq']);
  });

  test('keep the gate in another layer, and take the gates together where all layers are', () => {
    const two = [networkOf({ cell: 'lstm', layers: 2 })] as const;
    assert.equal(comparedOf(two, 'norms', 'W_af', 2), 'W_af.2');
    assert.equal(comparedOf(two, 'norms', 'W_af', null), 'recurrent');
    assert.equal(comparedOf([LSTM], 'norms', 'W_af', null), 'W_af');
    assert.equal(comparedOf(two, 'norms', 'dc', 1), 'all');
  });
});
