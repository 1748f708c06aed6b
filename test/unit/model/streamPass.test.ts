import { messageName, type Parameters, type ReferencePass } from '../../../src/model/tensors.ts';
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { finish } from '../../../src/common/work.ts';
import { passOfStream, type BatchStart } from '../../../src/model/streamPass.ts';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import { MANY_NETWORKS } from './manyNetworks.ts';
import { randomNetwork } from './networks.ts';
import {
  assertClose,
  flatten,
  kernelsOfPass,
  LARGE_PASS,
  missing,
  passVector,
  SMALL_PASSES,
  type Nested,
  type PassVector,
} from './vectors.ts';
import { NETWORK, PARAMETER_NAMES } from '../../tanh.ts';

const TOLERANCE = 1e-9;

function startOf(vector: PassVector): BatchStart {
  const { V, H, T, B, reduction } = vector;
  const { parameters, window } = kernelsOfPass('reference', vector);
  return {
    network: NETWORK,
    shape: { V, H, T, B },
    reduction,
    parameters: parameters as Parameters<Float64Array>,
    states: { a: Float64Array.from(flatten(vector.a0)) },
    ...window,
  };
}

/** [T][B][…] → the numbers of one stream. */
function ofStream(values: Nested, stream: number): number[] {
  return (values as readonly (readonly Nested[])[]).flatMap((step) => flatten(step[stream]));
}

suite('the pass of one stream', () => {
  for (const name of [...SMALL_PASSES, LARGE_PASS]) {
    const skip = name === LARGE_PASS && missing(name);

    test(`has the numbers of autograd for each stream of the batch: ${name}`, { skip }, () => {
      const vector = passVector(name);
      const { forward, backward } = vector.expected;
      for (let b = 0; b < vector.B; b++) {
        const pass = finish(passOfStream(startOf(vector), b));
        for (const side of ['h', 'o', 'yhat'] as const) {
          assertClose(pass.activations[side], ofStream(forward[side], b), TOLERANCE, `${side} of stream ${b}`);
        }
        assertClose(pass.activations.a.subarray(vector.H), ofStream(forward.a, b), TOLERANCE, `a of stream ${b}`);
        for (const side of ['dyhat', 'do', 'da', 'dh'] as const) {
          assertClose(pass.deltas[side], ofStream(backward[side], b), TOLERANCE, `${side} of stream ${b}`);
        }
        const toCarriedIn = pass.deltas[messageName('a')].subarray(0, vector.H);
        assertClose(toCarriedIn, flatten((backward.da0 as readonly Nested[])[b]), TOLERANCE, `∂a(−1) of stream ${b}`);
      }
    });

    test(`its gradients and losses are its contribution to those of the batch: ${name}`, { skip }, () => {
      const vector = passVector(name);
      const passes = Array.from({ length: vector.B }, (_, b) => finish(passOfStream(startOf(vector), b)));
      for (const parameter of PARAMETER_NAMES) {
        const expected = flatten(vector.expected.grad[parameter]);
        const sums = expected.map((_, at) => passes.reduce((sum, { gradients }) => sum + gradients[parameter][at], 0));
        assertClose(sums, expected, TOLERANCE, `∂${parameter}`);
      }
      const losses = vector.expected.stepLoss.map((_, t) =>
        passes.reduce((sum, { activations }) => sum + activations.stepLoss[t], 0),
      );
      assertClose(losses, vector.expected.stepLoss, TOLERANCE, 'stepLoss');
    });
  }

  for (const [name, network] of Object.entries(MANY_NETWORKS)) {
    test(`of each stream, gradients and losses add up to those of the batch: ${name}`, () => {
      const shape = { V: 6, H: 5, T: 4, B: 3 };
      const batch = randomNetwork('reference', shape, 'mean', 5, network) as Kernels<Float64Array> & ReferencePass;
      const carriedIn = network.states.map((state) => [state, batch.activations[state].slice(0, 3 * 5)] as const);
      const L = batch.forward();
      batch.backward();
      const { reduction, parameters, window } = batch;
      const start = { network, shape, reduction, parameters, states: Object.fromEntries(carriedIn), ...window };
      const passes = [0, 1, 2].map((stream) => finish(passOfStream(start, stream)));
      for (const parameter of network.parameterNames) {
        const expected = batch.gradients[parameter];
        const sums = expected.map((_, at) => passes.reduce((sum, { gradients }) => sum + gradients[parameter][at], 0));
        assertClose(sums, expected, TOLERANCE, `∂${parameter}`, 1e-14);
      }
      const losses = passes.map(({ activations }) => activations.stepLoss.reduce((sum, loss) => sum + loss));
      assertClose([losses[0] + losses[1] + losses[2]], [L], TOLERANCE, 'loss');
    });
  }

  test('N is that of the whole batch', () => {
    const vector = passVector('rnn-v11-h8-t9-b3-mean');
    assert.equal(finish(passOfStream(startOf(vector), 1)).N, 9 * 3);
    assert.equal(finish(passOfStream({ ...startOf(vector), reduction: 'sum' }, 1)).N, 1);
  });
});
