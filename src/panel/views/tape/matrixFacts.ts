import type { StepDetail, Matrix, MatrixName } from '../../../protocol/study.ts';
import { WEIGHTS } from '../../../network/names.ts';
import { errorName, type Axis, type Parameter } from '../../../network/network.ts';
import { largestDifference } from '../../charts/tapeStrip.ts';
import { errorAt } from './notation.ts';
import type { BackwardStep } from './stepText.ts';
import type { VectorAxis } from './stepContent.ts';
import { formatValue } from './values.ts';

/** What the matrices of the tape are: names, axes, and how they agree with the step that they belong to. No DOM. */

export interface MatrixDescription {
  readonly markup: string;
  readonly rows: VectorAxis;
  readonly columns: VectorAxis;
  readonly meaning: string;
}

const AXES: Readonly<Record<Axis, VectorAxis>> = { V: 'symbol', H: 'unit' };
/** The two axes of a weight; a weight of a layer above the first reads units, not symbols. */
function axesOf({ axes: [rows, columns] }: Parameter): Pick<MatrixDescription, 'rows' | 'columns'> {
  return { rows: AXES[rows], columns: AXES[columns] };
}

export const MATRICES: Readonly<Record<MatrixName, MatrixDescription>> = {
  ...Object.fromEntries(
    WEIGHTS.flatMap((weight): [string, MatrixDescription][] => [
      [weight.name, { markup: weight.name, ...axesOf(weight), meaning: weight.words }],
      [
        errorName(weight.name),
        { markup: errorAt(weight.name), ...axesOf(weight), meaning: 'this step’s contribution' },
      ],
    ]),
  ),
  softmaxJacobian: {
    markup: '{∂ŷ(t)|∂o(t)}',
    rows: 'symbol',
    columns: 'symbol',
    meaning: 'softmax Jacobian ŷᵢ(δᵢⱼ − ŷⱼ)',
  },
  cellJacobian: {
    markup: 'W_ahᵀ diag(1 − a(t)²)',
    rows: 'unit',
    columns: 'unit',
    meaning: 'what the way back through this cell multiplies ∂a(t) by',
  },
};

/** Numbers of a matrix that is shown unasked: more take their time to come and are a picture of pixels only. */
const MOST_UNASKED = 2 ** 18;

/** The matrix that a step shows as soon as it is open: what it gives, else what it is checked with; none that is very large. */
export function automaticMatrix({ result, matrices }: BackwardStep, V: number, H: number): MatrixName | null {
  const wanted = result ?? matrices.find((name) => name === 'softmaxJacobian');
  return wanted !== undefined && matrixSize(wanted, V, H) <= MOST_UNASKED ? wanted : null;
}

/** Numbers of a matrix, to know how large it is before it is asked for. */
export function matrixSize(name: MatrixName, V: number, H: number): number {
  const size = { symbol: V, unit: H };
  return size[MATRICES[name].rows] * size[MATRICES[name].columns];
}

/** For a Jacobian: that it gives the step's result, with the numbers of this cell. */
export function matrixFact(matrix: Matrix, cell: StepDetail): string | undefined {
  switch (matrix.name) {
    case 'softmaxJacobian':
      // ∂o = Jᵀ ∂ŷ.
      return difference('∂ŷ(t) through this Jacobian', timesTransposed(matrix, cell.dyhat), 'step 3', cell.do);
    case 'cellJacobian':
      return difference('This Jacobian times ∂a(t)', times(matrix, cell.da), 'step 11', cell.message);
    default:
      return undefined;
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
