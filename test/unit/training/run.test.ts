import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { InputError } from '../../../src/common/inputError.ts';
import type { MetricName } from '../../../src/protocol/run.ts';
import { sampleText, sampleTextEntropyNats } from '../../../src/text/sampleText.ts';
import { TrainingRun } from '../../../src/training/run.ts';
import { METRIC_NAMES, PARAMETER_NAMES } from '../../tanh.ts';
import { finish } from '../../../src/common/work.ts';
import { MACHINE, rowsOf, smallRun, startRequest } from './helpers.ts';

function metric(row: Float64Array, name: MetricName): number {
  return row[METRIC_NAMES.indexOf(name)];
}

function parametersOf(run: TrainingRun): Record<string, number[]> {
  return Object.fromEntries(PARAMETER_NAMES.map((name) => [name, Array.from(run.kernels.parameters[name])]));
}

suite('a training run', () => {
  test('repeats bit for bit with the same text, settings and seed, and differs with another seed', () => {
    const rows = rowsOf(smallRun(), 50);
    assert.deepEqual(rowsOf(smallRun(), 50), rows);
    assert.notDeepEqual(rowsOf(smallRun({ seed: 2 }), 50), rows);
  });

  test('is not changed by inspecting, sampling or validating, not by one bit', () => {
    const undisturbed = rowsOf(smallRun(), 60);
    const run = smallRun();
    const disturbed: Float64Array[] = [];
    for (let iteration = 0; iteration < 60; iteration++) {
      disturbed.push(run.iterate().row);
      run.inspect({ cosines: true });
      finish(run.write({ prompt: '', length: 20, temperature: 0.7, topK: 3 }));
      const validation = run.validate();
      // One that is given up half way must not matter either.
      if (iteration % 2 === 0) finish(validation);
      else validation.next();
    }
    assert.deepEqual(disturbed, undisturbed);
  });

  test('learns: the loss starts near ln V and falls under it by half a nat', () => {
    const run = smallRun({ learningRate: 0.02 });
    const rows = rowsOf(run, 300);
    const uniform = Math.log(run.facts.vocabulary.length);
    assert.ok(Math.abs(metric(rows[0], 'lossNats') - uniform) < 0.5);
    assert.ok(metric(rows[299], 'lossNats') < uniform - 0.5);
  });

  test('gives the loss per character with both reductions, and gradients T·B times as large with the sum', () => {
    const mean = smallRun({ kernels: 'reference' }).iterate().row;
    const sum = smallRun({ kernels: 'reference', reduction: 'sum' }).iterate().row;
    assert.ok(Math.abs(metric(sum, 'lossNats') / metric(mean, 'lossNats') - 1) < 1e-12);
    for (const name of ['gradNorm', 'gradNorm_W_ah', 'gradNorm_b_o'] as const) {
      assert.ok(Math.abs(metric(sum, name) / metric(mean, name) / 30 - 1) < 1e-12, name);
    }
  });

  test('gives norms from before clipping, and the factor that clips the global one', () => {
    const free = smallRun({ clipNorm: 0 }).iterate().row;
    const clipped = smallRun({ clipNorm: 0.01 }).iterate().row;
    const norm = metric(free, 'gradNorm');
    assert.ok(norm > 0.02);
    assert.equal(metric(free, 'clipFactor'), 1);
    assert.equal(metric(clipped, 'gradNorm'), norm);
    assert.ok(Math.abs(metric(clipped, 'clipFactor') - 0.01 / (norm + 1e-6)) < 1e-12);
    const squares = PARAMETER_NAMES.map((name) => metric(clipped, `gradNorm_${name}`) ** 2);
    assert.ok(Math.abs(Math.sqrt(squares.reduce((a, b) => a + b)) / norm - 1) < 1e-12);
  });

  test('inspects the last window: with one time step, the step norms are the total norms and the cosines 1', () => {
    const run = smallRun({ sequenceLength: 1, clipNorm: 0.001 });
    rowsOf(run, 3);
    const { row } = run.iterate();
    const { iteration, stepNorm, stepCosine } = run.inspect({ cosines: true });
    assert.equal(iteration, 3);
    PARAMETER_NAMES.forEach((name, index) => {
      assert.ok(Math.abs(stepNorm[index] / metric(row, `gradNorm_${name}`) - 1) < 1e-5, name);
      assert.ok(Math.abs(stepCosine[index] - 1) < 1e-5, name);
    });
  });

  test('inspects the characters of the first stream, window after window', () => {
    const run = smallRun();
    const symbols = run.facts.vocabulary;
    const characters = (ids: Int32Array) => Array.from(ids, (id) => symbols[id]).join('');
    for (let iteration = 0; iteration < 3; iteration++) {
      run.iterate();
      const { inputs, targets } = run.inspect({ cosines: true });
      assert.equal(characters(inputs), sampleText().slice(iteration * 10, iteration * 10 + 10));
      assert.equal(characters(targets), sampleText().slice(iteration * 10 + 1, iteration * 10 + 11));
    }
  });

  test('starts reading again, and says so, after every pass over the training part', () => {
    const run = smallRun();
    const E = run.facts.iterationsPerEpoch;
    assert.equal(E, Math.floor(Math.floor((1800 - 1) / 3) / 10));
    const restarts = Array.from({ length: 2 * E + 1 }, (_, iteration) => [iteration, run.iterate().restarted] as const);
    assert.deepEqual(
      restarts.filter(([, restarted]) => restarted).map(([iteration]) => iteration),
      [0, E, 2 * E],
    );
    assert.equal(run.epoch, (2 * E + 1) / E);
    assert.equal(run.characters, (2 * E + 1) * 30);
  });

  test('states its facts, with one thread however many are asked for', () => {
    const { facts } = smallRun({ threads: 4, maxEpochs: 2.5 });
    const V = facts.vocabulary.length;
    assert.deepEqual(facts.vocabulary, [...new Set(sampleText().slice(0, 2000))].sort());
    assert.equal(facts.parameterCount, 8 * V + 64 + 8 + V * 8 + V);
    assert.deepEqual([facts.trainingCharacters, facts.validationCharacters], [1800, 200]);
    assert.equal(facts.iterationsTotal, Math.ceil(2.5 * facts.iterationsPerEpoch));
    assert.deepEqual([facts.kernels, facts.threads], ['scalar', 1]);
    assert.equal(facts.knownEntropyNats, undefined);
  });

  test('knows the entropy of the sample text', () => {
    assert.equal(smallRun({}, { text: sampleText() }).facts.knownEntropyNats, sampleTextEntropyNats);
  });

  test('is over after maxIterations where that comes before maxEpochs', () => {
    assert.equal(smallRun({}, { maxIterations: 7 }).facts.iterationsTotal, 7);
    const { iterationsTotal, iterationsPerEpoch } = smallRun({ maxEpochs: 1 }, { maxIterations: 1e6 }).facts;
    assert.equal(iterationsTotal, iterationsPerEpoch);
  });

  test('has no validation where fewer than two characters would be left for it', () => {
    for (const validationFraction of [0, 1 / 2000]) {
      const run = smallRun({ validationFraction }, { maxIterations: 1 });
      assert.equal(run.facts.validationCharacters, 0);
      run.iterate();
      assert.equal(run.isValidationDue, false);
    }
  });
});

suite('input that cannot be trained on', () => {
  function refusal(settings: Parameters<typeof smallRun>[0], text: string): InputError {
    try {
      TrainingRun.create(startRequest(settings, { text }), MACHINE);
    } catch (error) {
      if (error instanceof InputError) return error;
      throw error;
    }
    assert.fail('it was not refused');
  }

  test('is refused with the name of the file and the way out', () => {
    assert.match(refusal({}, '').message, /"sample\.txt" is empty/);
    assert.match(refusal({}, 'aaaa').message, /"sample\.txt".*one distinct character/);
    assert.match(refusal({}, 'a\0b').message, /"sample\.txt".*NUL/);
    const short = refusal({ batchSize: 32, validationFraction: 0 }, 'ab'.repeat(100));
    assert.match(short.message, /"sample\.txt" is too short: .*200 characters.*at least 321/);
    assert.deepEqual(short.remedy, { setting: 'batchSize', value: 19, label: 'Use batch size 19' });
  });

  test('is refused before anything is allocated where the memory is not enough', () => {
    const request = startRequest({ hiddenSize: 4096, batchSize: 64, validationFraction: 0 });
    assert.throws(
      () => TrainingRun.create(request, { ...MACHINE, memoryBytes: 2 ** 28 }),
      (error) => error instanceof InputError && /needs about .* GiB of memory/.test(error.message),
    );
  });
});

suite('a loss or gradient that is not finite', () => {
  test('names iteration, time step and parameter, and changes no parameter', () => {
    const run = smallRun();
    rowsOf(run, 4);
    run.kernels.parameters.W_ao[5] = Infinity;
    const before = parametersOf(run);
    const { row, notFinite } = run.iterate();
    assert.ok(!Number.isFinite(metric(row, 'lossNats')));
    assert.ok(Number.isNaN(metric(row, 'clipFactor')));
    assert.deepEqual([notFinite?.iteration, notFinite?.quantity, notFinite?.timeStep], [4, 'loss', 0]);
    assert.match(notFinite?.message ?? '', /Iteration 4.*time step 0.*W_ao.*learning rate.*no parameter/s);
    assert.deepEqual(parametersOf(run), before);
  });

  test('in a gradient alone names the parameter and the time step', () => {
    // Once the carried-in state is not 0, an infinite weight saturates a unit, which keeps the loss finite; backward, its
    // unit's ∂h is 0, and W_ahᵀ ∂h(t+1) is ∞ · 0.
    const run = smallRun();
    run.iterate();
    run.kernels.parameters.W_ah[0] = Infinity;
    const { row, notFinite } = run.iterate();
    assert.ok(Number.isFinite(metric(row, 'lossNats')));
    assert.ok(!Number.isFinite(metric(row, 'gradNorm')));
    assert.ok(PARAMETER_NAMES.some((name) => name === notFinite?.quantity));
    assert.equal(notFinite?.timeStep, 8);
    assert.match(notFinite?.message ?? '', /gradient of .* time step/);
  });

  test('lets a run go on from a state of zeros once the parameters are finite again', () => {
    const run = smallRun();
    rowsOf(run, 2);
    const [value] = run.kernels.parameters.W_ah;
    run.kernels.parameters.W_ah[0] = NaN;
    assert.ok(run.iterate().notFinite);
    run.kernels.parameters.W_ah[0] = value;
    const { row, notFinite } = run.iterate();
    assert.equal(notFinite, undefined);
    assert.ok(Number.isFinite(metric(row, 'lossNats')));
    assert.equal(run.iterations, 4);
  });
});
