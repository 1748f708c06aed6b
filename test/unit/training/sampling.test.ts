import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { InputError } from '../../../src/common/inputError.ts';
import { createKernels } from '../kernels/built.ts';
import type { TrainingRun } from '../../../src/training/run.ts';
import { finish } from '../../../src/common/work.ts';
import { rowsOf, smallRun } from './helpers.ts';

const OPTIONS = { prompt: 'The ', length: 40, temperature: 1, topK: 0 };

/** The probability that a forward pass of the reference gives each character of a text after its first. */
function probabilities(run: TrainingRun, ids: readonly number[]): number[] {
  const { V, H } = run.kernels.shape;
  const T = ids.length - 1;
  const kernels = createKernels('reference', { V, H, T, B: 1 }, { reduction: 'mean', optimizer: 'sgd' });
  for (const name of ['W_xh', 'W_ah', 'b_h', 'W_ao', 'b_o'] as const) {
    kernels.parameters[name].set(run.kernels.parameters[name]);
  }
  kernels.window.inputs.set(ids.slice(0, -1));
  kernels.window.targets.set(ids.slice(1));
  kernels.forward();
  return ids.slice(1).map((id, t) => kernels.activations.yhat[t * V + id]);
}

suite('sampled text', () => {
  test('has the probabilities that the network gives its characters after the prompt', () => {
    const run = smallRun({ learningRate: 0.02 });
    rowsOf(run, 50);
    const sample = finish(run.write({ ...OPTIONS, temperature: 0.5, topK: 5 }));
    const ids = [...Array.from(sample.prompt), ...sample.characters].map((symbol) =>
      run.facts.vocabulary.indexOf(symbol),
    );
    const expected = probabilities(run, ids).slice(-OPTIONS.length);
    assert.equal(sample.probability.length, OPTIONS.length);
    expected.forEach((probability, at) => assert.ok(Math.abs(sample.probability[at] / probability - 1) < 1e-5));
    assert.deepEqual([sample.iteration, sample.temperature, sample.topK], [50, 0.5, 5]);
  });

  test('repeats with the seed, and goes on in the random stream', () => {
    const [run, other] = [smallRun(), smallRun()];
    const first = finish(run.write(OPTIONS));
    assert.deepEqual(finish(other.write(OPTIONS)), first);
    assert.notDeepEqual(finish(run.write(OPTIONS)), first);
  });

  test('starts at the start of a line where the prompt is empty', () => {
    assert.equal(finish(smallRun().write({ ...OPTIONS, prompt: '' })).prompt, '\n');
    assert.equal(finish(smallRun({ tokens: 'bytes' }).write({ ...OPTIONS, prompt: '' })).prompt, '\n');
  });

  test('starts at the first symbol where the prompt is empty and the text has no lines', () => {
    const text = 'cabbage '.repeat(60);
    assert.equal(finish(smallRun({}, { text }).write({ ...OPTIONS, prompt: '' })).prompt, ' ');
  });

  test('refuses a prompt with a character that is not in the vocabulary, naming it', () => {
    const namesIt = (error: unknown) => error instanceof InputError && error.message.includes('"ß" (U+00DF)');
    assert.throws(() => finish(smallRun().write({ ...OPTIONS, prompt: 'Anna ß' })), namesIt);
    assert.throws(() => smallRun().checkPrompt('Anna ß'), namesIt);
    smallRun().checkPrompt('Anna');
  });

  test('is joined from bytes to characters', () => {
    const run = smallRun({ tokens: 'bytes' }, { text: 'Größe äußern. '.repeat(40) });
    const { characters, probability } = finish(run.write({ ...OPTIONS, prompt: 'Grö' }));
    assert.equal(characters.length, probability.length);
    assert.ok(characters.length <= OPTIONS.length);
  });
});
