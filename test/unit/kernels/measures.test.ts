import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { measureSteps, measureTensors } from '../../../src/inspection/steps.ts';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import { type Shape, tensorNamed, type Vector } from '../../../src/model/tensors.ts';
import { MANY_NETWORKS } from '../model/manyNetworks.ts';
import { randomNetwork } from '../model/networks.ts';
import { NETWORK } from '../../tanh.ts';

/** Relative for norms; a cosine near 0 is as exact as one near 1. */
const TOLERANCE = 2e-4;
const RUNS = 500;
const RUNS_OF_OTHERS = 40;
/** Of networks with many parameters, more of whose contributions may cancel. */
const LEAST_MEASURED = 0.9;

function passed(kernels: Kernels): Kernels {
  kernels.forward();
  kernels.backward();
  return kernels;
}

/** Compares what the kernels measure themselves; false where they give up, because the streams' contributions cancel. */
function agreesWithReference(name: 'simd' | 'relaxed', shape: Shape, seed: number, network = NETWORK): boolean {
  const kernels = passed(randomNetwork(name, shape, 'mean', seed, network));
  const own = kernels.measureSteps?.({ cosines: true });
  if (own === undefined) return false;
  const expected = measureTensors(passed(randomNetwork('reference', shape, 'mean', seed, network)), { cosines: true });
  const { T } = shape;
  expected.stepNorm.forEach((norm, at) => {
    const what = `‖∂${network.stepQuantities[Math.floor(at / T)]}(${at % T})‖`;
    assert.ok(Math.abs(own.stepNorm[at] - norm) <= TOLERANCE * norm, `${what} is ${own.stepNorm[at]}, not ${norm}`);
  });
  expected.stepCosine.forEach((cosine, at) => {
    const what = `cosine of ∂${network.parameterNames[Math.floor(at / T)]}(${at % T})`;
    assert.ok(Math.abs(own.stepCosine[at] - cosine) <= TOLERANCE, `${what} is ${own.stepCosine[at]}, not ${cosine}`);
  });
  return true;
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
      let measured = 0;
      const property = fc.property(shapes, fc.nat(), (shape, seed) => {
        if (agreesWithReference(name, shape, seed)) measured++;
      });
      fc.assert(property, { seed: 12, numRuns: RUNS });
      assert.ok(measured > 0.95 * RUNS, `${measured} of ${RUNS} were measured`);
    });

    for (const [description, network] of Object.entries(MANY_NETWORKS)) {
      test(`agree with the reference: ${description}`, () => {
        const shapes: fc.Arbitrary<Shape> = fc.record({
          V: fc.integer({ min: 2, max: 20 }),
          H: fc.integer({ min: 4, max: 20 }),
          T: fc.integer({ min: 1, max: 5 }),
          B: fc.integer({ min: 1, max: 7 }),
        });
        let measured = 0;
        const property = fc.property(shapes, fc.nat(), (shape, seed) => {
          if (agreesWithReference(name, shape, seed, network)) measured++;
        });
        fc.assert(property, { seed: 12, numRuns: RUNS_OF_OTHERS });
        assert.ok(measured > LEAST_MEASURED * RUNS_OF_OTHERS, `${measured} of ${RUNS_OF_OTHERS} were measured`);
      });
    }

    test('agree with the reference for many streams', () => {
      for (const B of [64, 97, 256]) assert.ok(agreesWithReference(name, { V: 33, H: 40, T: 3, B }, 3), `B = ${B}`);
    });

    test('are given where contributions are of a usual size, and left to the tensors where they cancel', () => {
      const shape = { V: 6, H: 8, T: 2, B: 2 };
      const kernels = passed(randomNetwork(name, shape, 'mean', 5));
      const own = kernels.measureSteps?.({ cosines: true });
      assert.ok(own);
      assert.deepEqual(measureSteps(kernels, { cosines: true }), own);
      assert.notDeepEqual(measureTensors(kernels, { cosines: true }), own, 'float32 rounds otherwise');
      // The second stream's error is the first one's turned round, at the same state: their sum is all but nothing.
      const dO = kernels.deltas.do;
      const dh = tensorNamed(kernels.deltas, 'dh');
      const a = tensorNamed<Vector>(kernels.activations, 'a');
      for (let t = 0; t < shape.T; t++) {
        const [row, next] = [2 * t * shape.H, (2 * t + 1) * shape.H];
        for (let i = 0; i < shape.H; i++) dh[next + i] = -dh[row + i] * (1 + 1e-6);
        for (let k = 0; k < shape.V; k++) dO[(2 * t + 1) * shape.V + k] = -dO[2 * t * shape.V + k] * (1 + 1e-6);
      }
      for (let slot = 0; slot <= shape.T; slot++) {
        a.copyWithin((2 * slot + 1) * shape.H, 2 * slot * shape.H, (2 * slot + 1) * shape.H);
      }
      kernels.window.inputs.fill(3);
      for (const cosines of [true, false]) {
        assert.equal(kernels.measureSteps?.({ cosines }), undefined);
        assert.deepEqual(measureSteps(kernels, { cosines }), measureTensors(kernels, { cosines }));
      }
    });
  });
}
