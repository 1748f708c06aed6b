import type { Network } from '../../../network/network.ts';
import type { Matrix, MatrixName } from '../../../protocol/study.ts';
import { largestDifference } from '../../charts/tapeStrip.ts';
import type { StepDetail } from '../../../protocol/study.ts';
import { matricesOf, type MatrixDescription } from './matrices.ts';
import { errorAt } from '../../network/notation.ts';
import type { BackwardStep } from './stepText.ts';
import { formatValue } from './values.ts';

/** Which matrix a step shows, and how a Jacobian agrees with the step that it belongs to. No DOM. */

/** Numbers of a matrix that is shown unasked: more take their time to come and are a picture of pixels only. */
const MOST_UNASKED = 2 ** 18;

/** The matrix that a step shows as soon as it is open: what it gives, else what it is checked with; none that is very large. */
export function automaticMatrix(network: Network, step: BackwardStep, V: number, H: number): MatrixName | null {
  const matrices = matricesOf(network);
  const isSoftmax = (name: string): boolean => {
    const checked = matrices.get(name)?.checked;
    return checked !== undefined && 'logits' in checked;
  };
  const wanted = step.result ?? step.matrices.find(isSoftmax);
  const description = wanted === undefined ? undefined : matrices.get(wanted);
  if (wanted === undefined || description === undefined) return null;
  return sizeOf(description, V, H) <= MOST_UNASKED ? wanted : null;
}

/** Numbers of a matrix, to know how large it is before it is asked for. */
function sizeOf({ rows, columns }: MatrixDescription, V: number, H: number): number {
  const size = { symbol: V, unit: H };
  return size[rows] * size[columns];
}

/** For a Jacobian: that it gives the step's result, with the numbers of this time step. */
export function matrixFact(network: Network, matrix: Matrix, { errors, messages }: StepDetail): string | undefined {
  const checked = matricesOf(network).get(matrix.name)?.checked;
  if (checked === undefined) return undefined;
  if ('logits' in checked) {
    const { gives: probabilities } = network.output[1];
    // ∂o = Jᵀ ∂ŷ.
    const computed = timesTransposed(matrix, errors[probabilities]);
    return difference(
      `${errorAt(probabilities)} through this Jacobian`,
      computed,
      checked.step,
      errors[checked.logits],
    );
  }
  const { state } = checked.wayBack;
  const computed = times(matrix, errors[state]);
  return difference(`This Jacobian times ${errorAt(state)}`, computed, checked.step, messages[state]);
}

function difference(what: string, computed: Float64Array, step: number, expected: Float64Array): string {
  return `${what} is step ${step}: the largest difference in any entry is ${formatValue(largestDifference(computed, expected))}.`;
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
