import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { amount } from '../../run/amount.ts';
import { clipFactor } from '../../../src/model/clipping.ts';
import type { KernelName } from '../../../src/kernels/kernels.ts';
import { type Reduction, type Shape, tensorNamed, type Vector } from '../../../src/model/tensors.ts';
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
import { PARAMETER_NAMES } from '../../tanh.ts';

const GRADIENT_TOLERANCE = 1e-4;
const LOSS_TOLERANCE = 2e-3;

function agreesWithAutograd(kernelName: KernelName, name: string): void {
  const vector = passVector(name);
  const { expected, B, H } = vector;
  const kernels = kernelsOfPass(kernelName, vector);
  assertClose([kernels.forward()], [expected.loss], 1e-6, 'loss');
  kernels.backward();
  assertClose(kernels.activations.stepLoss, expected.stepLoss, 1e-5, 'stepLoss');
  assertCloseInNorm(
    tensorNamed<Vector>(kernels.activations, 'a').subarray(B * H),
    flatten(expected.forward.a),
    GRADIENT_TOLERANCE,
    'a',
  );
  assertCloseInNorm(kernels.activations.yhat, flatten(expected.forward.yhat), GRADIENT_TOLERANCE, 'ŷ');
  for (const delta of ['do', 'da', 'dh'] as const) {
    assertCloseInNorm(tensorNamed(kernels.deltas, delta), flatten(expected.backward[delta]), GRADIENT_TOLERANCE, delta);
  }
  for (const parameter of PARAMETER_NAMES) {
    const gradient = flatten(expected.grad[parameter]);
    assertCloseInNorm(kernels.gradients[parameter], gradient, GRADIENT_TOLERANCE, `∂${parameter}`);
  }
}

/** So many that the tails of tiles, panels and vectors meet one another. */
const SHAPES = amount(2000, 500, 'random shapes of each kind of kernel');

for (const kernelName of ['scalar', 'simd', 'relaxed'] as const) {
  suite(`the ${kernelName} kernels`, () => {
    for (const name of SMALL_PASSES) test(`agree with autograd on ${name}`, () => agreesWithAutograd(kernelName, name));
    test(`agree with autograd on ${LARGE_PASS}`, { skip: missing(LARGE_PASS) }, () =>
      agreesWithAutograd(kernelName, LARGE_PASS),
    );

    for (const name of TRAJECTORIES) {
      test(`have the losses and resets of ${name}`, () => {
        const vector = trajectoryVector(name);
        const run = replay(kernelName, vector, clipFactor);
        assertClose(run.loss, vector.expected.loss, LOSS_TOLERANCE, 'loss');
        assertClose(run.gradNorm, vector.expected.gradNorm, LOSS_TOLERANCE, 'gradNorm');
        assert.deepEqual(run.stateResetAt, vector.expected.stateResetAt);
      });
    }

    test(`agree with the reference on ${SHAPES} random shapes`, () => {
      const shapes: fc.Arbitrary<Shape> = fc.record({
        V: fc.integer({ min: 2, max: 37 }),
        H: fc.integer({ min: 1, max: 45 }),
        T: fc.integer({ min: 1, max: 7 }),
        B: fc.integer({ min: 1, max: 15 }),
      });
      const property = fc.property(shapes, fc.constantFrom('mean', 'sum'), fc.nat(), (shape, reduction, seed) => {
        agreesWithReference(kernelName, shape, reduction, seed);
      });
      const smallest: Shape = { V: 2, H: 1, T: 1, B: 1 };
      fc.assert(property, { seed: 4, numRuns: SHAPES, examples: [[smallest, 'mean', 1]] });
    });

    test('agree with the reference where a single product is cut into several pieces', () => {
      for (const shape of [
        { V: 70, H: 130, T: 40, B: 9 },
        { V: 3, H: 261, T: 3, B: 200 },
        { V: 300, H: 5, T: 300, B: 1 },
      ]) {
        agreesWithReference(kernelName, shape, 'mean', 5);
      }
    });
  });
}

function agreesWithReference(name: KernelName, shape: Shape, reduction: Reduction, seed: number): void {
  const fast = randomNetwork(name, shape, reduction, seed);
  const reference = randomNetwork('reference', shape, reduction, seed);
  assertClose([fast.forward()], [reference.forward()], 1e-5, 'loss');
  fast.backward();
  reference.backward();
  const { total } = reference.gradientNorms();
  assertClose([fast.gradientNorms().total], [total], GRADIENT_TOLERANCE, 'norm');
  for (const parameter of PARAMETER_NAMES) {
    // Where a gradient is nearly 0 beside the others its rounding is theirs, so the floor is of the total norm.
    const expected = reference.gradients[parameter];
    assertCloseInNorm(fast.gradients[parameter], expected, GRADIENT_TOLERANCE, `∂${parameter}`, 1e-6 * total);
  }
}
