import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { CELLS } from '../../../src/network/cells.ts';
import { readRef, renamed, writeRef, type Cell } from '../../../src/network/description.ts';
import { stepNormLabelOf, titleOf } from '../../../src/network/names.ts';
import { networkFrom, networkOf, readersOf, shapeOf, sizeOf, type Step } from '../../../src/network/network.ts';
import { NETWORK } from '../../tanh.ts';

const SIZES = { V: 11, H: 8 };

/** A step in few characters: `∂h`, `∂W_ah = ∂h a⁻`, `→ a⁻`. */
function written(step: Step): string {
  switch (step.kind) {
    case 'loss':
      return 'L';
    case 'error':
      return `∂${step.of}`;
    case 'contribution':
      return `∂${step.to} = ∂${step.u}${step.v === undefined ? '' : ` ${step.v}`}`;
    case 'message':
      return `→ ${step.to}⁻`;
    default:
      return step satisfies never;
  }
}

suite('the network of one layer of the tanh cell', () => {
  test('has the five parameters of MATH.md in their order, with their shapes', () => {
    assert.deepEqual(
      NETWORK.parameters.map((parameter) => [parameter.name, shapeOf(parameter, SIZES)]),
      [
        ['W_xh', [8, 11]],
        ['W_ah', [8, 8]],
        ['b_h', [8]],
        ['W_ao', [11, 8]],
        ['b_o', [11]],
      ],
    );
    assert.deepEqual(
      NETWORK.parameters.map((parameter) => sizeOf(parameter, SIZES)),
      [88, 64, 8, 88, 11],
    );
    assert.deepEqual(
      NETWORK.parameters.map(({ role }) => role),
      ['input', 'recurrent', 'bias', 'output', 'outputBias'],
    );
  });

  test('has the eleven steps of MATH.md in their order', () => {
    assert.deepEqual(NETWORK.steps.map(written), [
      'L',
      '∂yhat',
      '∂o',
      '∂b_o = ∂o',
      '∂W_ao = ∂o a',
      '∂a',
      '∂h',
      '∂b_h = ∂h',
      '∂W_xh = ∂h x',
      '∂W_ah = ∂h a⁻',
      '→ a⁻',
    ]);
  });

  test('has a norm at every step of each contribution and of the errors at h and a', () => {
    assert.deepEqual(NETWORK.stepQuantities, ['W_xh', 'W_ah', 'b_h', 'W_ao', 'b_o', 'dh', 'da']);
    assert.deepEqual(NETWORK.stepQuantities.map((quantity) => stepNormLabelOf(NETWORK, quantity)).slice(3), [
      '‖∂W_ao(t)‖',
      '‖∂b_o(t)‖',
      '‖∂h(t)‖',
      '‖∂a(t)‖',
    ]);
    assert.deepEqual(
      ['W_ah', 'dh'].map((quantity) => titleOf(NETWORK, quantity)),
      ['W_ah: hidden → hidden weights', '∂h: error at the pre-activation h(t)'],
    );
  });

  test('is read by whom the error at a comes from: the logits now, and the pre-activation at t+1', () => {
    const { now, next } = readersOf(NETWORK, 'a');
    assert.deepEqual(
      [now, next].map((readers) => readers.map(({ gives }) => gives)),
      [['o'], ['h']],
    );
  });

  test('has words for everything that it names', () => {
    for (const cell of Object.values(CELLS)) {
      const { parameters, quantities } = networkFrom(cell, 2);
      for (const { name, words } of [...parameters, ...quantities]) assert.notEqual(words, name.replace('.2', ''));
    }
  });
});

/** What PyTorch's vectors of these networks are named. */
const OTHERS = {
  relu: { cell: CELLS.relu, steps: 11, parameters: ['W_xh', 'W_ah', 'b_h', 'W_ao', 'b_o'] },
  lstm: {
    cell: CELLS.lstm,
    steps: 30,
    parameters: [
      ...['W_xi', 'W_ai', 'b_i', 'W_xf', 'W_af', 'b_f', 'W_xg', 'W_ag', 'b_g', 'W_xq', 'W_aq', 'b_q'],
      ...['W_ao', 'b_o'],
    ],
  },
  gru: {
    cell: CELLS.gru,
    steps: 25,
    parameters: ['W_xr', 'W_ar', 'b_r', 'W_xz', 'W_az', 'b_z', 'W_xn', 'b_xn', 'W_an', 'b_an', 'W_ao', 'b_o'],
  },
  mingru: { cell: CELLS.mingru, steps: 14, parameters: ['W_xz', 'b_z', 'W_xn', 'b_n', 'W_ao', 'b_o'] },
} as const;

suite('a network of another cell', () => {
  for (const [name, { cell, steps, parameters }] of Object.entries(OTHERS)) {
    test(`follows from its description: ${name}`, () => {
      const network = networkFrom(cell, 1);
      assert.deepEqual(network.parameterNames, parameters);
      assert.equal(network.steps.length, steps);
      assert.deepEqual(network.states, cell.states);
      const given = network.equations.map(({ gives }) => gives);
      assert.deepEqual(given, [...cell.equations.map(({ gives }) => gives), 'o', 'yhat']);
      // Every error comes after those of all that reads it at this time step.
      const order = network.steps.flatMap((step) => (step.kind === 'error' ? [step.of] : []));
      for (const quantity of order) {
        for (const { gives } of readersOf(network, quantity).now) {
          assert.ok(order.indexOf(gives) < order.indexOf(quantity), `∂${quantity} comes before ∂${gives}`);
        }
      }
    });
  }

  test('is refused where an equation reads what it cannot', () => {
    const [affine, activation] = CELLS.tanh.equations;
    const reads = (to: string): Cell => ({
      ...CELLS.tanh,
      equations: [affine, { gives: 'a', apply: 'tanh', to }],
    });
    assert.doesNotThrow(() => networkFrom(reads('h'), 1));
    for (const wrong of ['1−h', 'x', 'z', 'h⁻']) {
      assert.throws(() => networkFrom(reads(wrong), 1), new RegExp(`equation of a cannot read "${wrong}"`));
    }
    const early = { ...CELLS.tanh, equations: [activation, affine] };
    assert.throws(() => networkFrom(early, 1), /equation of a cannot read "h"/);
  });

  test('is refused where a term has three factors, which the kernels do not multiply', () => {
    const { equations } = CELLS.gru;
    const withTerm = (term: string[]): Cell => ({
      ...CELLS.gru,
      equations: [...equations, { gives: 'p', sum: [term] }],
    });
    assert.doesNotThrow(() => networkFrom(withTerm(['r', 'z']), 1));
    assert.throws(() => networkFrom(withTerm(['r', 'z', 'n']), 1), /A term of p has more than 2 factors/);
  });

  test('begins a bias where its description says so', () => {
    const begins = networkOf({ cell: 'lstm', layers: 1 }).parameters.map((parameter) => [
      parameter.name,
      parameter.begins,
    ]);
    assert.deepEqual(
      begins.filter(([, value]) => value !== undefined),
      [['b_f', 1]],
    );
  });

  test('of several layers reads the layer below, and names its own by their number', () => {
    const network = networkOf({ cell: 'relu', layers: 3 });
    assert.deepEqual(network.parameterNames, [
      ...['W_xh', 'W_ah', 'b_h', 'W_xh.2', 'W_ah.2', 'b_h.2', 'W_xh.3', 'W_ah.3', 'b_h.3'],
      ...['W_ao', 'b_o'],
    ]);
    assert.deepEqual(network.states, ['a', 'a.2', 'a.3']);
    const byName = new Map(network.parameters.map((parameter) => [parameter.name, parameter]));
    assert.deepEqual([byName.get('W_xh.2')?.times, byName.get('W_ah.2')?.times], ['a', 'a.2⁻']);
    assert.deepEqual([byName.get('W_xh.2')?.axes, byName.get('W_ao')?.times], [['H', 'H'], 'a.3']);
    assert.deepEqual(network.steps.slice(-3).map(written), ['→ a⁻', '→ a.2⁻', '→ a.3⁻']);
    assert.deepEqual(
      readersOf(network, 'a.2').now.map(({ gives }) => gives),
      ['h.3'],
    );
  });

  test('has the same network, whoever asks', () => {
    assert.deepEqual(networkOf({ cell: 'tanh', layers: 1 }), NETWORK);
  });
});

test('a reference is read as it is written', () => {
  for (const ref of ['x', 'a', 'a⁻', '1−z', 'c.2⁻', '1−z.2']) assert.equal(writeRef(readRef(ref)), ref);
  assert.deepEqual(readRef('1−z'), { name: 'z', isBefore: false, isLeft: true });
  assert.equal(
    renamed('a⁻', (name) => `${name}.2`),
    'a.2⁻',
  );
});
