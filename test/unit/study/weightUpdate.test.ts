import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as v from 'valibot';
import { InputError } from '../../../src/common/inputError.ts';
import { OPTIMIZER_NAMES } from '../../../src/common/optimizers.ts';
import { finish } from '../../../src/common/work.ts';
import { metricNamesOf } from '../../../src/protocol/run.ts';
import { MOST_MOMENT_BYTES, WeightUpdate, type Capture } from '../../../src/protocol/study.ts';
import type { TrainingRun } from '../../../src/training/run.ts';
import type { Vector } from '../../../src/model/tensors.ts';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import type { Streams } from '../../../src/text/streams.ts';
import { captureNext } from '../../../src/training/capture.ts';
import { loadKernels } from '../kernels/built.ts';
import { assertClose, CELL_PASSES, cellVector, kernelsOfCell } from '../model/vectors.ts';
import { rowsOf, smallRun } from '../training/helpers.ts';
import { captureOf, windowStudyOf } from './windowStudyCaptures.ts';

type Place = Partial<{ stream: number; parameter: string | null; element: { row: number; column: number } | null }>;

function updateOf(capture: Capture, place: Place = {}): WeightUpdate {
  const asked = { stream: 0, parameter: null, element: null, ...place };
  return v.parse(WeightUpdate, finish(windowStudyOf(capture).update({ iteration: capture.iteration, ...asked })));
}

/** The update of the largest gradient of every parameter, as foreseen, and the weights and moments that training then has. */
function assertForeseen(run: TrainingRun): void {
  const capture = run.capture();
  const { network, parameters, optimizerState } = run.kernels;
  const foreseen = network.parameterNames.map((parameter) => updateOf(capture, { parameter }));
  const { row } = run.iterate();
  const measured = (name: 'gradNorm' | 'clipFactor'): number => row[metricNamesOf(network).indexOf(name)];
  for (const update of foreseen) {
    const { parameter, row: i, column: j, columns, weightAfter, weightBefore, change, momentsAfter } = update;
    const at = i * columns + j;
    const what = `${parameter}[${i},${j}] at iteration ${capture.iteration}`;
    // float32 has 24 bits: the weight is rounded once, the step carries the rounding of its gradient.
    const tolerance = 2 ** -23 * Math.abs(weightBefore) + 1e-4 * Math.abs(change);
    const after = parameters[parameter][at];
    assert.ok(Math.abs(after - weightAfter) <= tolerance, `${what}: ${after}, not ${weightAfter}`);
    assert.notEqual(change, 0, what);
    for (const [moment, value] of Object.entries(momentsAfter)) {
      const kept = optimizerState.moments[moment][parameter][at];
      assert.ok(Math.abs(kept / value - 1) < 1e-3, `${moment} of ${what}: ${kept}, not ${value}`);
    }
    assert.equal(update.step, optimizerState.step);
    assertClose([update.totalNorm], [measured('gradNorm')], 1e-4, `norm of ${what}`);
    assertClose([update.clipFactor], [measured('clipFactor')], 1e-4, `clipping of ${what}`);
  }
}

suite('what the optimizer does with one weight', () => {
  for (const optimizer of OPTIMIZER_NAMES) {
    for (const [clipping, clipNorm] of [
      ['off', 0],
      ['not acting', 1000],
      ['acting', 0.05],
    ] as const) {
      test(`is what training then does, from the first step on: ${optimizer}, clipping ${clipping}`, () => {
        const run = smallRun({ optimizer, clipNorm, learningRate: 0.01 });
        for (const before of [0, 1, 4]) {
          rowsOf(run, before);
          assertForeseen(run);
        }
      });
    }
  }

  test('is so for gates, layers and a loss that is a sum, too', () => {
    for (const settings of [
      { cell: 'lstm', layers: 2, reduction: 'sum' },
      { cell: 'gru', layers: 1, reduction: 'mean' },
      { cell: 'mingru', layers: 3, reduction: 'mean' },
    ] as const) {
      const run = smallRun({ ...settings, optimizer: 'adam', clipNorm: 0.1 });
      rowsOf(run, 3);
      assertForeseen(run);
    }
  });

  test('begins with the gradients of PyTorch, of whichever element', () => {
    for (const name of CELL_PASSES) {
      const vector = cellVector(name);
      const kernels = kernelsOfCell(loadKernels('reference'), vector);
      const capture = captureOf(kernels, 3);
      const norms = Object.values(vector.expected.gradNorm);
      for (const [parameter, nested] of Object.entries(vector.expected.grad)) {
        const gradient = nested as readonly (number | readonly number[])[];
        gradient.forEach((ofRow, row) => {
          const numbers = typeof ofRow === 'number' ? [ofRow] : ofRow;
          const column = row % numbers.length;
          const update = updateOf(capture, { parameter, element: { row, column } });
          // The capture is float32, as training is; the vectors are float64.
          const error = Math.abs(update.gradient - numbers[column]);
          assert.ok(error < 1e-6 + 1e-5 * Math.abs(numbers[column]), `${name}: ${parameter}[${row},${column}]`);
          assertClose([update.totalNorm], [Math.hypot(...norms)], 1e-5, `${name}: norm`);
          assert.equal(update.change, 0 - 0.1 * update.gradient);
        });
      }
    }
  });

  test('adds the time steps of all streams up to the gradient', () => {
    const run = smallRun({ optimizer: 'rmsprop' });
    rowsOf(run, 5);
    const capture = run.capture();
    for (const parameter of run.kernels.network.parameterNames) {
      const { row, column, gradient, streams, N } = updateOf(capture, { parameter });
      const all = Array.from({ length: streams }, (_, stream) =>
        updateOf(capture, { parameter, element: { row, column }, stream }),
      );
      assert.equal(N, 30);
      const sum = all.flatMap(({ byStep }) => [...byStep]).reduce((total, one) => total + one, 0);
      assert.ok(Math.abs(sum / gradient - 1) < 1e-9, `${parameter}: ${sum}, not ${gradient}`);
    }
  });

  test('is, unless one is named, of the element with the largest gradient of all or of a parameter', () => {
    const run = smallRun();
    const capture = run.capture();
    const { network } = run.kernels;
    run.iterate();
    const largest = network.parameterNames.map((name) => Math.max(...run.kernels.gradients[name].map(Math.abs)));
    network.parameterNames.forEach((parameter, p) => {
      const { row, column, columns, gradient } = updateOf(capture, { parameter });
      assertClose([Math.abs(gradient)], [largest[p]], 1e-4, parameter);
      assertClose([gradient], [run.kernels.gradients[parameter][row * columns + column]], 1e-4, parameter);
    });
    const update = updateOf(capture);
    assert.equal(update.parameter, network.parameterNames[largest.indexOf(Math.max(...largest))]);
  });

  test('knows of a weight of the input whether any stream reads its character, and of any other nothing', () => {
    const capture = smallRun({ batchSize: 2 }).capture();
    for (let column = 0; column < capture.shape.V; column++) {
      const { isRead, byStep } = updateOf(capture, { parameter: 'W_xh', element: { row: 0, column } });
      assert.equal(isRead, capture.inputs.includes(column));
      if (!isRead) assert.ok(byStep.every((value) => value === 0));
    }
    assert.ok(updateOf(capture, { parameter: 'W_ah' }).isRead);
  });

  test('is refused in words for what is not there', () => {
    const run = smallRun();
    const capture = run.capture();
    const refused = (place: Place, of = capture): string => {
      try {
        updateOf(of, place);
      } catch (error) {
        if (error instanceof InputError) return error.message;
        throw error;
      }
      assert.fail('it was not refused');
    };
    assert.match(refused({ parameter: 'W_xx' }), /no parameter "W_xx"/);
    assert.match(
      refused({ parameter: 'W_ah', element: { row: 8, column: 0 } }),
      /W_ah has no element 8, 0: it has 8 × 8, counted from 0/,
    );
    assert.match(refused({ parameter: 'b_h', element: { row: 0, column: 1 } }), /it has 8 × 1/);
    const unknown: Capture = { ...capture, optimizer: { ...capture.optimizer, name: 'adam', moments: null } };
    assert.match(refused({}, unknown), /keeps 2 numbers for each of the [\d\u202f]+ parameters, too many to be copied/);
  });

  test('a capture whose moments do not fit its optimizer is refused', () => {
    const capture = smallRun({ optimizer: 'sgd' }).capture();
    assert.equal(capture.optimizer.moments?.length, 0);
    assert.throws(
      () => windowStudyOf({ ...capture, optimizer: { ...capture.optimizer, name: 'momentum' } }),
      /momentum of a captured window keeps 0 numbers/,
    );
  });

  test('the moments of the largest networks stay out of captures', () => {
    const { kernels } = smallRun({ optimizer: 'momentum' });
    const streams = { peek: () => false, nextPositions: () => new Float64Array(3) } as unknown as Streams;
    const momentsOf = (length: number): Float32Array | null => {
      const largest: Record<string, Vector> = {
        ...kernels.optimizerState.moments.momentum_buffer,
        W_ah: new Float32Array(length),
      };
      const { network } = kernels;
      const others = network.parameterNames.reduce(
        (sum, name) => sum + (name === 'W_ah' ? 0 : largest[name].length),
        0,
      );
      const optimizerState = { ...kernels.optimizerState, moments: { momentum_buffer: largest } };
      largest.W_ah = largest.W_ah.subarray(0, length - others);
      const captured = captureNext(
        Object.create(kernels, { optimizerState: { value: optimizerState } }) as Kernels,
        streams,
        { learningRate: 0.1, clipNorm: 0 },
        { iteration: 0, carriesState: false },
      );
      return captured.optimizer.moments;
    };
    const most = MOST_MOMENT_BYTES / Float32Array.BYTES_PER_ELEMENT;
    assert.equal(momentsOf(most)?.length, most);
    assert.equal(momentsOf(most + 1), null);
  });
});
