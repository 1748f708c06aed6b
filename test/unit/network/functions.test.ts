import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { functionsOf } from '../../../src/network/functions.ts';
import { networkFrom, networkOf, type Network, type NetworkChoice } from '../../../src/network/network.ts';
import { partOf } from '../../../src/network/parts.ts';
import { saturationOf } from '../../../src/network/slopes.ts';
import { LEAKY } from './leaky.ts';

const names = (choice: NetworkChoice, which: (f: ReturnType<typeof functionsOf>[number]) => boolean): string =>
  functionsOf(networkOf(choice))
    .filter(which)
    .map(({ gives }) => gives)
    .join();

suite('the functions of a network', () => {
  test('are gates where they scale other quantities and do nothing else', () => {
    const gates = (choice: NetworkChoice): string => names(choice, ({ isGate }) => isGate);
    assert.equal(gates({ cell: 'tanh', layers: 2 }), '');
    assert.equal(gates({ cell: 'relu', layers: 1 }), '');
    assert.equal(gates({ cell: 'lstm', layers: 2 }), 'i,f,q,i.2,f.2,q.2');
    assert.equal(gates({ cell: 'gru', layers: 1 }), 'r,z');
    assert.equal(gates({ cell: 'mingru', layers: 1 }), 'z');
    const leaky = functionsOf(networkFrom(LEAKY, 1));
    assert.deepEqual(
      leaky.map(({ gives, isGate }) => [gives, isGate]),
      [
        ['k', true],
        ['n', false],
      ],
    );
  });

  test('know the gate through which all goes that a layer gives', () => {
    const onlyWays = (choice: NetworkChoice): string => names(choice, ({ isOnlyWay }) => isOnlyWay);
    assert.equal(onlyWays({ cell: 'lstm', layers: 3 }), 'q,q.2,q.3');
    assert.equal(onlyWays({ cell: 'gru', layers: 1 }), '');
    assert.equal(onlyWays({ cell: 'mingru', layers: 1 }), '');
  });

  test('whose saturation is told are those that are no gates, and gates where there are no others', () => {
    const counted = (network: Parameters<typeof saturationOf>[0]): string =>
      saturationOf(network)
        .functions.map(({ gives }) => gives)
        .join();
    assert.equal(counted(networkOf({ cell: 'tanh', layers: 2 })), 'a,a.2');
    // The tanh of the memory stops no error of the memory.
    assert.equal(counted(networkOf({ cell: 'lstm', layers: 2 })), 'g,g.2');
    assert.equal(counted(networkOf({ cell: 'mingru', layers: 1 })), 'z');
    assert.equal(counted(networkFrom(LEAKY, 1)), 'n');
  });
});

test('the parameters of a gate or a candidate belong together', () => {
  const groups = (network: Network): Record<string, string> => {
    const groupsOf: Record<string, string[]> = {};
    for (const parameter of network.parameters)
      (groupsOf[partOf(network, parameter.of)?.name ?? '–'] ??= []).push(parameter.name);
    return Object.fromEntries(Object.entries(groupsOf).map(([group, of]) => [group, of.join()]));
  };
  assert.deepEqual(groups(networkOf({ cell: 'tanh', layers: 1 })), { a: 'W_xh,W_ah,b_h', '–': 'W_ao,b_o' });
  assert.deepEqual(groups(networkOf({ cell: 'gru', layers: 1 })), {
    r: 'W_xr,W_ar,b_r',
    z: 'W_xz,W_az,b_z',
    n: 'W_xn,b_xn,W_an,b_an',
    '–': 'W_ao,b_o',
  });
  assert.deepEqual(groups(networkOf({ cell: 'mingru', layers: 1 })), { z: 'W_xz,b_z', n: 'W_xn,b_n', '–': 'W_ao,b_o' });
  assert.equal(groups(networkOf({ cell: 'lstm', layers: 2 }))['f.2'], 'W_xf.2,W_af.2,b_f.2');
});
