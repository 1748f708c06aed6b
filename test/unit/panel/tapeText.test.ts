import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { backwardSteps } from '../../../src/panel/views/tape/backwardSteps.ts';
import { sideA } from '../../../src/panel/views/tape/sideA.ts';
import { mathText, mathTree, wrappedParts, type MathNode } from '../../../src/panel/views/tape/mathMarkup.ts';
import { timeStepText } from '../../../src/panel/views/tape/tapeText.ts';
import { formatDigits, formatPercent, formatValue, sortedIndices } from '../../../src/panel/views/tape/values.ts';
import { tapeOf } from './tapeFixtures.ts';
import { NETWORK } from '../../tanh.ts';

describe('numbers of the tape', () => {
  it('have four significant digits, so that they can be compared', () => {
    assert.deepEqual([0, 0.012345678, -0.012345678, 1234.5678, 123456.7, -1.23456e-7, 1].map(formatValue), [
      '0',
      '0.01235',
      '−0.01235',
      '1235',
      '1.235e5',
      '−1.235e-7',
      '1.000',
    ]);
    assert.equal(formatValue(NaN), 'not a number');
    assert.deepEqual(
      [0, 0.0123456789, -123456.7, 1234567, 1].map((value) => formatDigits(value, 6)),
      ['0', '0.0123457', '−123457', '1.23457e6', '1.00000'],
    );
  });

  it('are shares that are never rounded to none or all', () => {
    assert.deepEqual([0, 0.0004, 0.5, 0.9996, 1].map(formatPercent), [
      '0.0\u202f%',
      '< 0.1\u202f%',
      '50.0\u202f%',
      '> 99.9\u202f%',
      '100.0\u202f%',
    ]);
  });

  it('are sorted by index, value or size, in both directions', () => {
    const values = [0.5, -2, NaN, 1, -0.5];
    assert.deepEqual(sortedIndices(values, { key: 'index', descending: true }), [4, 3, 2, 1, 0]);
    assert.deepEqual(sortedIndices(values, { key: 'value', descending: false }), [1, 4, 0, 3, 2]);
    assert.deepEqual(sortedIndices(values, { key: 'magnitude', descending: true }), [1, 3, 0, 4, 2]);
  });
});

describe('what the tape says', () => {
  const tape = tapeOf();
  const symbolOf = (id: number): string => 'abcdefg'[id];

  it('describes a time step with its characters, whether the prediction was right, and where the error came from', () => {
    const t = tape.inputs.length - 1;
    const text = timeStepText(NETWORK, tape, t, symbolOf);
    assert.match(
      text,
      new RegExp(`^t = ${t}: reads ‘${symbolOf(tape.inputs[t])}’, target ‘${symbolOf(tape.targets[t])}’`),
    );
    assert.match(text, new RegExp(`: ${tape.predicted[t] === tape.targets[t] ? 'right' : 'wrong'}\\.`));
    assert.match(text, /all of it its own error$/);
    const share = tape.futureNorm[0] / (tape.futureNorm[0] + tape.ownNorm[0]);
    assert.match(
      timeStepText(NETWORK, tape, 0, symbolOf),
      new RegExp(`${(share * 100).toFixed(1)}\u202f% of the error from the future$`),
    );
  });
});

describe('formulas', () => {
  const find = (node: MathNode, tag: MathNode['tag']): MathNode[] => [
    ...(node.tag === tag ? [node] : []),
    ...(node.children ?? []).flatMap((child) => find(child, tag)),
  ];
  const written = (node: MathNode): string => (node.text ?? '') + (node.children ?? []).map(written).join('');

  it('of all eleven steps and of side A are understood, and lose none of their signs', () => {
    assert.equal(backwardSteps(NETWORK).length, 11);
    for (const { formula } of [...backwardSteps(NETWORK), ...sideA(NETWORK)]) {
      const signs = written(mathTree(formula)).replaceAll('⊤', 'ᵀ').replaceAll(/\s/g, '');
      const source = [formula.markup, ...(formula.cases ?? []).flat()].join('');
      assert.equal(signs, source.replaceAll(/[\s_{}|]/g, '').replaceAll('²', '2'));
    }
  });

  it('carry a subscript and an exponent together, and raise all of a(t)', () => {
    const [both] = find(mathTree({ markup: 'W_aoᵀ ∂o(t)' }), 'msubsup');
    assert.deepEqual((both.children ?? []).map(written), ['W', 'ao', '⊤']);
    const [power] = find(mathTree({ markup: '(1 − a(t)²) ⊙ ∂a(t)' }), 'msup');
    assert.deepEqual((power.children ?? []).map(written), ['a(t)', '2']);
  });

  it('raise a layer, and an exponent beside it', () => {
    const [both] = find(mathTree({ markup: 'W_ah⁽²⁾ᵀ ∂h⁽²⁾(t+1)' }), 'msubsup');
    assert.deepEqual((both.children ?? []).map(written), ['W', 'ah', '(2)⊤']);
    const powers = find(mathTree({ markup: '(1 − a⁽¹²⁾(t)²) ⊙ ∂a⁽¹²⁾(t)' }), 'msup');
    assert.deepEqual(powers.map(written), ['a(12)(t)2', 'a(12)', 'a(12)']);
  });

  it('are broken before the pluses of a long sum, and nowhere else', () => {
    assert.deepEqual(wrappedParts({ markup: 'h(t) = W_xh x(t) + W_ah a(t−1) + b_h' }).length, 1);
    assert.deepEqual(wrappedParts({ markup: '∂a(t) = (1 + b) c + d + e(t+1) + f' }), [
      '∂a(t) = (1 + b) c',
      '+ d',
      '+ e(t+1)',
      '+ f',
    ]);
  });

  it('are broken where two terms are too long for a narrow panel, which none of an Elman cell is', () => {
    const ofMemory = '∂c(t) = (1 − s(t)²) ⊙ ∂s(t) + f(t+1) ⊙ ∂c(t+1)';
    assert.deepEqual(wrappedParts({ markup: ofMemory }), ['∂c(t) = (1 − s(t)²) ⊙ ∂s(t)', '+ f(t+1) ⊙ ∂c(t+1)']);
    for (const { formula } of [...backwardSteps(NETWORK), ...sideA(NETWORK)]) {
      assert.equal(wrappedParts(formula).length, 1, formula.markup);
    }
  });

  it('are broken before the signs of a product that is too long for a narrow panel, outside of its brackets', () => {
    const ofGate = '∂h_q⁽²⁾(t) = q⁽²⁾(t) ⊙ (1 − q⁽²⁾(t) ⊙ 1) ⊙ ∂q⁽²⁾(t)';
    assert.deepEqual(wrappedParts({ markup: ofGate }), ['∂h_q⁽²⁾(t) = q⁽²⁾(t)', '⊙ (1 − q⁽²⁾(t) ⊙ 1)', '⊙ ∂q⁽²⁾(t)']);
  });

  it('have a row for every case, and fractions', () => {
    const tree = mathTree(backwardSteps(NETWORK)[2].formula);
    assert.deepEqual(find(tree, 'mtr').map(written), ['ŷc(t)−1Nclass c', 'ŷk(t)Nclasses k ≠ c']);
    assert.equal(find(tree, 'mfrac').length, 2);
  });

  it('can be read aloud', () => {
    assert.equal(
      mathText(backwardSteps(NETWORK)[2].formula),
      '∂o(t) = (ŷ_c(t) − 1)/N (class c); ŷ_k(t)/N (classes k ≠ c)',
    );
  });

  it('refuse what they do not understand', () => {
    assert.throws(() => mathTree({ markup: '{1|N' }), RangeError);
    assert.throws(() => mathTree({ markup: 'ᵀ' }), RangeError);
  });
});
