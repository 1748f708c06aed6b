import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { suite, test } from 'node:test';
import type { RunSettings } from '../../../src/protocol/settings.ts';
import { KERNEL_NAMES, type KernelName } from '../../../src/kernels/kernels.ts';
import { passOfStream } from '../../../src/model/streamPass.ts';
import { startOf } from '../../../src/study/windowStudyCaptures.ts';
import { finish } from '../../../src/common/work.ts';
import { smallRun } from './helpers.ts';

/**
 * The tanh cell computes to the bit what it has always computed: SHA-256 of all losses, norms, step norms, cosines, gradients and
 * parameters of 40 iterations with every optimizer. Where one changes, runs no longer go on as they would have.
 */
const HASHES: Readonly<Record<KernelName | 'study', readonly string[]>> = {
  reference: ['2c653c8971512a4a'],
  scalar: ['bb001d912b682ae4'],
  simd: ['2b9c5c9483b77826'],
  // Where the machine cannot multiply and add in one operation, those of `simd`.
  relaxed: ['3ed7cdab9c75cd36', '2b9c5c9483b77826'],
  study: ['9433b0715c72ae90'],
};

const OPTIMIZERS = ['sgd', 'momentum', 'adagrad', 'rmsprop', 'adam'] as const;
const ITERATIONS = 40;

function numbersOf(settings: Partial<RunSettings>): string {
  const hash = createHash('sha256');
  for (const optimizer of OPTIMIZERS) {
    const run = smallRun({ ...settings, optimizer, batchSize: 5, hiddenSize: 19, clipNorm: 0.5 });
    try {
      for (let iteration = 0; iteration < ITERATIONS; iteration++) {
        hash.update(run.iterate().row);
        const { stepNorm, stepCosine } = run.inspect({ cosines: true });
        hash.update(stepNorm).update(stepCosine);
      }
      for (const tensors of [run.kernels.parameters, run.kernels.gradients]) {
        for (const tensor of Object.values(tensors)) hash.update(tensor);
      }
    } finally {
      run.close();
    }
  }
  return hash.digest('hex').slice(0, 16);
}

suite('the numbers of the tanh cell', { skip: process.arch !== 'x64' }, () => {
  for (const kernels of KERNEL_NAMES) {
    for (const threads of kernels === 'simd' || kernels === 'relaxed' ? [1, 2] : [1]) {
      test(`are what they were, to the bit (${kernels}, threads ${threads})`, () => {
        const found = numbersOf({ kernels, threads });
        assert.ok(HASHES[kernels].includes(found), found);
      });
    }
  }

  test('are what they were, to the bit (of one stream, as the study computes them)', () => {
    const run = smallRun({ hiddenSize: 19, batchSize: 5 });
    for (let iteration = 0; iteration < ITERATIONS; iteration++) run.iterate();
    const hash = createHash('sha256');
    for (const stream of [0, 4]) {
      const { activations, deltas, gradients } = finish(passOfStream(startOf(run.capture()), stream));
      for (const tensors of [activations, deltas, gradients]) {
        for (const tensor of Object.values(tensors)) hash.update(tensor);
      }
    }
    run.close();
    assert.equal(hash.digest('hex').slice(0, 16), HASHES.study[0]);
  });
});
