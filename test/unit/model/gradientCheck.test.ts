import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Shape } from '../../../src/model/tensors.ts';
import { randomNetwork } from './networks.ts';
import { PARAMETER_NAMES } from '../../tanh.ts';

/** Half the distance of central differences: their own error is then about 1e-10, from the third derivative and rounding. */
const EPSILON = 1e-5;
const TOLERANCE = 1e-7;

const shapes: fc.Arbitrary<Shape> = fc.record({
  V: fc.integer({ min: 2, max: 6 }),
  H: fc.integer({ min: 1, max: 5 }),
  T: fc.integer({ min: 1, max: 6 }),
  B: fc.integer({ min: 1, max: 3 }),
});
const smallest: Shape = { V: 2, H: 1, T: 1, B: 1 };

for (const reduction of ['mean', 'sum'] as const) {
  test(`every number of every gradient is the slope of the loss, reduction ${reduction}`, () => {
    const property = fc.property(shapes, fc.nat(), (shape, seed) => {
      const kernels = randomNetwork('reference', shape, reduction, seed);
      kernels.forward();
      kernels.backward();
      for (const name of PARAMETER_NAMES) {
        const parameter = kernels.parameters[name];
        const gradient = kernels.gradients[name].slice();
        for (let i = 0; i < parameter.length; i++) {
          const value = parameter[i];
          parameter[i] = value + EPSILON;
          const above = kernels.forward();
          parameter[i] = value - EPSILON;
          const below = kernels.forward();
          parameter[i] = value;
          const slope = (above - below) / (2 * EPSILON);
          const isClose = Math.abs(slope - gradient[i]) <= TOLERANCE * Math.max(1, Math.abs(slope));
          assert.ok(isClose, `∂${name}[${i}] is ${gradient[i]}, the slope ${slope}`);
        }
      }
    });
    fc.assert(property, { seed: 1, numRuns: 60, examples: [[smallest, 1]] });
  });
}
