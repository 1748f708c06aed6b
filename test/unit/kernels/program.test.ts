import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Place, Stage } from '../../../src/kernels/program/program.ts';
import { ENUMERATIONS, type Code } from '../../../src/kernels/layout.ts';
import { planNetwork } from '../../../src/kernels/plan.ts';
import { programOf } from '../../../src/kernels/program/programOf.ts';
import type { CellName } from '../../../src/network/cells.ts';
import { networkOf } from '../../../src/network/network.ts';

const written = ({ side, of, isBefore }: Place): string => `${side === 'error' ? 'd' : ''}${of}${isBefore ? '⁻' : ''}`;

/** Each product and operation by what it gives, with + where it is added to what is there. */
function described(stages: readonly Stage[], side: 'forward' | 'backward'): string[] {
  return stages.map((stage) =>
    (stage.kind === 'products'
      ? stage.products.map(({ product, adds }) => [side === 'forward' ? product.to : product.errorOfV, adds] as const)
      : stage.operations.map((operation) => [operation.to, 'adds' in operation && operation.adds] as const)
    )
      .map(([to, adds]) => `${written(to)}${adds ? '+' : ''}`)
      .join(' '),
  );
}

suite('the program of a network', () => {
  test('of the tanh cell overwrites h, and is a product and a pass over the rows on either side', () => {
    const { stored, layers, output } = programOf(networkOf({ cell: 'tanh', layers: 1 }));
    assert.deepEqual(stored, ['a']);
    assert.deepEqual(described(layers[0].forward, 'forward'), ['a', 'a+ a']);
    assert.deepEqual(described(layers[0].backward, 'backward'), ['dh', 'da⁻+']);
    assert.deepEqual(layers[0].inputs.forward, []);
    assert.equal(written(output.errorOfV), 'da');
  });

  test('multiplies all gates of a step together, and begins with zeros only where nothing is there to add to', () => {
    const [lower, upper] = programOf(networkOf({ cell: 'lstm', layers: 2 })).layers;
    assert.equal(described(lower.forward, 'forward')[0], 'i f g q');
    // What the layer below gives has been multiplied before.
    assert.equal(described(upper.forward, 'forward')[0], 'i.2+ f.2+ g.2+ q.2+');
    assert.deepEqual(
      upper.inputs.backward.map(({ product, adds }) => [written(product.errorOfV), adds]),
      [
        ['da', false],
        ['da', true],
        ['da', true],
        ['da', true],
      ],
    );
    assert.deepEqual(lower.endsWithZeros, ['c']);
    assert.deepEqual(described(lower.backward, 'backward'), [
      'dq ds dc+ df dc⁻ di dg dh_q dh_g dh_f dh_i',
      'da⁻+ da⁻+ da⁻+ da⁻+',
    ]);
  });

  test('keeps a pre-activation that more than a function reads', () => {
    // Of GRU, u and m are read by a sum, whose result n overwrites.
    assert.deepEqual(programOf(networkOf({ cell: 'gru', layers: 1 })).stored, ['r', 'z', 'u', 'm', 'n', 'a']);
  });

  test('passes an affine equation through its function in one go, whatever the function, in every layer', () => {
    const codesOf = (cell: CellName): Code[] => {
      const network = networkOf({ cell, layers: 2 });
      const shape = { V: 3, H: 4, T: 2, B: 2 };
      const request = { network, shape, reduction: 'mean', optimizer: 'sgd' } as const;
      const sizes = { squaresBlock: () => 64, panelNumbers: () => 64, scratchBytes: () => 64 };
      const codes = planNetwork(request, 1, 0, sizes)
        .records.filter(({ name }) => name === 'Operation')
        .map(({ values }) => ENUMERATIONS.Code[values.code]);
      return [...new Set(codes)].filter((code) => !/Slope|Multiply/.test(code)).sort();
    };
    assert.deepEqual(codesOf('tanh'), ['AffineTanh']);
    assert.deepEqual(codesOf('relu'), ['AffineRelu']);
    // tanh of the memory is of no affine equation.
    assert.deepEqual(codesOf('lstm'), ['AffineSigmoid', 'AffineTanh', 'Tanh']);
    // The candidate of minGRU goes through no function.
    assert.deepEqual(codesOf('mingru'), ['Affine', 'AffineSigmoid']);
  });
});
