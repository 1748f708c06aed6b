import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { findNotFinite } from '../../../src/inspection/notFinite.ts';
import { createScalarKernels } from '../../../src/kernels/scalar.ts';
import { randomNetwork } from '../model/networks.ts';
import { networkOf } from '../../../src/network/network.ts';
import { tensorNamed } from '../../../src/model/tensors.ts';
import { NETWORK } from '../../tanh.ts';

/**
 * A network whose every state is 0, so that going back one step multiplies ∂h by `factor`: from ∂h(T−1) = −1, ∂h(T−1−k) is
 * about −factor^k.
 */
function exploding(factor: number, T: number, B: number) {
  const kernels = createScalarKernels({
    network: NETWORK,
    shape: { V: 2, H: 1, T, B },
    reduction: 'sum',
    optimizer: 'sgd',
  });
  kernels.parameters.W_ah.set([factor]);
  kernels.parameters.W_ao.set([1, -1]);
  kernels.forward();
  kernels.backward();
  return kernels;
}

suite('findNotFinite', () => {
  test('finds nothing in a pass that is finite', () => {
    const kernels = randomNetwork('scalar', { V: 4, H: 3, T: 5, B: 2 }, 'mean', 1);
    kernels.forward();
    kernels.backward();
    assert.equal(findNotFinite(kernels, kernels.parameters), undefined);
  });

  test('names the first time step whose loss is not finite, and the parameter to blame', () => {
    const kernels = randomNetwork('scalar', { V: 4, H: 3, T: 5, B: 2 }, 'mean', 1);
    kernels.window.inputs.set([0, 1, 2, 0, 1, 3, 0, 1, 3, 3]);
    kernels.parameters.W_xh[3] = NaN; // The column of character 3, which stream 1 reads at t = 2 for the first time.
    assert.ok(Number.isNaN(kernels.forward()));
    kernels.backward();
    const found = findNotFinite(kernels, kernels.parameters);
    assert.equal(found?.quantity, 'loss');
    assert.equal(found.timeStep, 2);
    assert.match(found.message, /not a number at time step 2\. W_xh already held/);
  });

  test('names the parameter and the time step at which going backward overflows', () => {
    // In float32 (1e10)^3 is finite and (1e10)^4 is not.
    const kernels = exploding(1e10, 8, 1);
    assert.equal(Number.isFinite(kernels.gradientNorms().total), false);
    const found = findNotFinite(kernels, kernels.parameters);
    assert.equal(found?.quantity, 'W_xh');
    assert.equal(found.timeStep, 7 - 4);
    assert.match(found.message, /W_xh, W_ah and b_h.*time step 3 on/);
  });

  test('names no time step where only the sum overflows', () => {
    const kernels = exploding(1.7e19, 3, 2);
    const found = findNotFinite(kernels, kernels.parameters);
    assert.equal(found?.quantity, 'W_xh');
    assert.equal(found.timeStep, null);
    assert.match(found.message, /W_xh and b_h.*sum overflows/);
  });

  test('says of an LSTM with layers which gate of which layer, and of how many parameters', () => {
    const network = networkOf({ cell: 'lstm', layers: 2 });
    const kernels = randomNetwork('scalar', { V: 4, H: 3, T: 5, B: 2 }, 'mean', 1, network);
    kernels.forward();
    kernels.backward();
    // The output gate's error of layer 2 at time step 3, and all that its gradients are made of.
    tensorNamed(kernels.deltas, 'dh_q.2')[3 * 6] = Infinity;
    for (const name of network.parameterNames.slice(0, 24)) kernels.gradients[name].fill(NaN);
    const found = findNotFinite(kernels, kernels.parameters);
    assert.deepEqual([found?.quantity, found?.timeStep], ['W_xi', 3]);
    assert.match(
      found?.message ?? '',
      /^The gradient of W_xi, W_ai, b_i and 21 others is not finite: going backward, ∂h_q⁽²⁾ is no longer finite from time step 3 on \(pre-activation of the output gate, layer 2\)\./,
    );
  });

  test('says which quantity grew first where no parameter is to blame', () => {
    const network = networkOf({ cell: 'relu', layers: 2 });
    const kernels = randomNetwork('scalar', { V: 4, H: 3, T: 5, B: 1 }, 'mean', 1, network);
    for (const [name, value] of [
      ['b_h', 1],
      ['W_ah', 1],
      ['W_xh.2', 1e38],
    ] as const)
      kernels.parameters[name].fill(value);
    assert.equal(Number.isFinite(kernels.forward()), false);
    kernels.backward();
    const found = findNotFinite(kernels, kernels.parameters);
    assert.equal(found?.quantity, 'loss');
    assert.match(found.message, /Going forward, a⁽²⁾ is no longer finite from there on \(activation, layer 2\)\./);
  });
});
