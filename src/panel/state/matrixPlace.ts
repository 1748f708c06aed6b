import type { Network } from '../../network/network.ts';
import type { Matrix } from '../../protocol/study.ts';
import { isShared } from '../network/quantities.ts';

/** The time step that a matrix is looked at from. */
export interface MatrixPlace {
  readonly iteration: number;
  readonly stream: number;
  readonly t: number;
}

/** Whether these are the numbers of the matrix as seen from a time step. */
export function isMatrixOf(
  network: Pick<Network, 'parameters'>,
  matrix: MatrixPlace & Pick<Matrix, 'name'>,
  place: MatrixPlace,
): boolean {
  if (matrix.iteration !== place.iteration) return false;
  // All time steps and streams of an iteration share a parameter.
  return isShared(network, matrix.name) || (matrix.stream === place.stream && matrix.t === place.t);
}
