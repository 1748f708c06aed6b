import type { RandomStream } from '../common/random.ts';
import type { Network } from '../network/network.ts';
import type { Parameters, Shape, Vector } from './tensors.ts';

export type InitializationName = 'uniform' | 'normal' | 'orthogonal' | 'identity';

const STANDARD_DEVIATION = 0.01;

/**
 * Fills the parameters for the start of a run, in the network's order. The numbers drawn do not depend on the float type.
 * - uniform: all uniform on ±1/√H, PyTorch's default for recurrent layers and, with H inputs, for the output layer.
 * - normal: weights normal with standard deviation 0.01, biases 0.
 * - orthogonal: recurrent weights a random orthogonal matrix (Saxe et al. 2014), others uniform on ±1/√H, biases 0.
 * - identity: recurrent weights the identity matrix (Le et al. 2015), others normal with standard deviation 0.01, biases 0.
 */
export function initialize(
  network: Network,
  parameters: Parameters,
  { H }: Pick<Shape, 'H'>,
  kind: InitializationName,
  random: RandomStream,
): void {
  const bound = 1 / Math.sqrt(H);
  const uniform = () => bound * (2 * random.uniform() - 1);
  const normal = () => STANDARD_DEVIATION * random.normal();
  const weight = kind === 'uniform' || kind === 'orthogonal' ? uniform : normal;
  for (const { name, role } of network.parameters) {
    const tensor = parameters[name];
    if (role === 'bias' || role === 'outputBias') fillFrom(tensor, kind === 'uniform' ? uniform : () => 0);
    else if (role === 'recurrent' && kind === 'orthogonal') tensor.set(orthogonalMatrix(H, random));
    else if (role === 'recurrent' && kind === 'identity') tensor.set(identityMatrix(H));
    else fillFrom(tensor, weight);
  }
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
