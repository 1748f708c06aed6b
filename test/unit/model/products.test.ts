import { test } from 'node:test';
import fc from 'fast-check';
import { RandomStream } from '../../../src/common/random.ts';
import { addProduct, dot, outerRows, PANEL_ROWS } from '../../../src/model/products.ts';
import { assertClose } from './vectors.ts';

const size = fc.integer({ min: 1, max: 11 });
const TOLERANCE = 1e-12;

function randomVector(length: number, random: RandomStream): Float64Array {
  return Float64Array.from({ length }, () => random.normal());
}

test('addProduct adds A Wᵀ for sizes that are no multiples of the tiles', () => {
  const property = fc.property(size, size, size, fc.nat(), (M, N, K, seed) => {
    const random = RandomStream.seeded(seed, 'text');
    const A = randomVector(M * K, random);
    const W = randomVector(N * K, random);
    const before = randomVector(M * N, random);
    const out = before.slice();
    addProduct(A, W, K, out);
    const expected = before.map((value, at) => {
      for (let k = 0; k < K; k++) value += A[Math.floor(at / N) * K + k] * W[(at % N) * K + k];
      return value;
    });
    assertClose(out, expected, TOLERANCE, 'A Wᵀ', 1e-13);
  });
  fc.assert(property, { seed: 2, numRuns: 200 });
});

test('outerRows gives every row of Σ u vᵀ once, for sizes that are no multiples of the tiles', () => {
  const property = fc.property(size, size, size, fc.nat(), (m, n, R, seed) => {
    const random = RandomStream.seeded(seed, 'text');
    const u = randomVector(R * m, random);
    const v = randomVector(R * n, random);
    const out = new Float64Array(m * n).fill(NaN);
    let rows = 0;
    for (let i = 0; i < m; i += PANEL_ROWS) rows += outerRows(u, m, v, n, i, out, i * n);
    const expected = out.map((_, at) => {
      let sum = 0;
      for (let r = 0; r < R; r++) sum += u[r * m + Math.floor(at / n)] * v[r * n + (at % n)];
      return sum;
    });
    assertClose([rows], [m], 0, 'rows');
    assertClose(out, expected, TOLERANCE, 'Σ u vᵀ', 1e-13);
  });
  fc.assert(property, { seed: 3, numRuns: 200 });
});

test('dot takes part of each vector', () => {
  const u = Float64Array.of(9, 1, 2, 3, 4, 5, 9);
  const v = Float64Array.of(9, 9, 1, 10, 100, 1000, 10_000);
  assertClose([dot(u, 1, v, 2, 5)], [54_321], 0, '⟨u, v⟩');
});
