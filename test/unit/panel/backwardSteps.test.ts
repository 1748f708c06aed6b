import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { CellName } from '../../../src/network/cells.ts';
import { networkOf } from '../../../src/network/network.ts';
import { backwardSteps } from '../../../src/panel/views/tape/backwardSteps.ts';
import { sideA } from '../../../src/panel/views/tape/sideA.ts';
import type { BackwardStep } from '../../../src/panel/views/tape/stepText.ts';
import { NETWORK } from '../../tanh.ts';

const STEPS = backwardSteps(NETWORK);

const formulasOf = (steps: readonly BackwardStep[]): string[] => steps.map(({ formula }) => formula.markup);

/** Where each input comes from: `3` of this cell, `11+` of the next one, or a quantity of side A. */
function sourcesOf({ inputs }: BackwardStep): string[] {
  return inputs.map(({ source }) =>
    source.from === 'sideA' ? source.ref : `${source.step}${source.ofNextTimeStep === true ? '+' : ''}`,
  );
}

suite('the steps of the tanh cell', () => {
  test('are the eleven of the derivation', () => {
    assert.deepEqual(formulasOf(STEPS), [
      'L(t) = −log ŷ_c(t)',
      '∂ŷ(t) =',
      '∂o(t) =',
      '∂b_o(t) = ∂o(t)',
      '∂W_ao(t) = ∂o(t) a(t)ᵀ',
      '∂a(t) = W_aoᵀ ∂o(t) + W_ahᵀ ∂h(t+1)',
      '∂h(t) = (1 − a(t)²) ⊙ ∂a(t)',
      '∂b_h(t) = ∂h(t)',
      '∂W_xh(t) = ∂h(t) x(t)ᵀ',
      '∂W_ah(t) = ∂h(t) a(t−1)ᵀ',
      'W_ahᵀ ∂h(t)',
    ]);
  });

  test('have inputs that come from earlier steps, from the next cell and from side A', () => {
    assert.deepEqual(STEPS.map(sourcesOf), [
      ['yhat'],
      ['yhat'],
      ['2', 'yhat'],
      ['3'],
      ['3', 'a'],
      ['3', '11+'],
      ['6', 'a'],
      ['7'],
      ['7', 'x'],
      ['7', 'a⁻'],
      ['7'],
    ]);
  });

  test('follow side A', () => {
    assert.deepEqual(
      sideA(NETWORK).map(({ formula }) => formula.markup),
      [
        'x(t)',
        'a(t−1)',
        'h(t) = W_xh x(t) + W_ah a(t−1) + b_h',
        'a(t) = tanh h(t)',
        'o(t) = W_ao a(t) + b_o',
        'ŷ(t) = softmax o(t)',
        'L(t) = −log ŷ_c(t)',
      ],
    );
  });
});

suite('the steps of other cells', () => {
  const stepsOf = (cell: CellName): readonly BackwardStep[] => backwardSteps(networkOf({ cell, layers: 1 }));

  test('of gates are products, each factor at its own time', () => {
    const formulas = formulasOf(stepsOf('lstm'));
    for (const formula of [
      '∂c(t) = (1 − s(t)²) ⊙ ∂s(t) + f(t+1) ⊙ ∂c(t+1)',
      '∂f(t) = c(t−1) ⊙ ∂c(t)',
      '∂h_f(t) = f(t) ⊙ (1 − f(t)) ⊙ ∂f(t)',
      '∂W_af(t) = ∂h_f(t) a(t−1)ᵀ',
      'f(t) ⊙ ∂c(t)',
    ]) {
      assert.ok(formulas.includes(formula), formula);
    }
  });

  test('of what is left of a gate have its sign', () => {
    const steps = stepsOf('gru');
    const formulas = formulasOf(steps);
    assert.ok(formulas.includes('∂n(t) = (1 − z(t)) ⊙ ∂a(t)'));
    const ofGate = steps.find(({ name }) => name === '∂z(t)');
    assert.equal(ofGate?.formula.markup, '∂z(t) = −n(t) ⊙ ∂a(t) + a(t−1) ⊙ ∂a(t)');
    assert.deepEqual(ofGate && sourcesOf(ofGate), ['6', 'n', 'a⁻']);
    assert.ok(formulas.at(-1)?.endsWith(' + z(t) ⊙ ∂a(t)'), formulas.at(-1));
  });
});
