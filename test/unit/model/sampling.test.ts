import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { InputError } from '../../../src/common/inputError.ts';
import { RandomStream } from '../../../src/common/random.ts';
import { Sampler } from '../../../src/model/sampling.ts';
import { allocateFloat64, allocateTensors, parameterSizes, type Parameters } from '../../../src/model/tensors.ts';
import { assertClose, flatten, trajectoryVector } from './vectors.ts';
import { NETWORK, PARAMETER_NAMES } from '../../tanh.ts';

const ALL = { temperature: 1, topK: 0 };

/** A network whose output is the same logits whatever it reads. */
function constantNetwork(logits: readonly number[]): Parameters {
  const parameters = allocateTensors(parameterSizes(NETWORK, { V: logits.length, H: 2 }), allocateFloat64);
  parameters.b_o.set(logits);
  return parameters;
}

/** How often each character comes in `count` draws. */
function frequencies(logits: readonly number[], options: typeof ALL, count: number): number[] {
  const sampler = new Sampler(NETWORK, constantNetwork(logits));
  const random = RandomStream.seeded(11, 'sampling');
  const counts = logits.map(() => 0);
  for (let i = 0; i < count; i++) counts[sampler.draw(options, random).id]++;
  return counts.map((n) => n / count);
}

/** Every frequency within four standard deviations of its probability. */
function assertDistributed(actual: readonly number[], expected: readonly number[], count: number): void {
  actual.forEach((frequency, id) => {
    const deviation = Math.sqrt((expected[id] * (1 - expected[id])) / count);
    assert.ok(Math.abs(frequency - expected[id]) <= 4 * deviation, `${id}: ${frequency}, not ${expected[id]}`);
  });
}

suite('sampling', () => {
  const probabilities = [0.5, 0.2, 0.2, 0.06, 0.04];
  const logits = probabilities.map(Math.log);
  const count = 20_000;

  for (const temperature of [0.5, 1, 2]) {
    test(`draws in proportion to ŷ to the power 1/temperature, temperature ${temperature}`, () => {
      const powers = probabilities.map((p) => p ** (1 / temperature));
      const total = powers.reduce((sum, power) => sum + power, 0);
      const expected = powers.map((power) => power / total);
      assertDistributed(frequencies(logits, { temperature, topK: 0 }, count), expected, count);
    });
  }

  test('draws from the k likeliest only, the first ones where the k-th is tied', () => {
    assertDistributed(frequencies(logits, { temperature: 1, topK: 2 }, count), [5 / 7, 2 / 7, 0, 0, 0], count);
    assertDistributed(frequencies(logits, { temperature: 1, topK: 3 }, count), [5 / 9, 2 / 9, 2 / 9, 0, 0], count);
    assert.deepEqual(frequencies(logits, { temperature: 1, topK: 1 }, 100), [1, 0, 0, 0, 0]);
    assertDistributed(frequencies(logits, { temperature: 1, topK: 99 }, count), probabilities, count);
  });

  test('tells the probability under the network itself, whatever temperature and k', () => {
    const sampler = new Sampler(NETWORK, constantNetwork(logits));
    const random = RandomStream.seeded(3, 'sampling');
    for (const options of [ALL, { temperature: 0.3, topK: 0 }, { temperature: 3, topK: 2 }]) {
      for (let i = 0; i < 20; i++) {
        const { id, probability } = sampler.draw(options, random);
        assertClose([probability], [probabilities[id]], 1e-12, 'probability');
      }
    }
  });

  test('takes the likeliest at temperature 0, of several the first, with its probability under the network', () => {
    const random = RandomStream.seeded(4, 'sampling');
    const tied = [0.1, 0.35, 0.2, 0.35];
    for (const topK of [0, 1, 3]) {
      for (const [all, expected] of [
        [probabilities, 0],
        [tied, 1],
      ] as const) {
        const sampler = new Sampler(NETWORK, constantNetwork(all.map(Math.log)));
        for (let i = 0; i < 20; i++) {
          const { id, probability } = sampler.draw({ temperature: 0, topK }, random);
          assert.equal(id, expected);
          assertClose([probability], [all[expected]], 1e-12, 'probability');
        }
      }
    }
  });

  test('is nearly that at a temperature as near to 0 as there is', () => {
    assert.deepEqual(frequencies(logits, { temperature: Number.MIN_VALUE, topK: 0 }, 50), [1, 0, 0, 0, 0]);
  });

  test('stays exact for extreme logits and temperatures', () => {
    for (const temperature of [0.05, 1, 5]) {
      assert.deepEqual(frequencies([-1e4, 1e4, 0], { temperature, topK: 0 }, 50), [0, 1, 0]);
    }
    assertDistributed(frequencies([1e4, -1e4, 1e4], ALL, count), [0.5, 0, 0.5], count);
    assertDistributed(frequencies([-1e4, -1e4, -Infinity], ALL, count), [0.5, 0.5, 0], count);
  });

  test('reads text as the network does in training, from the state of zeros', () => {
    const vector = trajectoryVector('train-sgd-h16-t12-b1');
    const parameters = allocateTensors(parameterSizes(NETWORK, vector), allocateFloat64);
    for (const name of PARAMETER_NAMES) parameters[name].set(flatten(vector.params[name]));
    const ids = Array.from(vector.text, (character) => vector.vocabulary.indexOf(character));
    const sampler = new Sampler(NETWORK, parameters);
    const random = RandomStream.seeded(1, 'sampling');
    sampler.read(ids[5]);
    sampler.reset();
    let loss = 0;
    for (let t = 0; t < vector.T; t++) {
      sampler.read(ids[t]);
      let drawn = sampler.draw(ALL, random);
      while (drawn.id !== ids[t + 1]) drawn = sampler.draw({ temperature: 5, topK: 0 }, random);
      loss -= Math.log(drawn.probability) / vector.T;
    }
    assertClose([loss], [vector.expected.loss[0]], 1e-9, 'loss of the first iteration');
  });

  test('refuses to draw from outputs that are not finite', () => {
    for (const bad of [NaN, Infinity]) {
      const sampler = new Sampler(NETWORK, constantNetwork([0, bad, 1]));
      for (const options of [ALL, { temperature: 0, topK: 0 }]) {
        assert.throws(() => sampler.draw(options, RandomStream.seeded(1, 'sampling')), InputError);
      }
    }
  });
});
