import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { clipFactor } from '../../../src/model/clipping.ts';
import type { OptimizerName } from '../../../src/common/optimizers.ts';
import { createOptimizerState, optimizerStep } from '../../../src/model/optimizer.ts';
import { allocateFloat64, allocateTensors, parameterSizes } from '../../../src/model/tensors.ts';
import { assertClose, replay, TRAJECTORIES, trajectoryVector } from './vectors.ts';
import { NETWORK } from '../../tanh.ts';

suite('training with the reference', () => {
  for (const name of TRAJECTORIES) {
    test(`has the loss, gradient norm and resets of every iteration of ${name}`, () => {
      const vector = trajectoryVector(name);
      const run = replay('reference', vector, clipFactor);
      assertClose(run.loss, vector.expected.loss, 1e-9, 'loss');
      assertClose(run.gradNorm, vector.expected.gradNorm, 1e-9, 'gradNorm');
      assert.deepEqual(run.stateResetAt, vector.expected.stateResetAt);
    });
  }
});

suite('clipping by the global norm', () => {
  test('scales a larger norm down to the clip norm', () => {
    assertClose([clipFactor(20, 5) * 20], [5], 1e-6, 'clipped norm');
  });
  test('leaves a smaller norm alone', () => {
    assert.equal(clipFactor(4.9, 5), 1);
    assert.equal(clipFactor(0, 5), 1);
  });
  test('is off at 0', () => {
    assert.equal(clipFactor(1e30, 0), 1);
  });
});

suite('a step of the optimizer', () => {
  const shape = { V: 2, H: 1 };
  /** By PyTorch's names: the keys of `torch.optim`'s state of a parameter besides its step. */
  const moments: Readonly<Record<OptimizerName, readonly string[]>> = {
    sgd: [],
    momentum: ['momentum_buffer'],
    adagrad: ['sum'],
    rmsprop: ['square_avg'],
    adam: ['exp_avg', 'exp_avg_sq'],
  };
  const names = Object.keys(moments) as OptimizerName[];

  for (const name of names) {
    test(`keeps the moments of PyTorch, and changes each: ${name}`, () => {
      const parameters = allocateTensors(parameterSizes(NETWORK, shape), allocateFloat64);
      const gradients = allocateTensors(parameterSizes(NETWORK, shape), allocateFloat64);
      for (const gradient of Object.values(gradients)) gradient.fill(3);
      const state = createOptimizerState(name, NETWORK, shape, allocateFloat64);
      optimizerStep(state, parameters, gradients, 0.1, 1);
      assert.deepEqual(Object.keys(state.moments), moments[name]);
      for (const tensors of Object.values(state.moments)) {
        assert.deepEqual(Object.keys(tensors), NETWORK.parameterNames);
        assert.ok(Object.values(tensors).every((tensor) => tensor.every((value) => value > 0)));
      }
    });
  }

  for (const name of names) {
    test(`multiplies the gradient by the clip factor and leaves it as it is: ${name}`, () => {
      const run = (gradient: number, factor: number) => {
        const parameters = allocateTensors(parameterSizes(NETWORK, shape), allocateFloat64);
        const gradients = allocateTensors(parameterSizes(NETWORK, shape), allocateFloat64);
        const state = createOptimizerState(name, NETWORK, shape, allocateFloat64);
        gradients.b_o.fill(gradient);
        optimizerStep(state, parameters, gradients, 0.1, factor);
        optimizerStep(state, parameters, gradients, 0.1, factor);
        assert.deepEqual([...gradients.b_o], [gradient, gradient]);
        assert.equal(state.step, 2);
        return parameters.b_o;
      };
      const clipped = run(8, 0.25);
      assert.deepEqual(clipped, run(2, 1));
      assert.ok(clipped[0] < 0);
    });
  }
});
