import type { Cell, Matrix, MatrixName } from '../../../protocol/study.ts';
import { largestDifference, norm } from '../../charts/tapeStrip.ts';
import type { VectorAxis } from './stepContent.ts';
import { formatValue } from './values.ts';

/** What the matrices of the tape are: names, axes, and how they agree with the step that they belong to. No DOM. */

export interface MatrixDescription {
  readonly markup: string;
  readonly rows: VectorAxis;
  readonly columns: VectorAxis;
  readonly meaning: string;
}

const unitUnit = { rows: 'unit', columns: 'unit' } as const;

export const MATRICES: Readonly<Record<MatrixName, MatrixDescription>> = {
  W_xh: { markup: 'W_xh', rows: 'unit', columns: 'symbol', meaning: 'input → hidden weights' },
  W_ah: { markup: 'W_ah', ...unitUnit, meaning: 'hidden → hidden weights' },
  W_ao: { markup: 'W_ao', rows: 'symbol', columns: 'unit', meaning: 'hidden → output weights' },
  dW_ao: { markup: '∂W_ao(t)', rows: 'symbol', columns: 'unit', meaning: 'this step’s contribution' },
  dW_xh: { markup: '∂W_xh(t)', rows: 'unit', columns: 'symbol', meaning: 'this step’s contribution' },
  dW_ah: { markup: '∂W_ah(t)', ...unitUnit, meaning: 'this step’s contribution' },
  softmaxJacobian: {
    markup: '{∂ŷ(t)|∂o(t)}',
    rows: 'symbol',
    columns: 'symbol',
    meaning: 'softmax Jacobian ŷᵢ(δᵢⱼ − ŷⱼ)',
  },
  cellJacobian: {
    markup: 'W_ahᵀ diag(1 − a(t)²)',
    ...unitUnit,
    meaning: 'what the way back through this cell multiplies ∂a(t) by',
  },
};

/** Numbers of a matrix, to know how large it is before it is asked for. */
export function matrixSize(name: MatrixName, V: number, H: number): number {
  const size = { symbol: V, unit: H };
  return size[MATRICES[name].rows] * size[MATRICES[name].columns];
}

/** What the matrix says about the step, with numbers: its norm, and for a Jacobian that it gives the step's result. */
export function matrixFact(matrix: Matrix, cell: Cell): string {
  switch (matrix.name) {
    case 'softmaxJacobian':
      // ∂o = Jᵀ ∂ŷ.
      return difference('∂ŷ(t) through this Jacobian', timesTransposed(matrix, cell.dyhat), 'step 3', cell.do);
    case 'cellJacobian':
      return difference('This Jacobian times ∂a(t)', times(matrix, cell.da), 'step 11', cell.message);
    case 'W_xh':
    case 'W_ah':
    case 'W_ao':
    case 'dW_ao':
    case 'dW_xh':
    case 'dW_ah':
      return `Norm ${formatValue(norm(matrix.values))}.`;
    default:
      return matrix.name satisfies never;
  }
}

function difference(what: string, computed: Float64Array, step: string, expected: Float64Array): string {
  return `${what} is ${step}: the largest difference in any entry is ${formatValue(largestDifference(computed, expected))}.`;
}

/** M u for M (rows, columns) and u (columns). */
export function times({ rows, columns, values }: Matrix, u: Float64Array): Float64Array {
  const product = new Float64Array(rows);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) product[i] += values[i * columns + j] * u[j];
  return product;
}

/** Mᵀ u for M (rows, columns) and u (rows). */
export function timesTransposed({ rows, columns, values }: Matrix, u: Float64Array): Float64Array {
  const product = new Float64Array(columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) product[j] += values[i * columns + j] * u[i];
  return product;
}
