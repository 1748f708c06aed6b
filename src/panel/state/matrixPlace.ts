import type { Matrix, MatrixName } from '../../protocol/study.ts';

/** The cell that a matrix is looked at from. */
export interface MatrixPlace {
  readonly iteration: number;
  readonly stream: number;
  readonly t: number;
}

const PARAMETERS: readonly MatrixName[] = ['W_xh', 'W_ah', 'W_ao'];

/** Whether a matrix is a parameter, which all time steps and streams of an iteration share. */
export function isParameter(name: MatrixName): boolean {
  return PARAMETERS.includes(name);
}

/** Whether these are the numbers of the matrix as seen from a cell. */
export function isMatrixOf(matrix: MatrixPlace & Pick<Matrix, 'name'>, place: MatrixPlace): boolean {
  if (matrix.iteration !== place.iteration) return false;
  return isParameter(matrix.name) || (matrix.stream === place.stream && matrix.t === place.t);
}
