import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { amount } from '../../run/amount.ts';
import { CELLS } from '../../../src/network/cells.ts';
import type { Cell } from '../../../src/network/description.ts';
import { errorName, networkFrom, type Network } from '../../../src/network/network.ts';
import { clipFactor } from '../../../src/model/clipping.ts';
import type { KernelName } from '../../../src/kernels/kernels.ts';
import type { Shape } from '../../../src/model/tensors.ts';
import { randomNetwork } from '../model/networks.ts';
import {
  assertClose,
  assertCloseInNorm,
  CELL_PASSES,
  CELL_TRAJECTORIES,
  cellVector,
  flatten,
  kernelsOfCell,
  missingUnless,
  replay,
  trajectoryVector,
} from '../model/vectors.ts';
import { GRU, LSTM, MINGRU } from '../network/otherCells.ts';
import { loadKernels } from './built.ts';

/** The float32 kernels with any cell and any number of layers. */

const TOLERANCE = 1e-4;
const LOSS_TOLERANCE = 2e-3;

const network = (cell: Cell, layers: number): Network => ({ cell: 'tanh', ...networkFrom(cell, layers) });

/**
 * What no cell of today has: a product with what the step itself gives, a state that nothing above reads, ReLU of a sum, two weights
 * of one state in one equation, a quantity that nothing reads.
 */
const ODD: Cell = {
  says: 'invented',
  states: ['a', 'k'],
  equations: [
    { gives: 'p', affine: [['W_pp', 'k⁻']], bias: 'b_p' },
    { gives: 'r', apply: 'sigmoid', to: 'p' },
    {
      gives: 'g',
      affine: [
        ['W_xg', 'x'],
        ['W_rg', 'r'],
        ['W_ag', 'a⁻'],
        ['W_kg', 'k⁻'],
      ],
      bias: 'b_g',
    },
    { gives: 'u', sum: [['g'], ['1−r', 'a⁻'], ['r', '1−r']] },
    { gives: 'a', apply: 'relu', to: 'u' },
    { gives: 'unread', sum: [['a', 'p']] },
    { gives: 'k', sum: [['r', 'r'], ['1−r', 'k⁻'], ['a⁻']] },
  ],
  words: {},
};

const NETWORKS: Readonly<Record<string, Network>> = {
  'ReLU, one layer': network(CELLS.relu, 1),
  'tanh, three layers': network(CELLS.tanh, 3),
  'LSTM, two layers': network(LSTM, 2),
  'GRU, three layers': network(GRU, 3),
  'minGRU, two layers': network(MINGRU, 2),
  'a cell of its own, two layers': network(ODD, 2),
};

function agreesWithAutograd(kernelName: KernelName, name: string, threads: number): void {
  const vector = cellVector(name);
  const { expected, B, H } = vector;
  const kernels = kernelsOfCell(loadKernels(kernelName, threads), vector);
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
      test(`agrees with autograd on ${name}`, { skip: missingUnless(name) }, () =>
        agreesWithAutograd(kernelName, name, 1),
      );
    }

    for (const name of CELL_TRAJECTORIES) {
      test(`has the losses and resets of ${name}`, { skip: missingUnless(name) }, () => {
        const vector = trajectoryVector(`cells/${name}`);
        const run = replay(kernelName, vector, clipFactor);
        assertClose(run.loss, vector.expected.loss, LOSS_TOLERANCE, 'loss');
        assertClose(run.gradNorm, vector.expected.gradNorm, LOSS_TOLERANCE, 'gradNorm');
        assert.deepEqual(run.stateResetAt, vector.expected.stateResetAt);
      });
    }

    for (const [name, of] of Object.entries(NETWORKS)) {
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
  });
}
