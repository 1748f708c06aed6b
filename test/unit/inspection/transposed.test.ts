import { test } from 'node:test';
import { transposed } from '../../../src/inspection/transposed.ts';
import { assertClose } from '../model/vectors.ts';

test('a matrix is transposed, at sizes that are no multiples of the tiles', () => {
  for (const n of [1, 2, 15, 16, 17, 33]) {
    const matrix = Float32Array.from({ length: n * n }, (_, at) => at);
    const expected = Array.from({ length: n * n }, (_, at) => (at % n) * n + Math.floor(at / n));
    assertClose(transposed(matrix, n), expected, 0, `${n} × ${n}`, 0);
  }
});
