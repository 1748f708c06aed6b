import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  comparedNorm,
  comparedQuantity,
  lackingText,
  networksOf,
  parameterOptions,
  quantityOptions,
} from '../../../src/panel/compare/comparedNetworks.ts';
import { LSTM_NETWORK } from './otherNetworks.ts';
import { NETWORK } from '../../tanh.ts';

const RUNS = [
  { key: 'A', network: NETWORK },
  { key: 'B', network: LSTM_NETWORK },
  { key: 'C', network: NETWORK },
];

suite('runs of different networks', () => {
  const networks = networksOf(RUNS);
  const valuesOf = (options: readonly { value: string }[]): string[] => options.map(({ value }) => value);

  test('offer what any of their networks has, each name once', () => {
    assert.deepEqual(networks, [NETWORK, LSTM_NETWORK]);
    const [own, all] = [valuesOf(quantityOptions([NETWORK])), valuesOf(quantityOptions(networks))];
    assert.deepEqual(own, NETWORK.stepQuantities);
    assert.deepEqual(all.slice(0, own.length), own);
    assert.equal(new Set(all).size, all.length);
    assert.ok(all.includes('W_af') && all.includes('dc'));
    assert.equal(
      parameterOptions(networks).find(({ value }) => value === 'W_xh')?.title,
      'W_xh: input → hidden weights',
    );
  });

  test('are compared by what was chosen as long as one of them has it', () => {
    assert.equal(comparedQuantity(networks, 'W_af'), 'W_af');
    assert.equal(comparedQuantity([NETWORK], 'W_af'), 'W_ah');
    assert.equal(comparedQuantity(networks, null), 'W_ah');
    assert.deepEqual([comparedNorm(networks, 'b_f'), comparedNorm([NETWORK], 'b_f')], ['b_f', 'all']);
  });

  test('say which of them lack it', () => {
    assert.equal(lackingText(RUNS, 'W_af'), 'Not in the network of A, C.');
    assert.equal(lackingText(RUNS, 'b_o'), '');
  });

  test('are of the network of a new run while there are none', () => {
    assert.deepEqual(networksOf([]), [NETWORK]);
  });
});
