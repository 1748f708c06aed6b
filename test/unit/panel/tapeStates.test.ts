import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { formatNorm } from '../../../src/common/format.ts';
import { networkOf } from '../../../src/network/network.ts';
import { isPlainPath, statePaths } from '../../../src/network/statePaths.ts';
import { PathScale, roundAbove } from '../../../src/panel/charts/pathScale.ts';
import { INPUT, PREDICTED, bottomOf, partBars, TARGET, tapeRows } from '../../../src/panel/charts/tapeRows.ts';
import type { MirroredRun } from '../../../src/panel/state/mirror.ts';
import { DEFAULT_UI_STATE, parseUiState } from '../../../src/panel/state/uiState.ts';
import { stateText } from '../../../src/panel/views/tape/stateText.ts';
import { tapeData } from '../../../src/panel/views/tape/tapeData.ts';
import { tapeHelp, tapeKeys } from '../../../src/panel/views/tape/tapeHelp.ts';
import { stateNumbers, tapeLanes } from '../../../src/panel/views/tape/tapeLanes.ts';
import { errorLayer, layersShown, pathsShown } from '../../../src/panel/views/tape/tapeLayers.ts';
import { timeStepErrorLabel, timeStepErrors, timeStepText } from '../../../src/panel/views/tape/tapeText.ts';
import { formatPercent } from '../../../src/panel/views/tape/values.ts';
import { cellVector } from '../model/vectors.ts';
import { tapeOfCell } from '../study/windowStudyCaptures.ts';
import { NETWORK } from '../../tanh.ts';
import { description } from './fixtures.ts';
import { tapeOf } from './tapeFixtures.ts';

fc.configureGlobal({ seed: 1405 });

const LSTM = networkOf({ cell: 'lstm', layers: 1 });
const LSTM_2 = networkOf({ cell: 'lstm', layers: 2 });
const GRU_3 = networkOf({ cell: 'gru', layers: 3 });

describe('the rows of the tape', () => {
  it('of a single state without gates are where they always were', () => {
    assert.deepEqual(tapeRows([false], isPlainPath(NETWORK)), {
      lanes: [{ future: { top: 106, height: 46 }, own: { top: 156, height: 34 } }],
      height: 206,
    });
    assert.deepEqual(
      [INPUT, TARGET, PREDICTED].map(({ top }) => top),
      [18, 54, 75],
    );
    assert.equal(isPlainPath(networkOf({ cell: 'relu', layers: 1 })), true);
    for (const other of [LSTM, GRU_3, networkOf({ cell: 'tanh', layers: 2 })]) assert.equal(isPlainPath(other), false);
  });

  it('of several states lie under one another, none over another', () => {
    for (let lanes = 1; lanes <= 8; lanes++) {
      const gated = Array.from({ length: lanes }, (_, lane) => lane % 3 !== 1);
      const rows = tapeRows(gated, false);
      assert.equal(rows.lanes.length, lanes);
      let bottom = PREDICTED.top + PREDICTED.height;
      for (const [lane, { path, gates, future, own }] of rows.lanes.entries()) {
        assert.equal(gates !== undefined, gated[lane]);
        for (const strip of [path, gates, future, own]) {
          if (strip === undefined) continue;
          assert.ok(strip.top > bottom, `${strip.top} is not below ${bottom}`);
          bottom = strip.top + strip.height;
        }
      }
      assert.equal(bottomOf(rows), bottom);
      assert.ok(rows.height > bottom);
    }
  });
});

describe('the bars of a time step', () => {
  it('stand beside one another within it, from 20 to 300 pixels and in between', () => {
    fc.assert(
      fc.property(fc.double({ min: 5, max: 300, noNaN: true }), fc.integer({ min: 1, max: 3 }), (cell, count) => {
        const bars = partBars(cell, count);
        let right = 0;
        for (const { left, width } of bars) {
          assert.ok(left >= right - 1e-9 && width > 0);
          right = left + width;
        }
        assert.ok(right <= cell - 1 + 1e-9, `${right} of ${cell}`);
      }),
    );
    assert.deepEqual(partBars(20, 2), [
      { left: 0, width: 9 },
      { left: 10, width: 9 },
    ]);
    assert.deepEqual(partBars(300, 2).at(-1), { left: 150, width: 149 });
  });

  it('are that of what is kept alone where there is no room for two', () => {
    assert.deepEqual(partBars(3, 2), [{ left: 0, width: 3 }]);
  });
});

describe('the scale of the states', () => {
  it('ends at a round number that is not below any norm', () => {
    assert.deepEqual([0.03, 1, 1.01, 4, 5.5, 100, 0, NaN, Infinity].map(roundAbove), [0.05, 1, 2, 5, 10, 100, 1, 1, 1]);
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), (value) => {
        assert.ok(roundAbove(value) >= value && roundAbove(value) <= value * 2.5 * (1 + 1e-12));
      }),
    );
  });

  it('only grows, each state by its own', () => {
    const scale = new PathScale();
    scale.include('c', [0.2, 3, NaN]);
    scale.include('a', [0.4]);
    scale.include('c', [0.1]);
    assert.deepEqual([scale.top('c'), scale.top('a')], [5, 0.5]);
    assert.deepEqual([scale.position('c', 2.5), scale.position('c', 50), scale.position('a', 0)], [0.5, 1, 0]);
    assert.ok(Number.isNaN(scale.position('c', NaN)));
    scale.reset();
    assert.equal(scale.top('c'), 1);
  });
});

describe('the states that the tape shows', () => {
  const names = (...asked: Parameters<typeof pathsShown>): string[] => pathsShown(...asked).map(({ state }) => state);

  it('are those of the top layer first, and in a layer what stays inside above what is given out', () => {
    assert.deepEqual(names(LSTM_2, null), ['c.2', 'a.2', 'c', 'a']);
    assert.deepEqual(names(LSTM_2, 1), ['c', 'a']);
    assert.deepEqual(names(GRU_3, 'all'), ['a.3', 'a.2', 'a']);
    assert.deepEqual(names(NETWORK, null), ['a']);
  });

  it('are of all layers where they are few, else of the top one, unless a person chose', () => {
    const many = networkOf({ cell: 'lstm', layers: 3 });
    assert.equal(layersShown(LSTM_2, null), 'all');
    assert.equal(layersShown(many, null), 3);
    assert.deepEqual([layersShown(many, 'all'), layersShown(many, 2)], ['all', 2]);
    assert.equal(layersShown(LSTM_2, 4), 'all');
  });

  it('are a choice that outlives the page, and an older or a wrong one is none', () => {
    for (const tapeLayers of [null, 'all', 2] as const)
      assert.equal(parseUiState({ ...DEFAULT_UI_STATE, tapeLayers }).tapeLayers, tapeLayers);
    const { tapeLayers: _, ...older } = DEFAULT_UI_STATE;
    assert.equal(parseUiState({ ...older, unit: 'bits' }).unit, 'bits');
    assert.deepEqual(parseUiState({ ...DEFAULT_UI_STATE, tapeLayers: 'some' }), DEFAULT_UI_STATE);
  });
});

describe('what the tape says of states', () => {
  const { network, tape } = tapeOfCell(cellVector('lstm-l2-v9-h6-t8-b2-sum'), 1);
  const T = tape.inputs.length;
  const path = statePaths(network).find(({ state }) => state === 'c.2') ?? assert.fail('there is no c in layer 2');
  const numbers = stateNumbers(network, tape, path);
  const [kept, added] = numbers.parts;

  it('is drawn as it was measured', () => {
    const lanes = tapeLanes(network, tape, pathsShown(network, null), false);
    assert.deepEqual(
      lanes.map(({ state, names, parts }) => [state, names.gates, names.future, parts.map(({ job }) => job).join()]),
      [
        ['c.2', 'f⁽²⁾, i⁽²⁾', '← ∂c⁽²⁾', 'kept,added'],
        ['a.2', 'q⁽²⁾', '← ∂a⁽²⁾', 'given'],
        ['c', 'f, i', '← ∂c', 'kept,added'],
        ['a', 'q', '← ∂a', 'given'],
      ],
    );
    // What is given out is the state, and what is kept is no more than there was.
    for (const { state, stateNorm, parts } of lanes) {
      if (state.startsWith('a')) assert.deepEqual(parts[0].norm, stateNorm);
    }
    for (let t = 1; t < T; t++) {
      assert.equal(kept.ofNorm[t], numbers.stateNorm[t - 1]);
      assert.ok(kept.norm[t] <= kept.ofNorm[t]);
      assert.ok(numbers.stateNorm[t] <= kept.norm[t] + added.norm[t] + 1e-12);
    }
  });

  it('tells every number of a time step in words', () => {
    const text = stateText(network, tape, 2, path);
    assert.match(
      text,
      /^keeps ‖f⁽²⁾\(t\) ⊙ c⁽²⁾\(t−1\)‖ = \S+ of \S+ \(mean of f⁽²⁾\(t\): 0\.\d+\) and adds ‖i⁽²⁾\(t\) ⊙ g⁽²⁾\(t\)‖ = \S+ of \S+ \(mean of i⁽²⁾\(t\): 0\.\d+\); ‖c⁽²⁾\(t\)‖ = \S+\. ‖∂c⁽²⁾\(t\)‖ = \S+: through s⁽²⁾\(t\) \S+, from the future \S+\.$/,
    );
    const told = [...text.matchAll(/(?<== |of |: |s⁽²⁾\(t\) |future )(\d[\d.e-]*\d)/g)].map(([number]) =>
      Number(number),
    );
    const meant = [kept.norm, kept.ofNorm, kept.gateMean, added.norm, added.ofNorm, added.gateMean, numbers.stateNorm];
    const errors = [numbers.errorNorm, numbers.ownNorm, numbers.futureNorm];
    [...meant, ...errors].forEach((values, index) => {
      assert.ok(Math.abs(told[index] / values[2] - 1) < 0.01, `${told[index]} is not ${values[2]}`);
    });
    assert.match(stateText(network, tape, T - 1, path), /: all of it through s⁽²⁾\(t\)\.$/);
    assert.match(
      stateText(network, tape, 0, statePaths(network)[0]),
      /^gives out ‖q\(t\) ⊙ s\(t\)‖ = \S+ of \S+ \(mean of q\(t\): 0\.\d+\); ‖a\(t\)‖ = /,
    );
  });

  it('calls an error the step’s own only where the output sends all of it, and else says where it comes from', () => {
    const said = (state: string, t: number): string =>
      stateText(network, tape, t, statePaths(network).find((one) => one.state === state) ?? path);
    assert.match(said('a.2', 2), /‖∂a⁽²⁾\(t\)‖ = \S+: own \S+, from the future \S+\.$/);
    assert.match(said('a.2', T - 1), /: all of it its own\.$/);
    assert.match(said('a', 2), /‖∂a\(t\)‖ = \S+: from layer 2 \S+, from the future \S+\.$/);
    assert.match(said('a', T - 1), /: all of it from layer 2\.$/);
    assert.deepEqual(
      tapeLanes(network, tape, pathsShown(network, 'all'), false).map(({ names }) => names.own),
      ['through s⁽²⁾', 'own ∂a⁽²⁾', 'through s', 'from layer 2'],
    );
    assert.match(tapeHelp(network), /bars what comes in the same time step: /);
    for (const one of [NETWORK, networkOf({ cell: 'gru', layers: 1 })]) {
      assert.match(tapeHelp(one), /bars what is the step’s own\. /);
    }
  });

  it('has the error of the layer that is shown, by its name', () => {
    const layers = ([null, 'all', 1, 2] as const).map((chosen) => errorLayer(network, chosen));
    assert.deepEqual(layers, [1, 1, 1, 2]);
    assert.equal(errorLayer(NETWORK, null), 1);
    const [first, second] = statePaths(network).filter(({ state }) => state.startsWith('a'));
    for (const [layer, of, label] of [
      [1, first, '‖∂a(t)‖ of layer 1'],
      [2, second, '‖∂a⁽²⁾(t)‖ of layer 2'],
    ] as const) {
      const { errorNorm, ownNorm, futureNorm } = stateNumbers(network, tape, of);
      assert.deepEqual(timeStepErrors(network, tape, layer), errorNorm);
      const share = formatPercent(futureNorm[2] / (ownNorm[2] + futureNorm[2]));
      assert.ok(
        timeStepText(network, tape, 2, String, layer).endsWith(
          `. ${label} = ${formatNorm(errorNorm[2])}, ${share} of the error from the future`,
        ),
      );
    }
    assert.match(timeStepText(network, tape, T - 1, String, 1), /, all of it from layer 2$/);
    assert.match(timeStepText(network, tape, T - 1, String, 2), /, all of it its own error$/);
    assert.equal(timeStepErrorLabel(NETWORK), '‖∂h(t)‖');
  });

  it('speaks of time steps, and of gates where there are some', () => {
    for (const network of [NETWORK, LSTM, GRU_3, networkOf({ cell: 'tanh', layers: 2 })]) {
      assert.doesNotMatch(`${tapeHelp(network)} ${tapeKeys(network)}`, /\bcells?\b/);
    }
    assert.match(tapeHelp(NETWORK), /the two parts of ∂a\(t\) = W_aoᵀ ∂o\(t\) \+ W_ahᵀ ∂h\(t\+1\) on the same scale/);
    assert.match(tapeHelp(LSTM), /what f\(t\) keeps of c\(t−1\)/);
    assert.match(tapeHelp(GRU_3), /what z\(t\) keeps of a\(t−1\)/);
    assert.doesNotMatch(tapeHelp(networkOf({ cell: 'tanh', layers: 2 })), /keeps|forgotten/);
  });

  it('is saved with the states of all layers, whichever are in sight', () => {
    const run = { description: description(), network } as MirroredRun;
    const { about, columns, rows } = tapeData(tape, run);
    for (const row of rows) assert.equal(row.length, columns.length);
    assert.equal(new Set(columns).size, columns.length);
    const column = (name: string) => rows.map((row) => row[columns.indexOf(name)]);
    assert.deepEqual(column('norm_c.2'), [...numbers.stateNorm]);
    assert.deepEqual(column('norm_c.2_kept'), [...kept.norm]);
    assert.deepEqual(column('norm_c.2_kept_of'), [...kept.ofNorm]);
    assert.deepEqual(column('mean_gate_c.2_kept'), [...kept.gateMean]);
    assert.deepEqual(column('norm_dc.2_own'), [...numbers.ownNorm]);
    assert.equal(about['norm_c.2_added'], '‖i⁽²⁾(t) ⊙ g⁽²⁾(t)‖');
    assert.equal(about.mean_gate_a_given, 'mean of q(t)');
  });

  it('is saved of one layer of tanh as it always was', () => {
    const { columns } = tapeData(tapeOf(), { description: description(), network: NETWORK } as MirroredRun);
    assert.deepEqual(
      columns.join(),
      't,input,target,predicted,L,yhat_c,norm_dW_xh,norm_dW_ah,norm_db_h,norm_dW_ao,norm_db_o,norm_dh,norm_da,norm_da_own,' +
        'norm_da_future,cosine_dW_xh,cosine_dW_ah,cosine_db_h,cosine_dW_ao,cosine_db_o',
    );
  });
});
