import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { RandomStream } from '../../../src/common/random.ts';
import { influencePieces } from '../../../src/inspection/influence.ts';
import { lyapunovExponent } from '../../../src/inspection/lyapunov.ts';
import { deadUnits } from '../../../src/inspection/saturation.ts';
import { spectrum } from '../../../src/inspection/spectrum.ts';
import { passOfStream, type BatchStart } from '../../../src/model/streamPass.ts';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import { networkOf } from '../../../src/network/network.ts';
import { randomNetwork } from '../model/networks.ts';
import { unitsOf } from './unitsOf.ts';

const SHAPE = { V: 20, H: 48, T: 70, B: 2 };

/** What the next window of all streams starts from, with states of zeros. */
function startOf({ network, shape, reduction, parameters, window }: Kernels): BatchStart {
  const states = Object.fromEntries(network.states.map((state) => [state, new Float64Array(shape.B * shape.H)]));
  return { network, shape, reduction, parameters, states, ...window } as BatchStart;
}

suite('units of work', () => {
  const { V, H, T } = SHAPE;
  const network = randomNetwork('reference', SHAPE, 'mean', 1);
  const { parameters } = network;

  test('of the influence are some rows of errors each, and tell exactly what their products take', () => {
    const { multiplications, largest } = unitsOf(influencePieces(network, parameters, 0));
    // At every step the errors of all later ones go back together, at the first one out of the window.
    const products = Array.from({ length: T }, (_, s) => T - s).reduce((sum, rows) => sum + rows * H * H, 0);
    assert.equal(multiplications, T * V * H + products);
    assert.ok(largest <= 32 * H * H);
  });

  test('of the Lyapunov exponent are steps back through the window', () => {
    const expected = { count: 4 * T, multiplications: 4 * T * H * H, smallest: H * H, largest: H * H };
    assert.deepEqual(unitsOf(lyapunovExponent(network, parameters, 0)), expected);
  });

  test('of dead units are steps of some streams, for as many steps as a candidate remains', () => {
    const { B } = SHAPE;
    const living = unitsOf(deadUnits(startOf(network), { a: [0] }));
    assert.deepEqual(living, { count: 1, multiplications: B * H * H, smallest: B * H * H, largest: B * H * H });
    const dead = randomNetwork('reference', SHAPE, 'mean', 1);
    dead.parameters.b_h[0] = 100;
    assert.deepEqual(unitsOf(deadUnits(startOf(dead), { a: [0] })).multiplications, T * B * H * H);
  });

  test('take something where a layer has no product with its own states: nothing would ever come between them', () => {
    const gru = randomNetwork('reference', SHAPE, 'mean', 1, networkOf({ cell: 'mingru', layers: 1 }));
    for (const work of [
      influencePieces(gru, gru.parameters, 0),
      lyapunovExponent(gru, gru.parameters, 0),
      deadUnits(startOf(gru), { z: [0] }),
    ]) {
      const { smallest } = unitsOf(work);
      assert.ok(smallest >= H, `${smallest} multiplications`);
    }
  });

  test('of a pass are the steps of both sides', () => {
    const { count, multiplications } = unitsOf(passOfStream(startOf(network), 1));
    assert.equal(count, 2 * T);
    assert.ok(multiplications > 3 * T * H * (H + V) && multiplications < 6 * T * H * (H + V));
  });

  test('of a spectrum are many small ones, about as much together as its cubic law says', () => {
    const n = 150;
    const random = RandomStream.seeded(1, 'text');
    const matrix = Float64Array.from({ length: n * n }, () => random.normal() / Math.sqrt(n));
    const { count, multiplications, largest } = unitsOf(spectrum(matrix, n, 'W_ah'));
    assert.ok(multiplications > 9 * n ** 3 && multiplications < 18 * n ** 3, `${multiplications / n ** 3} n³`);
    assert.ok(largest <= 400 * n, `${largest}`);
    assert.ok(count > 1000 && count < n * n, `${count} units`);
  });
});
