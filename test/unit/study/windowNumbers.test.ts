import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as v from 'valibot';
import { finish } from '../../../src/common/work.ts';
import { CELL_NAMES } from '../../../src/network/cells.ts';
import { errorName, networkOf } from '../../../src/network/network.ts';
import { MOST_WINDOW_NUMBERS, windowNumberCount } from '../../../src/network/windowNumbers.ts';
import { Numbers } from '../../../src/protocol/study.ts';
import { SMALL_PASSES, assertClose, flatten, kernelsOfPass, type Nested, passVector } from '../model/vectors.ts';
import { smallWindow } from './smallWindows.ts';
import { captureOf, positionOf, windowStudyOf } from './windowStudyCaptures.ts';

/** The vectors' parameters are rounded to float32 in a capture. */
const ROUNDED = 1e-5;

suite('all numbers of a window', () => {
  test('are those of autograd, of the one stream of a window', () => {
    const vector = passVector(SMALL_PASSES[0]);
    const { V, H, T, B, expected } = vector;
    assert.equal(B, 1);
    const capture = captureOf(kernelsOfPass('reference', vector), 8);
    const numbers = v.parse(Numbers, finish(windowStudyOf(capture).numbers({ iteration: 8, stream: 0 })));
    const [forward, backward, grad]: Record<string, Nested>[] = [expected.forward, expected.backward, expected.grad];
    for (const [name, values] of Object.entries(numbers.quantities)) {
      assertClose(values, flatten(forward[name]), ROUNDED, name);
      assertClose(numbers.errors[name], flatten(backward[errorName(name)]), ROUNDED, errorName(name));
    }
    for (const [name, values] of Object.entries(numbers.gradients)) {
      assertClose(values, flatten(grad[name]), ROUNDED, `the gradient of ${name}`);
      assertClose(numbers.parameters[name], flatten(vector.params[name]), ROUNDED, name);
    }
    assert.deepEqual([numbers.T, numbers.N, numbers.position], [T, 1, positionOf(0)]);
    assert.equal(windowNumberCount(networkOf({ cell: 'tanh', layers: 1 }), { V, H, T }), 2 * 107 + 5 + 2 * 6 * 24);
  });

  for (const cell of CELL_NAMES) {
    test(`are the ones that each time step tells of itself: ${cell}, two layers, the second stream of two`, () => {
      const { network, study, shape } = smallWindow({ cell, layers: 2 });
      const place = { iteration: 3, stream: 1 };
      const numbers = v.parse(Numbers, finish(study.numbers(place)));
      const at = (values: Float64Array, t: number): Float64Array => {
        const size = values.length / shape.T;
        return values.subarray(t * size, (t + 1) * size);
      };
      for (let t = 0; t < shape.T; t++) {
        const detail = finish(study.stepDetail({ ...place, t }));
        assert.deepEqual(
          [numbers.inputs[t], numbers.targets[t], numbers.lossNats[t], numbers.N],
          [detail.input, detail.target, detail.lossNats, detail.N],
        );
        for (const { name } of network.quantities) {
          assert.deepEqual(at(numbers.quantities[name], t), detail.now[name], `${name}(${t})`);
          assert.deepEqual(at(numbers.errors[name], t), detail.errors[name], `∂${name}(${t})`);
        }
        for (const state of network.states) {
          assert.deepEqual(at(numbers.messages[state], t), detail.messages[state]);
          if (t === 0) assert.deepEqual(numbers.carriedIn[state], detail.before[state]);
        }
      }
      for (const { name, axes } of network.parameters) {
        if (axes.length < 2) continue;
        assert.deepEqual(numbers.parameters[name], finish(study.matrix({ ...place, t: 0, name })).values);
        const sum = new Float64Array(numbers.gradients[name].length);
        for (let t = 0; t < shape.T; t++) {
          const { values } = finish(study.matrix({ ...place, t, name: errorName(name) }));
          values.forEach((value, index) => (sum[index] += value));
        }
        assertClose(numbers.gradients[name], [...sum], 1e-12, `the sum of ${name} over time`);
      }
    });
  }

  test('are refused where there are too many, with their number and the way out', () => {
    const { study, network, shape } = smallWindow({ cell: 'tanh', layers: 1 }, { H: 20 });
    const count = windowNumberCount(network, shape);
    assert.ok(count > MOST_WINDOW_NUMBERS);
    assert.throws(() => finish(study.numbers({ iteration: 3, stream: 0 })), /too many to look at one by one.*by hand/);
  });
});
