import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { RandomStream } from '../../../src/common/random.ts';
import type { Work } from '../../../src/common/work.ts';
import { influencePieces } from '../../../src/inspection/influence.ts';
import { lyapunovExponent } from '../../../src/inspection/lyapunov.ts';
import { spectrum } from '../../../src/inspection/spectrum.ts';
import { passOfStream, type BatchStart } from '../../../src/model/streamPass.ts';
import { randomNetwork } from '../model/networks.ts';

const SHAPE = { V: 20, H: 48, T: 70, B: 2 };

function unitsOf(work: Work<unknown>): {
  readonly count: number;
  readonly multiplications: number;
  readonly largest: number;
} {
  const units: number[] = [];
  for (let unit = work.next(); unit.done !== true; unit = work.next()) units.push(unit.value);
  return {
    count: units.length,
    multiplications: units.reduce((sum, unit) => sum + unit, 0),
    largest: Math.max(...units),
  };
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
    const expected = { count: 4 * T, multiplications: 4 * T * H * H, largest: H * H };
    assert.deepEqual(unitsOf(lyapunovExponent(network, parameters, 0)), expected);
  });

  test('of a pass are the steps of both sides', () => {
    const { network: described, shape, reduction, window } = network;
    const states = { a: network.activations.a.slice(0, 2 * H) };
    const start = { network: described, shape, reduction, parameters, states, ...window } as BatchStart;
    const { count, multiplications } = unitsOf(passOfStream(start, 1));
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
