import { tensorNamed, type Vector } from '../../../src/model/tensors.ts';
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { RunEvent, Vitals } from '../../../src/protocol/events.ts';
import { WindowStudy } from '../../../src/study/windowStudy.ts';
import type { TrainingRun } from '../../../src/training/run.ts';
import { metricNamesOf } from '../../../src/protocol/run.ts';
import { METRIC_NAMES, PARAMETER_NAMES } from '../../tanh.ts';
import { finish } from '../../../src/common/work.ts';
import { rowsOf, smallRun } from './helpers.ts';

/** The mean loss of the captured window over all its streams, from the reference that looks into them one by one. */
function studiedLoss(run: TrainingRun): number {
  const capture = run.capture();
  const windowStudy = new WindowStudy();
  windowStudy.take(capture);
  const { B } = capture.shape;
  let sum = 0;
  for (let stream = 0; stream < B; stream++) {
    const question = { runId: 'run', requestId: 1, iteration: capture.iteration, stream } as const;
    const { lossNats } = finish(windowStudy.tape(question));
    sum += lossNats.reduce((total, loss) => total + loss, 0) / lossNats.length / B;
  }
  return sum;
}

suite('a capture', () => {
  test('holds what the next iteration computes: at the start, with a carried state, and where the text begins anew', () => {
    const run = smallRun({ kernels: 'reference' });
    const perEpoch = run.facts.iterationsPerEpoch;
    for (const iterations of [0, 1, perEpoch - 2, 1, 1]) {
      rowsOf(run, iterations);
      const expected = studiedLoss(run);
      const lossNats = run.iterate().row[METRIC_NAMES.indexOf('lossNats')];
      // The capture's weights and state are float32, the reference trains in float64.
      assert.ok(Math.abs(lossNats - expected) < 1e-6, `${lossNats} and ${expected} at iteration ${run.iterations - 1}`);
    }
  });

  test('changes nothing, not one bit, and is the window that is read next', () => {
    const undisturbed = rowsOf(smallRun(), 40);
    const run = smallRun();
    const disturbed = Array.from({ length: 40 }, () => {
      const capture = run.capture();
      const { row } = run.iterate();
      assert.deepEqual(capture.inputs, run.kernels.window.inputs);
      assert.deepEqual(capture.targets, run.kernels.window.targets);
      assert.deepEqual(
        capture.states,
        tensorNamed<Vector>(run.kernels.activations, 'a').slice(0, capture.states.length),
      );
      return row;
    });
    assert.deepEqual(disturbed, undisturbed);
  });

  test('has the parameters as they are, and says where in the text every stream stands', () => {
    const run = smallRun();
    rowsOf(run, 3);
    const { parameters, positions, iteration, inputs, shape } = run.capture();
    assert.equal(iteration, 3);
    assert.deepEqual(
      Array.from(parameters),
      PARAMETER_NAMES.flatMap((name) => Array.from(run.kernels.parameters[name])),
    );
    const { training } = run.excerpt();
    positions.forEach((position, b) => assert.equal(inputs[b], training[position], `stream ${b}`));
    assert.equal(positions[0], 3 * shape.T);
  });
});

suite('the excerpt', () => {
  test('is the training part and the validation part that follows it, with what each id stands for', () => {
    const run = smallRun();
    const { training, validation, trainingCharacters, codes } = run.excerpt();
    assert.equal(trainingCharacters, run.facts.trainingCharacters);
    assert.equal(training.length, trainingCharacters);
    assert.equal(validation.length, run.facts.validationCharacters);
    assert.equal(String.fromCodePoint(...Array.from(training.subarray(0, 5), (id) => codes[id])), 'Greta');
  });
});

function vitalsIn([event]: readonly RunEvent[]): Vitals {
  assert.equal(event.type, 'vitals');
  return event.value;
}

suite('vitals', () => {
  test('give the size of the update: with plain gradient descent the learning rate times the clipped gradient', () => {
    const run = smallRun({ optimizer: 'sgd', learningRate: 0.1, clipNorm: 0, kernels: 'reference' });
    const weights = Math.hypot(...PARAMETER_NAMES.flatMap((name) => Array.from(run.kernels.parameters[name])));
    const { row, measured } = run.iterate({ measures: true });
    const vitals = vitalsIn(measured);
    const expected = (0.1 * row[METRIC_NAMES.indexOf('gradNorm')]) / weights;
    assert.ok(Math.abs(vitals.updateToWeight / expected - 1) < 1e-9, `${vitals.updateToWeight}, not ${expected}`);
  });

  test('give the same of every layer and of the output, where there are several layers', () => {
    const run = smallRun({
      cell: 'gru',
      layers: 2,
      optimizer: 'sgd',
      learningRate: 0.1,
      clipNorm: 0,
      kernels: 'reference',
    });
    const isOf = (layer: number | undefined) => run.kernels.network.parameters.filter((one) => one.layer === layer);
    const places = [1, 2, undefined].map(isOf);
    const weights = places.map((of) =>
      Math.hypot(...of.flatMap(({ name }) => Array.from(run.kernels.parameters[name]))),
    );
    const { row, measured } = run.iterate({ measures: true });
    const names = metricNamesOf(run.kernels.network);
    const gradients = places.map((of) => Math.hypot(...of.map(({ name }) => row[names.indexOf(`gradNorm_${name}`)])));
    const { updateToWeightOfLayers = [] } = vitalsIn(measured);
    assert.equal(updateToWeightOfLayers.length, 3);
    updateToWeightOfLayers.forEach((update, i) => {
      const expected = (0.1 * gradients[i]) / weights[i];
      assert.ok(Math.abs(update / expected - 1) < 1e-6, `${update}, not ${expected}`);
    });
    assert.ok(!('updateToWeightOfLayers' in vitalsIn(smallRun().iterate({ measures: true }).measured)));
  });

  test('count the activations beyond 0.97, and are left out where nobody asks', () => {
    const run = smallRun();
    assert.deepEqual(run.iterate().measured, []);
    assert.equal(vitalsIn(run.iterate({ measures: true }).measured).saturation, 0);
    for (let i = 0; i < 8; i += 2) run.kernels.parameters.b_h[i] = 20;
    assert.equal(vitalsIn(run.iterate({ measures: true }).measured).saturation, 0.5);
  });
});
