import type { Vector } from '../model/tensors.ts';

/** Rows and columns that stay in the fastest cache together. */
const TILE = 16;

/** A square matrix (n, n) transposed, in float64: products read both their matrices along the rows. */
export function transposed(matrix: Vector, n: number): Float64Array<ArrayBuffer> {
  const result = new Float64Array(n * n);
  for (let row = 0; row < n; row += TILE) {
    for (let column = 0; column < n; column += TILE) transposeTile(matrix, result, n, row, column);
  }
  return result;
}

function transposeTile(matrix: Vector, to: Float64Array, n: number, row: number, column: number): void {
  const rowEnd = Math.min(n, row + TILE);
  const columnEnd = Math.min(n, column + TILE);
  for (let i = row; i < rowEnd; i++) {
    for (let j = column; j < columnEnd; j++) to[j * n + i] = matrix[i * n + j];
  }
}
