import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { PARAMETER_NAMES, STEP_QUANTITIES } from '../../../src/common/names.ts';
import { measureSteps } from '../../../src/inspection/steps.ts';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import type { Shape } from '../../../src/model/tensors.ts';
import { randomNetwork } from '../model/networks.ts';

/** Relative for norms; a cosine near 0 is as exact as one near 1. */
const TOLERANCE = 2e-4;

function passed(kernels: Kernels): Kernels {
  kernels.forward();
  kernels.backward();
  return kernels;
}

function agreesWithReference(name: 'simd' | 'relaxed', shape: Shape, seed: number): void {
  const kernels = passed(randomNetwork(name, shape, 'mean', seed));
  const own = kernels.measureSteps?.({ cosines: true });
  // Where the streams' contributions cancel, the kernels give up, and the way around them is tested on its own.
  if (own === undefined) return;
  const expected = measureSteps(passed(randomNetwork('reference', shape, 'mean', seed)), { cosines: true });
  const { T } = shape;
  expected.stepNorm.forEach((norm, at) => {
    const what = `‖∂${STEP_QUANTITIES[Math.floor(at / T)]}(${at % T})‖`;
    assert.ok(Math.abs(own.stepNorm[at] - norm) <= TOLERANCE * norm, `${what} is ${own.stepNorm[at]}, not ${norm}`);
  });
  expected.stepCosine.forEach((cosine, at) => {
    const what = `cosine of ∂${PARAMETER_NAMES[Math.floor(at / T)]}(${at % T})`;
    assert.ok(Math.abs(own.stepCosine[at] - cosine) <= TOLERANCE, `${what} is ${own.stepCosine[at]}, not ${cosine}`);
  });
}

for (const name of ['simd', 'relaxed'] as const) {
  suite(`step norms and cosines of ${name}`, () => {
    test('agree with the reference on random shapes', () => {
      const shapes: fc.Arbitrary<Shape> = fc.record({
        V: fc.integer({ min: 2, max: 40 }),
        H: fc.integer({ min: 1, max: 30 }),
        T: fc.integer({ min: 1, max: 6 }),
        B: fc.integer({ min: 1, max: 13 }),
      });
      fc.assert(
        fc.property(shapes, fc.nat(), (shape, seed) => agreesWithReference(name, shape, seed)),
        { seed: 12, numRuns: 500 },
      );
    });

    test('agree with the reference for many streams', () => {
      for (const B of [64, 97, 256]) agreesWithReference(name, { V: 33, H: 40, T: 3, B }, 3);
    });

    test('are given where contributions are of a usual size, and given up where they cancel', () => {
      const shape = { V: 6, H: 8, T: 2, B: 2 };
      const kernels = passed(randomNetwork(name, shape, 'mean', 5));
      assert.ok(kernels.measureSteps?.({ cosines: false }));
      // The second stream's error is the first one's turned round, at the same state: their sum is all but nothing.
      const { dh, do: dO } = kernels.deltas;
      const { a } = kernels.activations;
      for (let t = 0; t < shape.T; t++) {
        const [row, next] = [2 * t * shape.H, (2 * t + 1) * shape.H];
        for (let i = 0; i < shape.H; i++) dh[next + i] = -dh[row + i] * (1 + 1e-6);
        for (let k = 0; k < shape.V; k++) dO[(2 * t + 1) * shape.V + k] = -dO[2 * t * shape.V + k] * (1 + 1e-6);
      }
      for (let slot = 0; slot <= shape.T; slot++) {
        a.copyWithin((2 * slot + 1) * shape.H, 2 * slot * shape.H, (2 * slot + 1) * shape.H);
      }
      kernels.window.inputs.fill(3);
      assert.equal(kernels.measureSteps?.({ cosines: false }), undefined);
    });
  });
}
