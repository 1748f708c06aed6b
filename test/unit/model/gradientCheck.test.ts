import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { amount } from '../../run/amount.ts';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import { messageName, type Reduction, type Shape, tensorNamed, type Vector } from '../../../src/model/tensors.ts';
import { CELL_NAMES } from '../../../src/network/cells.ts';
import { type Network, networkOf } from '../../../src/network/network.ts';
import { randomNetwork } from './networks.ts';

/** Half the distance of central differences: their own error is then about 1e-10, from the third derivative and rounding. */
const EPSILON = 1e-5;
const TOLERANCE = 1e-7;
const LAYERS = [1, 2, 3];

const shapes: fc.Arbitrary<Shape> = fc.record({
  V: fc.integer({ min: 2, max: 6 }),
  H: fc.integer({ min: 1, max: 5 }),
  T: fc.integer({ min: 1, max: 6 }),
  B: fc.integer({ min: 1, max: 3 }),
});
const smallest: Shape = { V: 2, H: 1, T: 1, B: 1 };
/** Of one layer; of more, so many less as they take longer. */
const SHAPES = amount(60, 15, 'random shapes of each network whose gradients are compared with slopes');

/** What the loss depends on, each with its gradient as the backward pass has it: parameters, and the states carried in. */
function dependences({ network, parameters, gradients, activations, deltas, shape: { B, H } }: Kernels) {
  const carried = (tensor: Vector): Vector => tensor.subarray(0, B * H);
  return [
    ...network.parameterNames.map((name) => ({ name, values: parameters[name], gradient: gradients[name].slice() })),
    ...network.states.map((state) => ({
      name: `${state}(−1)`,
      values: carried(tensorNamed<Vector>(activations, state)),
      gradient: carried(tensorNamed<Vector>(deltas, messageName(state))).slice(),
    })),
  ];
}

function isTheSlope(network: Network, shape: Shape, reduction: Reduction, seed: number): void {
  const kernels = randomNetwork('reference', shape, reduction, seed, network);
  kernels.forward();
  kernels.backward();
  for (const { name, values, gradient } of dependences(kernels)) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      values[i] = value + EPSILON;
      const above = kernels.forward();
      values[i] = value - EPSILON;
      const below = kernels.forward();
      values[i] = value;
      const slope = (above - below) / (2 * EPSILON);
      const isClose = Math.abs(slope - gradient[i]) <= TOLERANCE * Math.max(1, Math.abs(slope));
      assert.ok(isClose, `∂${name}[${i}] is ${gradient[i]}, the slope ${slope}`);
    }
  }
}

suite('every number of every gradient, and of the error at every state carried in, is the slope of the loss', () => {
  for (const cell of CELL_NAMES) {
    for (const layers of LAYERS) {
      for (const reduction of ['mean', 'sum'] as const) {
        test(`${cell}, layers ${layers}, reduction ${reduction}`, () => {
          const network = networkOf({ cell, layers });
          const property = fc.property(shapes, fc.nat(), (shape, seed) => isTheSlope(network, shape, reduction, seed));
          fc.assert(property, { seed: 1, numRuns: Math.floor(SHAPES / layers ** 2) + 1, examples: [[smallest, 1]] });
        });
      }
    }
  }
});
