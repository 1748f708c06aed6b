import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from 'valibot';
import { stepRow } from '../../../src/network/quantities.ts';
import { isFold, parameterFolds } from '../../../src/panel/network/folds.ts';
import { Pin, pinnedNorms, pinOf } from '../../../src/panel/state/pin.ts';
import { spacedPins, withPin } from '../../../src/panel/views/tape/pins.ts';
import {
  batchSums,
  cancellationText,
  streamSums,
  totalMarkup,
  totalOfFold,
} from '../../../src/panel/views/tape/sums.ts';
import { MAX_PINS } from '../../../src/panel/state/uiState.ts';
import type { RunHistory } from '../../../src/history/history.ts';
import type { Inspection } from '../../../src/protocol/run.ts';
import { assertClose, cellVector, flatten } from '../model/vectors.ts';
import { tapeOfCell } from '../study/windowStudyCaptures.ts';
import { historyOf, inspection } from './fixtures.ts';
import { expected, T, tapeOf } from './tapeFixtures.ts';
import { NETWORK, PARAMETER_NAMES, STEP_QUANTITIES } from '../../tanh.ts';

/** An inspection with the step norms and cosines of PyTorch's pass. */
function measured(iteration: number): Inspection {
  const tape = tapeOf();
  return {
    iteration,
    stepNorm: Float32Array.from(tape.stepNorm),
    stepCosine: Float32Array.from(tape.stepCosine),
    inputs: tape.inputs,
    targets: tape.targets,
  };
}

function unmeasured(iteration: number): Inspection {
  return { ...measured(iteration), stepCosine: new Float32Array(PARAMETER_NAMES.length * T).fill(NaN) };
}

function historyWith(iterations: number, ...inspections: readonly Inspection[]): RunHistory {
  const history = historyOf(iterations);
  for (const one of inspections) history.add({ type: 'inspection', value: one });
  return history;
}

describe('the sum over time', () => {
  it('of a stream has the norm of the whole gradient over the sum of the steps’ norms', () => {
    for (const { parameter, totalNorm, sumOfNorms, ratio } of streamSums(NETWORK, tapeOf()).ofParameters) {
      const gradient = Math.hypot(...flatten(expected.grad[parameter]));
      assertClose([totalNorm], [gradient], 1e-12, parameter);
      assertClose([sumOfNorms], [expected.stepNorm[parameter].reduce((sum, norm) => sum + norm, 0)], 1e-12, parameter);
      assertClose([ratio], [gradient / sumOfNorms], 1e-12, parameter);
    }
  });

  it('of a layer is the norm of all its parameters together, and is said to be that', () => {
    const vector = cellVector('lstm-l2-v9-h6-t8-b2-sum');
    const { network, tape } = tapeOfCell(vector, 1);
    const sums = streamSums(network, tape);
    const said = parameterFolds(network).filter((fold) => isFold(fold));
    assert.deepEqual(
      said.map((fold) => [fold.title, totalMarkup(fold)]),
      [
        ['Layer 1', '‖∂P_all‖'],
        ['Layer 2', '‖∂P_all‖'],
        ['Output', '‖∂W_ao‖'],
      ],
    );
    for (const fold of said.slice(0, 2)) {
      const squares = sums.ofParameters
        .filter(({ parameter }) => !/^(?:W_ao|b_o)$/.test(parameter))
        .filter(({ parameter }) => parameter.endsWith('.2') === (fold.title === 'Layer 2'))
        .map(({ totalNorm }) => totalNorm ** 2);
      assert.equal(squares.length, 12);
      assertClose([totalOfFold(fold, sums)], [Math.sqrt(squares.reduce((sum, one) => sum + one))], 1e-12, fold.title);
      const [first] = fold.items.filter((item) => isFold(item));
      const stood = sums.ofParameters.find(({ parameter }) => parameter === first.stands);
      assert.equal(totalOfFold(first, sums), stood?.totalNorm);
    }
  });

  it('of the batch takes the norm of the sum from the history where it kept that iteration', () => {
    const sums = batchSums(NETWORK, historyWith(20, measured(7)), 7);
    // All metrics of these rows are 1.
    assert.deepEqual(
      sums?.ofParameters.map(({ totalNorm }) => totalNorm),
      [1, 1, 1, 1, 1],
    );
  });

  it('finds the same norm from the cosines where the history has only means', () => {
    const sums = batchSums(NETWORK, historyWith(200_000, measured(7)), 7);
    assert.ok(sums);
    for (const { parameter, totalNorm } of sums.ofParameters) {
      assertClose([totalNorm], [expected.gradNorm[parameter]], 1e-6, parameter);
    }
  });

  it('of the batch looks for the nearest iteration whose cosines were measured', () => {
    const history = historyWith(100, measured(10), unmeasured(50), unmeasured(60), measured(90));
    assert.equal(batchSums(NETWORK, history, 50)?.iteration, 90);
    assert.equal(batchSums(NETWORK, history, 40)?.iteration, 10);
    assert.equal(batchSums(NETWORK, historyWith(100, unmeasured(5)), 5), undefined);
  });

  it('is put into words', () => {
    assert.match(cancellationText(0.97), /same way/);
    assert.match(cancellationText(0.05), /cancels/);
    assert.match(cancellationText(NaN), /zero/);
  });
});

describe('pinned profiles', () => {
  const list = [0, 9, 96, 1010, 10_400].map((iteration) => inspection(iteration, 2, () => 1));
  const iterationsOf = (pins: readonly Pin[] | undefined) => pins?.map(({ iteration }) => iteration);

  it('are spaced by factors of ten from the first on', () => {
    assert.deepEqual(iterationsOf(spacedPins(list)), [0, 9, 96, 1010, 10_400]);
    assert.deepEqual(spacedPins([]), []);
  });

  it('are never more than can be told apart', () => {
    const many = Array.from({ length: 10 }, (_, power) => inspection(10 ** power, 2, () => 1));
    const pins = spacedPins(many);
    assert.equal(pins.length, MAX_PINS);
    assert.equal(pins[0].iteration, 1);
    assert.equal(pins.at(-1)?.iteration, 1e9);
    assert.equal(withPin(pins, list[0]), undefined);
    assert.deepEqual(iterationsOf(withPin([list[0], list[2]].map(pinOf), list[1])), [0, 9, 96]);
    assert.deepEqual(iterationsOf(withPin([pinOf(list[1])], list[1])), [9]);
  });

  it('keep the very numbers that were pinned, through JSON', () => {
    const stepNorm = Float32Array.of(0.1, 1 / 3, 3.4e38, 1e-45, 0, NaN, Infinity);
    const stored: unknown = JSON.parse(JSON.stringify(pinOf({ iteration: 5, stepNorm })));
    assert.deepEqual(pinnedNorms(parse(Pin, stored)), stepNorm);
  });

  it('have the norms of every quantity', () => {
    const stepNorm = Float32Array.from({ length: STEP_QUANTITIES.length * 2 }, (_, i) => i);
    const q = STEP_QUANTITIES.indexOf('dh');
    assert.deepEqual(stepRow(NETWORK, stepNorm, 'dh'), Float32Array.of(2 * q, 2 * q + 1));
  });
});
