import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { networkFrom, networkOf, type Network } from '../../../src/network/network.ts';
import {
  foldsAround,
  isFold,
  itemsIn,
  parameterFolds,
  quantitiesByPart,
  refFolds,
  stepFolds,
  type Fold,
} from '../../../src/panel/network/folds.ts';
import { normOfStep } from '../../../src/panel/network/notation.ts';
import { FoldChoice } from '../../../src/panel/state/foldChoice.ts';
import { DEFAULT_UI_STATE, parseUiState, type UiState } from '../../../src/panel/state/uiState.ts';
import { mathTree } from '../../../src/panel/views/tape/mathMarkup.ts';
import { sideA } from '../../../src/panel/views/tape/sideA.ts';
import { LEAKY } from '../network/leaky.ts';
import { MANY_NETWORKS } from '../model/manyNetworks.ts';
import { NETWORK } from '../../tanh.ts';

const LEAKY_NETWORK: Network = { cell: 'tanh', ...networkFrom({ ...LEAKY, words: { k: 'leak', n: 'candidate' } }, 1) };

/** Folds in few characters: `Output gate q: 9–13`, with those inside in brackets. */
function written(folds: readonly (number | Fold<number>)[]): string[] {
  return folds.map((fold) => {
    if (!isFold(fold)) return String(fold);
    const steps = itemsIn(fold);
    const inner = fold.items.some(isFold) ? ` [${written(fold.items).join('; ')}]` : '';
    return `${[fold.title, ...fold.about].join(' ')}: ${steps[0]}–${steps.at(-1)}${inner}`;
  });
}

suite('the steps of side B', () => {
  test('are not folded for one layer of an Elman cell', () => {
    for (const cell of ['tanh', 'relu'] as const) {
      assert.deepEqual(stepFolds(networkOf({ cell, layers: 1 })), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    }
    assert.deepEqual(parameterFolds(NETWORK), NETWORK.parameterNames);
  });

  test('are folded by the gates that the description has, in the order of the walk', () => {
    assert.deepEqual(written(stepFolds(networkOf({ cell: 'lstm', layers: 1 }))), [
      'Output L yhat o: 1–5',
      'State a c: 6–8',
      'Output gate q: 9–13',
      'Candidate g: 14–18',
      'Forget gate f: 19–23',
      'Input gate i: 24–28',
      'Messages to t−1: 29–30',
    ]);
    assert.deepEqual(written(stepFolds(networkOf({ cell: 'mingru', layers: 1 }))), [
      'Output L yhat o: 1–5',
      'State a: 6–6',
      'Candidate n: 7–9',
      'Update gate z: 10–13',
      'Messages to t−1: 14–14',
    ]);
    assert.deepEqual(written(stepFolds(LEAKY_NETWORK)), [
      'Output L yhat o: 1–5',
      'State a: 6–6',
      'Candidate n: 7–11',
      'Leak k: 12–15',
      'Messages to t−1: 16–16',
    ]);
  });

  test('are folded by layer, the highest first, and in a layer of a single gate no further', () => {
    assert.deepEqual(written(stepFolds(networkOf({ cell: 'tanh', layers: 2 }))), [
      'Output L yhat o: 1–5',
      'Layer 2: 6–10',
      'Layer 1: 11–15',
      'Messages to t−1: 16–17',
    ]);
    const [, top, , bottom] = written(stepFolds(networkOf({ cell: 'gru', layers: 3 })));
    const gates = ['State a.3: 6–6', 'Candidate n.3: 7–14', 'Update gate z.3: 15–19', 'Reset gate r.3: 20–24'];
    assert.equal(top, `Layer 3: 6–24 [${gates.join('; ')}]`);
    assert.match(bottom, /^Layer 1: 44–62 \[State a: 44–44;/);
  });

  for (const [name, network] of Object.entries({
    ...MANY_NETWORKS,
    'LSTM of two layers': networkOf({ cell: 'lstm', layers: 2 }),
    'GRU of three layers': networkOf({ cell: 'gru', layers: 3 }),
  })) {
    test(`are each there once, in their order: ${name}`, () => {
      const inFolds = stepFolds(network).flatMap((fold) => (isFold(fold) ? itemsIn(fold) : [fold]));
      assert.deepEqual(
        inFolds,
        network.steps.map((_step, index) => index + 1),
      );
      const parameters = parameterFolds(network).flatMap((fold) => (isFold(fold) ? itemsIn(fold) : [fold]));
      assert.deepEqual(parameters, network.parameterNames);
      const refs = sideA(network).map(({ ref }) => ref);
      const inSideA = refFolds(network, refs).flatMap((fold) => (isFold(fold) ? itemsIn(fold) : [fold]));
      assert.deepEqual(inSideA.toSorted(), refs.toSorted());
      const chosen = quantitiesByPart(network).flatMap(({ quantities }) => quantities);
      assert.deepEqual(chosen.toSorted(), network.stepQuantities.toSorted());
    });
  }

  test('stand under a norm of their own: that of the gate, of what the layer gives, of the logits', () => {
    const network = networkOf({ cell: 'lstm', layers: 2 });
    const stands = (step: number): unknown[] =>
      foldsAround(stepFolds(network), step).map(({ stands: k }) => network.steps[k - 1]);
    assert.deepEqual(stands(12), [
      { kind: 'error', of: 'a.2' },
      { kind: 'error', of: 'q.2' },
    ]);
    assert.deepEqual(stands(1), [{ kind: 'error', of: 'o' }]);
    assert.deepEqual(stands(55), [{ kind: 'message', to: 'a' }]);
  });
});

suite('the number of a fold', () => {
  test('is said to be a norm, of a message too, which is no state', () => {
    const network = networkOf({ cell: 'lstm', layers: 2 });
    const said = stepFolds(network).map((fold) => (isFold(fold) ? normOfStep(network.steps[fold.stands - 1]) : ''));
    assert.deepEqual(said, ['‖∂o(t)‖', '‖∂a⁽²⁾(t)‖', '‖∂a(t)‖', '‖message → a(t−1)‖']);
    for (const markup of said) assert.doesNotThrow(() => mathTree({ markup }));
  });
});

suite('side A', () => {
  test('has the states that come in at the head of their layer, then its gates as they are computed', () => {
    const network = networkOf({ cell: 'lstm', layers: 2 });
    const folds = refFolds(
      network,
      sideA(network).map(({ ref }) => ref),
    );
    assert.deepEqual(
      folds.map((fold) => (isFold(fold) ? fold.title : fold)),
      ['x', 'Layer 1', 'Layer 2', 'Output'],
    );
    const [, , second] = folds;
    assert.ok(isFold(second));
    assert.deepEqual(
      second.items.map((fold) => (isFold(fold) ? `${fold.title}: ${itemsIn(fold).join(' ')}` : fold)),
      [
        'Carried in: a.2⁻ c.2⁻',
        'Input gate: h_i.2 i.2',
        'Forget gate: h_f.2 f.2',
        'Candidate: h_g.2 g.2',
        'Output gate: h_q.2 q.2',
        'State: c.2 s.2 a.2',
      ],
    );
  });
});

suite('what a person opened', () => {
  test('is remembered, by the list that it is in, and read again', () => {
    let ui: UiState = DEFAULT_UI_STATE;
    const owner = {
      get ui() {
        return ui;
      },
      choose: (change: Partial<UiState>) => (ui = { ...ui, ...change }),
    };
    const [sideB, other] = [new FoldChoice(owner, 'B'), new FoldChoice(owner, 'A', ['output'])];
    assert.deepEqual([sideB.isOpen('output'), other.isOpen('output'), other.isOpen('q')], [false, true, false]);
    sideB.set(['q', 'layer 2'], true);
    other.set(['output'], false);
    assert.deepEqual(
      [sideB.isOpen('q'), sideB.isOpen('f'), other.isOpen('q'), other.isOpen('output')],
      [true, false, false, false],
    );
    ui = parseUiState(JSON.parse(JSON.stringify(ui)));
    assert.deepEqual([sideB.isOpen('layer 2'), other.isOpen('output')], [true, false]);
    sideB.set(['q'], false);
    other.set(['output', 'q'], true);
    assert.deepEqual(
      [sideB.isOpen('q'), sideB.isOpen('layer 2'), other.isOpen('output'), other.isOpen('q')],
      [false, true, true, true],
    );
    for (let k = 0; k < 500; k++) sideB.set([`gate ${k}`], true);
    assert.ok(sideB.isOpen('gate 499'));
    assert.notEqual(parseUiState(ui), DEFAULT_UI_STATE, 'so many that they could not be read again');
  });
});
