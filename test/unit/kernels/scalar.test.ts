import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { PARAMETER_NAMES } from '../../../src/common/names.ts';
import { clipFactor } from '../../../src/model/clipping.ts';
import type { Shape } from '../../../src/model/tensors.ts';
import { randomNetwork } from '../model/networks.ts';
import {
  assertClose,
  assertCloseInNorm,
  flatten,
  kernelsOfPass,
  LARGE_PASS,
  missing,
  passVector,
  replay,
  SMALL_PASSES,
  TRAJECTORIES,
  trajectoryVector,
} from '../model/vectors.ts';

const GRADIENT_TOLERANCE = 1e-4;
const LOSS_TOLERANCE = 2e-3;

function agreesWithAutograd(name: string): void {
  const vector = passVector(name);
  const { expected, B, H } = vector;
  const kernels = kernelsOfPass('scalar', vector);
  assertClose([kernels.forward()], [expected.loss], 1e-6, 'loss');
  kernels.backward();
  assertClose(kernels.activations.stepLoss, expected.stepLoss, 1e-5, 'stepLoss');
  assertCloseInNorm(kernels.activations.a.subarray(B * H), flatten(expected.forward.a), GRADIENT_TOLERANCE, 'a');
  assertCloseInNorm(kernels.activations.yhat, flatten(expected.forward.yhat), GRADIENT_TOLERANCE, 'ŷ');
  for (const delta of ['do', 'da', 'dh'] as const) {
    assertCloseInNorm(kernels.deltas[delta], flatten(expected.backward[delta]), GRADIENT_TOLERANCE, delta);
  }
  for (const parameter of PARAMETER_NAMES) {
    const gradient = flatten(expected.grad[parameter]);
    assertCloseInNorm(kernels.gradients[parameter], gradient, GRADIENT_TOLERANCE, `∂${parameter}`);
  }
}

suite('the scalar kernels', () => {
  for (const name of SMALL_PASSES) test(`agree with autograd on ${name}`, () => agreesWithAutograd(name));
  test(`agree with autograd on ${LARGE_PASS}`, { skip: missing(LARGE_PASS) }, () => agreesWithAutograd(LARGE_PASS));

  for (const name of TRAJECTORIES) {
    test(`have the losses and resets of ${name}`, () => {
      const vector = trajectoryVector(name);
      const run = replay('scalar', vector, clipFactor);
      assertClose(run.loss, vector.expected.loss, LOSS_TOLERANCE, 'loss');
      assertClose(run.gradNorm, vector.expected.gradNorm, LOSS_TOLERANCE, 'gradNorm');
      assert.deepEqual(run.stateResetAt, vector.expected.stateResetAt);
    });
  }

  test('agree with the reference on shapes that are no multiples of the tiles', () => {
    const shapes: fc.Arbitrary<Shape> = fc.record({
      V: fc.integer({ min: 2, max: 19 }),
      H: fc.integer({ min: 1, max: 17 }),
      T: fc.integer({ min: 1, max: 9 }),
      B: fc.integer({ min: 1, max: 7 }),
    });
    const property = fc.property(shapes, fc.constantFrom('mean', 'sum'), fc.nat(), (shape, reduction, seed) => {
      const scalar = randomNetwork('scalar', shape, reduction, seed);
      const reference = randomNetwork('reference', shape, reduction, seed);
      assertClose([scalar.forward()], [reference.forward()], 1e-5, 'loss');
      scalar.backward();
      reference.backward();
      const { total } = reference.gradientNorms();
      for (const name of PARAMETER_NAMES) {
        // Where a gradient is nearly 0 beside the others its rounding is theirs, so the floor is of the total norm.
        const floor = 1e-6 * total;
        assertClose(scalar.gradients[name], reference.gradients[name], GRADIENT_TOLERANCE, `∂${name}`, floor);
      }
    });
    fc.assert(property, { seed: 4, numRuns: 300, examples: [[{ V: 2, H: 1, T: 1, B: 1 }, 'mean', 1]] });
  });
});
