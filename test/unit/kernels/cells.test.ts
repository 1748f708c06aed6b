import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { amount } from '../../run/amount.ts';
import { errorName, type Network } from '../../../src/network/network.ts';
import { clipFactor } from '../../../src/model/clipping.ts';
import type { KernelName } from '../../../src/kernels/kernels.ts';
import type { Shape } from '../../../src/model/tensors.ts';
import { MANY_NETWORKS } from '../model/manyNetworks.ts';
import { randomNetwork } from '../model/networks.ts';
import {
  assertClose,
  assertCloseInNorm,
  CELL_PASSES,
  CELL_TRAJECTORIES,
  cellVector,
  flatten,
  kernelsOfCell,
  replay,
  trajectoryVector,
} from '../model/vectors.ts';
import { loadKernels } from './built.ts';

/** The float32 kernels with any cell and any number of layers. */

const TOLERANCE = 1e-4;
const LOSS_TOLERANCE = 2e-3;

function agreesWithAutograd(kernelName: KernelName, name: string): void {
  const vector = cellVector(name);
  const { expected, B, H } = vector;
  const kernels = kernelsOfCell(loadKernels(kernelName), vector);
  assertClose([kernels.forward()], [expected.loss], 1e-6, 'loss');
  kernels.backward();
  assertClose(kernels.activations.stepLoss, expected.stepLoss, 1e-5, 'stepLoss');
  let compared = 0;
  for (const { name: quantity, layer } of kernels.network.quantities) {
    const values = kernels.activations[quantity];
    const isState = kernels.network.states.includes(quantity);
    if (values !== undefined) {
      const ofSteps = isState ? values.subarray(B * H) : values;
      assertCloseInNorm(ofSteps, flatten(expected.forward[quantity]), TOLERANCE, quantity);
      compared++;
    }
    assert.ok(values !== undefined || !isState, `${quantity} is a state`);
    if (layer === undefined) continue;
    const error = errorName(quantity);
    const errors = kernels.deltas[error];
    assert.ok(errors, `${error} is measured`);
    assertCloseInNorm(errors, flatten(expected.backward[error]), TOLERANCE, error);
  }
  assert.ok(compared > 1, `${compared} quantities were compared`);
  for (const parameter of kernels.network.parameterNames) {
    const gradient = flatten(expected.grad[parameter]);
    assertCloseInNorm(kernels.gradients[parameter], gradient, TOLERANCE, `∂${parameter}`);
  }
}

function agreesWithReference(name: KernelName, of: Network, shape: Shape, seed: number): void {
  const fast = randomNetwork(name, shape, 'mean', seed, of);
  const reference = randomNetwork('reference', shape, 'mean', seed, of);
  // Twice, with the states carried over: what one pass leaves behind must not be in the next.
  for (let window = 0; window < 2; window++) {
    assertClose([fast.forward()], [reference.forward()], 1e-5, 'loss');
    fast.backward();
    reference.backward();
    const { total } = reference.gradientNorms();
    assertClose([fast.gradientNorms().total], [total], TOLERANCE, 'norm');
    for (const parameter of of.parameterNames) {
      const expected = reference.gradients[parameter];
      assertCloseInNorm(fast.gradients[parameter], expected, TOLERANCE, `∂${parameter}`, 1e-6 * total);
    }
    fast.carryState();
    reference.carryState();
  }
}

const SHAPES = amount(400, 60, 'random shapes of each network of other cells');

for (const kernelName of ['scalar', 'simd', 'relaxed'] as const) {
  suite(`any network with the ${kernelName} kernels`, () => {
    for (const name of CELL_PASSES) {
      test(`agrees with autograd on ${name}`, () => agreesWithAutograd(kernelName, name));
    }

    for (const name of CELL_TRAJECTORIES) {
      test(`has the losses and resets of ${name}`, () => {
        const vector = trajectoryVector(`cells/${name}`);
        const run = replay(kernelName, vector, clipFactor);
        assertClose(run.loss, vector.expected.loss, LOSS_TOLERANCE, 'loss');
        assertClose(run.gradNorm, vector.expected.gradNorm, LOSS_TOLERANCE, 'gradNorm');
        assert.deepEqual(run.stateResetAt, vector.expected.stateResetAt);
      });
    }

    for (const [name, of] of Object.entries(MANY_NETWORKS)) {
      test(`agrees with the reference on ${SHAPES} random shapes: ${name}`, () => {
        const shapes: fc.Arbitrary<Shape> = fc.record({
          V: fc.integer({ min: 2, max: 21 }),
          H: fc.integer({ min: 1, max: 21 }),
          T: fc.integer({ min: 1, max: 5 }),
          B: fc.integer({ min: 1, max: 9 }),
        });
        const property = fc.property(shapes, fc.nat(), (shape, seed) =>
          agreesWithReference(kernelName, of, shape, seed),
        );
        fc.assert(property, { seed: 4, numRuns: SHAPES, examples: [[{ V: 2, H: 1, T: 1, B: 1 }, 1]] });
      });
    }

    test('agrees with the reference where a single product is cut into several pieces', () => {
      for (const shape of [
        { V: 70, H: 66, T: 3, B: 101 },
        { V: 3, H: 17, T: 280, B: 1 },
      ]) {
        agreesWithReference(kernelName, MANY_NETWORKS['LSTM, two layers'], shape, 5);
      }
    });

    test('keeps what is not a number', () => {
      for (const of of Object.values(MANY_NETWORKS)) {
        const kernels = randomNetwork(kernelName, { V: 5, H: 6, T: 3, B: 2 }, 'mean', 3, of);
        const bias = of.parameters.find(({ role }) => role === 'bias')?.name ?? '';
        kernels.parameters[bias][5] = NaN;
        assert.ok(Number.isNaN(kernels.forward()));
        kernels.backward();
        assert.ok(Number.isNaN(kernels.gradientNorms().total));
      }
    });
  });
}
