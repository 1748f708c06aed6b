import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import type { StepQuantity } from '../../../src/network/names.ts';
import { KERNEL_NAMES, type KernelName, type Kernels } from '../../../src/kernels/kernels.ts';
import { measureSteps } from '../../../src/inspection/steps.ts';
import { contributionsAt } from '../model/contributions.ts';
import type { ReferencePass, Shape, StepMeasures } from '../../../src/model/tensors.ts';
import { randomNetwork } from '../model/networks.ts';
import { loadKernels } from '../kernels/built.ts';
import {
  assertClose,
  CELL_PASSES,
  cellVector,
  flatten,
  kernelsOfCell,
  kernelsOfPass,
  LARGE_PASS,
  missing,
  passVector,
  SMALL_PASSES,
  type CellVector,
  type Nested,
  type PassVector,
} from '../model/vectors.ts';
import { PARAMETER_NAMES, STEP_QUANTITIES } from '../../tanh.ts';

const TOLERANCE: Readonly<Record<KernelName, number>> = {
  reference: 1e-9,
  scalar: 1e-4,
  simd: 1e-4,
  relaxed: 1e-4,
};

/**
 * @param kernels with what the vector says, before side A.
 * @param cosineFloor by which any cosine may be off: one near 0 is as exact as one near 1.
 */
function agreesWithAutograd(
  kernels: Kernels,
  expected: (PassVector | CellVector)['expected'],
  cosineFloor?: number,
): void {
  const { name, network, shape } = kernels;
  const { T } = shape;
  const tolerance = TOLERANCE[name];
  kernels.forward();
  kernels.backward();
  for (const cosines of [true, false]) {
    const { stepNorm, stepCosine } = measured(kernels, { cosines });
    network.parameterNames.forEach((parameter, p) => {
      const norms = stepNorm.subarray(p * T, (p + 1) * T);
      assertClose(norms, expected.stepNorm[parameter], tolerance, `‖∂${parameter}(t)‖`);
      if (!cosines) return;
      const row = stepCosine.subarray(p * T, (p + 1) * T);
      assertClose(row, expected.stepCosine[parameter], tolerance, `cosine of ${parameter}`, cosineFloor);
    });
    const ofErrors: Readonly<Record<string, Nested>> = expected.backward;
    for (const error of network.stepQuantities.slice(network.parameters.length)) {
      const values = flatten(ofErrors[error]);
      const width = values.length / T;
      const norms = Array.from({ length: T }, (_, t) => Math.hypot(...values.slice(t * width, (t + 1) * width)));
      const row = network.stepQuantities.indexOf(error) * T;
      assertClose(stepNorm.subarray(row, row + T), norms, tolerance, error);
    }
  }
}

/** What the kernels measure themselves, where they do. */
function measured(kernels: Kernels, options: { readonly cosines: boolean }): StepMeasures {
  if (kernels.measureSteps === undefined) return measureSteps(kernels, options);
  const own = kernels.measureSteps(options);
  assert.ok(own, 'the kernels gave up');
  return own;
}

suite('step norms and step cosines', () => {
  for (const kernelName of KERNEL_NAMES) {
    for (const name of [...SMALL_PASSES, LARGE_PASS]) {
      const skip = name === LARGE_PASS && missing(name);
      test(`agree with autograd: ${kernelName}, ${name}`, { skip }, () => {
        const vector = passVector(name);
        agreesWithAutograd(kernelsOfPass(kernelName, vector), vector.expected);
      });
    }
    for (const name of CELL_PASSES) {
      test(`agree with autograd: ${kernelName}, ${name}`, () => {
        const vector = cellVector(name);
        const floor = kernelName === 'reference' ? 1e-12 : 2e-6;
        agreesWithAutograd(kernelsOfCell(loadKernels(kernelName), vector), vector.expected, floor);
      });
    }
  }

  test('are those of the contributions written out as matrices, for small batches and large ones', () => {
    const shapes: fc.Arbitrary<Shape> = fc.record({
      V: fc.integer({ min: 2, max: 9 }),
      H: fc.integer({ min: 1, max: 9 }),
      T: fc.integer({ min: 1, max: 5 }),
      B: fc.integer({ min: 1, max: 12 }),
    });
    const property = fc.property(shapes, fc.nat(), fc.boolean(), (shape, seed, cosines) => {
      const kernels = randomNetwork('reference', shape, 'mean', seed);
      kernels.forward();
      kernels.backward();
      const { stepNorm, stepCosine } = measureSteps(kernels, { cosines });
      const { T } = shape;
      for (let t = 0; t < T; t++) {
        const contributions = contributionsAt(kernels as unknown as ReferencePass, t);
        PARAMETER_NAMES.forEach((name, p) => {
          const gradient = kernels.gradients[name];
          const norm = Math.hypot(...contributions[name]);
          assertClose([stepNorm[p * T + t]], [norm], 1e-9, `‖∂${name}(${t})‖`, 1e-12);
          if (!cosines) return;
          const inner = contributions[name].reduce((sum, value, i) => sum + value * gradient[i], 0);
          assertClose(
            [stepCosine[p * T + t]],
            [inner / norm / Math.hypot(...gradient)],
            1e-9,
            `cosine of ${name}`,
            1e-9,
          );
        });
      }
    });
    fc.assert(property, { seed: 5, numRuns: 200 });
  });

  test('a contribution of 0 has norm 0 and cosine 0', () => {
    const T = 3;
    const kernels = randomNetwork('scalar', { V: 4, H: 5, T, B: 2 }, 'mean', 3);
    kernels.resetState(); // With a(−1) = 0, ∂W_ah(0) = ∂h(0) a(−1)ᵀ is 0.
    kernels.forward();
    kernels.backward();
    const { stepNorm, stepCosine } = measureSteps(kernels, { cosines: true });
    const at = (quantity: StepQuantity) => STEP_QUANTITIES.indexOf(quantity) * T;
    assert.equal(stepNorm[at('W_ah')], 0);
    assert.equal(stepCosine[at('W_ah')], 0);
    assert.ok(stepNorm[at('W_ah') + 1] > 0);
    assert.ok(stepNorm.every(Number.isFinite) && stepCosine.every(Number.isFinite));
  });

  test('cosines that were not asked for are NaN', () => {
    const kernels = randomNetwork('scalar', { V: 4, H: 5, T: 3, B: 2 }, 'mean', 3);
    kernels.forward();
    kernels.backward();
    assert.ok(measureSteps(kernels, { cosines: false }).stepCosine.every(Number.isNaN));
  });
});
