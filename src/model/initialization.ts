import type { RandomStream } from '../common/random.ts';
import type { Parameters, Shape, Vector } from './tensors.ts';

export type InitializationName = 'uniform' | 'normal' | 'orthogonal' | 'identity';

const STANDARD_DEVIATION = 0.01;

/**
 * Fills the parameters for the start of a run. The numbers drawn do not depend on the float type.
 * - uniform: all uniform on ±1/√H, PyTorch's default for recurrent layers and, with H inputs, for the output layer.
 * - normal: weights normal with standard deviation 0.01, biases 0.
 * - orthogonal: W_ah a random orthogonal matrix (Saxe et al. 2014), W_xh and W_ao uniform on ±1/√H, biases 0.
 * - identity: W_ah the identity matrix (Le et al. 2015), W_xh and W_ao normal with standard deviation 0.01, biases 0.
 */
export function initialize(
  parameters: Parameters,
  shape: Pick<Shape, 'H'>,
  kind: InitializationName,
  random: RandomStream,
): void {
  const { W_xh, W_ah, b_h, W_ao, b_o } = parameters;
  const bound = 1 / Math.sqrt(shape.H);
  const uniform = () => bound * (2 * random.uniform() - 1);
  const normal = () => STANDARD_DEVIATION * random.normal();
  const zero = () => 0;
  const isUniform = kind === 'uniform' || kind === 'orthogonal';

  fillFrom(W_xh, isUniform ? uniform : normal);
  if (kind === 'orthogonal') W_ah.set(orthogonalMatrix(shape.H, random));
  else if (kind === 'identity') W_ah.set(identityMatrix(shape.H));
  else fillFrom(W_ah, isUniform ? uniform : normal);
  fillFrom(b_h, kind === 'uniform' ? uniform : zero);
  fillFrom(W_ao, isUniform ? uniform : normal);
  fillFrom(b_o, kind === 'uniform' ? uniform : zero);
}

function fillFrom(tensor: Vector, draw: () => number): void {
  for (let i = 0; i < tensor.length; i++) tensor[i] = draw();
}

function identityMatrix(n: number): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) matrix[i * n + i] = 1;
  return matrix;
}

/**
 * A random orthogonal matrix (n, n), every one equally likely: the rows of a matrix of normal numbers made orthonormal
 * one after the other by the modified method of Gram and Schmidt. That keeps the diagonal of the triangular factor positive,
 * without which the distribution would not be uniform (Mezzadri 2007).
 */
function orthogonalMatrix(n: number, random: RandomStream): Float64Array {
  const matrix = new Float64Array(n * n);
  fillFrom(matrix, () => random.normal());
  for (let i = 0; i < n; i++) {
    const row = matrix.subarray(i * n, (i + 1) * n);
    const length = Math.sqrt(dot(row, row));
    for (let j = 0; j < n; j++) row[j] /= length;
    for (let k = i + 1; k < n; k++) {
      const later = matrix.subarray(k * n, (k + 1) * n);
      const along = dot(row, later);
      for (let j = 0; j < n; j++) later[j] -= along * row[j];
    }
  }
  return matrix;
}

function dot(u: Float64Array, v: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < u.length; i++) sum += u[i] * v[i];
  return sum;
}
