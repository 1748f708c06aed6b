import type { Vector } from '../model/tensors.ts';

/** A square matrix (n, n) transposed, in float64: products read both their matrices along the rows. */
export function transposed(matrix: Vector, n: number): Float64Array<ArrayBuffer> {
  const result = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) result[j * n + i] = matrix[i * n + j];
  return result;
}
