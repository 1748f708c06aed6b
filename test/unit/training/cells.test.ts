import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { InputError } from '../../../src/common/inputError.ts';
import { finish } from '../../../src/common/work.ts';
import type { CellName } from '../../../src/network/cells.ts';
import { networkOf } from '../../../src/network/network.ts';
import { KERNEL_NAMES } from '../../../src/kernels/kernels.ts';
import { metricNamesOf } from '../../../src/protocol/run.ts';
import type { RunSettings } from '../../../src/protocol/settings.ts';
import { captureBytes, CAPTURES_KEPT } from '../../../src/protocol/study.ts';
import { sampleText } from '../../../src/text/sampleText.ts';
import { tensorBuffers } from '../../../src/training/checkpoint.ts';
import { TrainingRun } from '../../../src/training/run.ts';
import { createKernels } from '../kernels/built.ts';
import { MACHINE, rowsOf, smallRun, startRequest } from './helpers.ts';
import { exactly } from './startingPoints.ts';

/** Runs of cells with gates, and of several layers. */

const NETWORKS: readonly { readonly cell: CellName; readonly layers: number }[] = [
  { cell: 'lstm', layers: 2 },
  { cell: 'gru', layers: 3 },
  { cell: 'mingru', layers: 1 },
];
/** More than one pass over the text. */
const ITERATIONS = 65;
const OPTIONS = { prompt: 'The ', length: 40, temperature: 0.7, topK: 5 };

/** All that training leaves behind: rows, step norms and cosines, parameters. */
function numbersOf(settings: Partial<RunSettings>, iterations = 12): unknown {
  const run = smallRun(settings);
  try {
    const numbers = Array.from({ length: iterations }, () => {
      const { row } = run.iterate();
      const { stepNorm, stepCosine } = run.inspect({ cosines: true });
      return [row, stepNorm, stepCosine];
    });
    const { parameters, network } = run.kernels;
    return { numbers, parameters: network.parameterNames.map((name) => parameters[name].slice()) };
  } finally {
    run.close();
  }
}

/** The loss of each symbol after the first, in nats, by a forward pass of the reference over all of them from states of zeros. */
function lossesOf(run: TrainingRun, ids: readonly number[]): number[] {
  const { network, parameters, shape } = run.kernels;
  const T = ids.length - 1;
  const options = { network, reduction: 'sum', optimizer: 'sgd' } as const;
  const kernels = createKernels('reference', { V: shape.V, H: shape.H, T, B: 1 }, options);
  for (const name of network.parameterNames) kernels.parameters[name].set(parameters[name]);
  kernels.window.inputs.set(ids.slice(0, -1));
  kernels.window.targets.set(ids.slice(1));
  kernels.forward();
  return Array.from(kernels.activations.stepLoss);
}

for (const network of NETWORKS) {
  suite(`a run of ${network.cell} with ${network.layers} layers`, () => {
    for (const kernels of ['simd', 'relaxed'] as const) {
      test(`computes the same bits with 1, 2 and 3 threads of ${kernels}`, () => {
        const settings = { ...network, kernels, batchSize: 5, hiddenSize: 13 } as const;
        const alone = numbersOf({ ...settings, threads: 1 });
        for (const threads of [2, 3]) assert.deepEqual(numbersOf({ ...settings, threads }), alone);
      });
    }

    for (const kernels of KERNEL_NAMES) {
      test(`goes on to the bit from a checkpoint amid a validation (${kernels})`, () => {
        const settings = { ...network, kernels, threads: 2, batchSize: 4 } as const;
        const undisturbed = smallRun(settings);
        const expected = rowsOf(undisturbed, ITERATIONS);
        undisturbed.close();

        const run = smallRun(settings);
        rowsOf(run, 20);
        const measuring = run.validate(17);
        measuring.next();
        measuring.next();
        rowsOf(run, 3);
        const checkpoint = run.checkpoint(20);
        assert.deepEqual(Object.keys(checkpoint.states), [...networkOf(network).states]);
        const result = finish(measuring);
        const from = exactly(run, checkpoint);
        run.close();

        const after = smallRun(settings, { from });
        assert.deepEqual(finish(after.validate(99)), result);
        assert.deepEqual(rowsOf(after, ITERATIONS - 23), expected.slice(23));
        after.close();
      });
    }

    test('is not changed by inspecting, writing or validating, not by one bit', () => {
      const undisturbed = rowsOf(smallRun(network), 40);
      const run = smallRun(network);
      const disturbed = Array.from({ length: 40 }, () => {
        const { row } = run.iterate();
        run.inspect({ cosines: true });
        finish(run.write(OPTIONS));
        finish(run.validate());
        return row;
      });
      assert.deepEqual(disturbed, undisturbed);
    });

    test('writes text with every state carried from symbol to symbol', () => {
      const run = smallRun({ ...network, learningRate: 0.02 });
      rowsOf(run, 50);
      const { prompt, characters, probability } = finish(run.write(OPTIONS));
      const ids = [...Array.from(prompt), ...characters].map((symbol) => run.facts.vocabulary.indexOf(symbol));
      const losses = lossesOf(run, ids).slice(-OPTIONS.length);
      losses.forEach((loss, at) => assert.ok(Math.abs(-Math.log(probability[at]) - loss) < 1e-5, `symbol ${at}`));
    });

    test('validates from states of zeros that are its own', () => {
      // One stream, so that the validation text is a single sequence.
      const run = smallRun({ ...network, batchSize: 1, kernels: 'reference', learningRate: 0.02 });
      rowsOf(run, 50);
      const { validation } = finish(run.validate());
      const { validation: text } = run.excerpt();
      const losses = lossesOf(run, Array.from(text));
      const mean = losses.reduce((sum, loss) => sum + loss) / losses.length;
      assert.ok(Math.abs(validation.lossNats / mean - 1) < 1e-12, `${validation.lossNats}, expected ${mean}`);
    });

    test('learns: the loss starts near ln V and falls under it by half a nat', () => {
      const loss = metricNamesOf(networkOf(network)).indexOf('lossNats');
      const run = smallRun({ ...network, learningRate: 0.02 });
      const rows = rowsOf(run, 300);
      const uniform = Math.log(run.facts.vocabulary.length);
      assert.ok(Math.abs(rows[0][loss] - uniform) < 0.5);
      assert.ok(rows[299][loss] < uniform - 0.5, `${rows[299][loss]} of ${uniform}`);
    });
  });
}

suite('what is not finite in a network of several layers', () => {
  const LSTM = { cell: 'lstm', layers: 2 } as const;

  test('is named with the quantity of its layer and the time step where going forward overflows', () => {
    for (const kernels of KERNEL_NAMES) {
      const run = smallRun({ cell: 'relu', layers: 2, kernels });
      const { parameters } = run.kernels;
      // A state of layer 2 that begins at 1 and grows with every step.
      parameters['b_h.2'].fill(1);
      parameters['W_ah.2'].fill(kernels === 'reference' ? 1e80 : 1e10);
      const { notFinite } = run.iterate();
      run.close();
      assert.deepEqual([notFinite?.quantity, notFinite?.timeStep], ['loss', 4], kernels);
      assert.match(notFinite?.message ?? '', /time step 4\. Going forward, [ha]⁽²⁾ is no longer finite/, kernels);
    }
  });

  test('is named with the error of its layer and the time step where going back overflows', () => {
    for (const kernels of KERNEL_NAMES) {
      const run = smallRun({ ...LSTM, kernels });
      const { parameters } = run.kernels;
      // The memories of layer 2 stay empty, so that nothing is saturated and an error grows with every step.
      for (const name of ['W_xg.2', 'b_g.2']) parameters[name].fill(0);
      parameters['W_ag.2'].fill(kernels === 'reference' ? 1e80 : 1e10);
      const { notFinite } = run.iterate();
      run.close();
      assert.equal(notFinite?.quantity, 'W_xi', kernels);
      const { timeStep, message } = notFinite;
      assert.ok(timeStep !== null && timeStep > 0 && timeStep < 9, `${kernels}: ${timeStep}`);
      assert.match(
        message,
        /gradient of W_xi, W_ai, b_i and 21 others is not finite.* ∂h_[ifgq]⁽²⁾ is no longer finite from time step \d on/,
      );
    }
  });
});

suite('a run of other cells', () => {
  const problem = (part: RegExp) => (error: unknown) => error instanceof InputError && part.test(error.message);

  test('holds, by its estimate, the networks, checkpoints and captures of four layers of LSTM, and not many times as much', () => {
    const settings = { cell: 'lstm', layers: 4, hiddenSize: 48, batchSize: 8, optimizer: 'adam' } as const;
    for (const kernels of KERNEL_NAMES) {
      const run = smallRun({ ...settings, kernels });
      const { memoryBytes } = run.facts;
      run.iterate();
      run.validate(1).next();
      const { parameters, gradients, activations, deltas, optimizerState } = run.kernels;
      const { pendingValidation, ...checkpoint } = run.checkpoint(1);
      const tensors = [parameters, gradients, activations, deltas, ...Object.values(optimizerState.moments)];
      const ofNetwork = tensors
        .flatMap((group) => Object.values(group))
        .reduce((sum, one) => sum + (one?.byteLength ?? 0), 0);
      const ofCheckpoint = tensorBuffers(checkpoint).reduce((sum, { byteLength }) => sum + byteLength, 0);
      const held = ofNetwork + 3 * ofCheckpoint + CAPTURES_KEPT.most * captureBytes(run.capture());
      assert.ok(pendingValidation !== undefined && ofCheckpoint > 3 * 4 * run.facts.parameterCount);
      assert.ok(memoryBytes > held && memoryBytes < 3 * held, `${kernels}: ${memoryBytes} for ${held}`);
      run.close();
    }
  });

  test('is refused with a batch size that fits, by what its cell takes', () => {
    const request = (batchSize: number) =>
      startRequest(
        {
          ...{ cell: 'lstm', layers: 4, hiddenSize: 256, sequenceLength: 64, kernels: 'simd', validationFraction: 0.1 },
          batchSize,
        },
        { text: sampleText() },
      );
    const machine = { ...MACHINE, memoryBytes: 2 ** 29 + 2 ** 26 };
    let value = 0;
    assert.throws(
      () => TrainingRun.create(request(512), machine),
      (error) => {
        if (!(error instanceof InputError) || error.remedy === undefined) return false;
        assert.equal(error.remedy.setting, 'batchSize');
        value = Number(error.remedy.value);
        return error.message.includes(`With batchSize ${value} it fits.`);
      },
    );
    assert.ok(value >= 1 && value < 512);
    TrainingRun.create(request(value), machine).close();
  });

  test('is refused in words, before memory matters, where initialBias asks for gates that the cell has not', () => {
    for (const cell of ['tanh', 'relu'] as const) {
      const request = startRequest({ cell, initialBias: 'chrono', hiddenSize: 4096 });
      const message = problem(new RegExp(`initialBias is chrono, and the cell ${cell} has no gate`));
      assert.throws(() => TrainingRun.create(request, { ...MACHINE, memoryBytes: 1 }), message);
    }
  });

  test('does not go on from a checkpoint of another cell or of other layers, and says of which', () => {
    const run = smallRun({ cell: 'gru' });
    rowsOf(run, 2);
    for (const mode of ['exact', 'fitting'] as const) {
      const from = { ...exactly(run, run.checkpoint(0)), mode };
      assert.throws(() => smallRun({ cell: 'lstm' }, { from }), problem(/of the cell gru, .* say lstm/));
      assert.throws(() => smallRun({ cell: 'gru', layers: 2 }, { from }), problem(/of 1 layer, .* say 2/));
    }
  });
});
