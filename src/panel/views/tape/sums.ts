import type { Inspection } from '../../../protocol/run.ts';
import type { Tape } from '../../../protocol/study.ts';
import type { ReadableHistory } from '../../../history/history.ts';
import { written } from '../../../network/names.ts';
import type { Network } from '../../../network/network.ts';
import { rootOfSquares } from '../../../network/norms.ts';
import { itemsIn, type Fold } from '../../network/folds.ts';

/** How the contributions of the time steps add up to the gradient of each parameter. No DOM. */

/** Whose contributions: of the tape's stream, from the float64 reference, or of all streams, as training measured them. */
export type SumScope = 'stream' | 'batch';

export interface ParameterSum {
  readonly parameter: string;
  /** (T): ‖∂P(t)‖. */
  readonly norms: ArrayLike<number>;
  /** (T): the cosine between ∂P(t) and the sum; NaN where it was not measured. */
  readonly cosines: ArrayLike<number>;
  /** ‖Σ_t ∂P(t)‖. */
  readonly totalNorm: number;
  /** Σ_t ‖∂P(t)‖. */
  readonly sumOfNorms: number;
  /** The cancellation ratio: the one over the other; NaN where nothing is summed. */
  readonly ratio: number;
}

export interface Sums {
  readonly scope: SumScope;
  readonly iteration: number;
  /** (T): ids of the characters read, of the tape's stream or of stream 0. */
  readonly inputs: Int32Array;
  readonly ofParameters: readonly ParameterSum[];
}

export function streamSums({ parameterNames }: Network, tape: Tape): Sums {
  const T = tape.inputs.length;
  return {
    scope: 'stream',
    iteration: tape.iteration,
    inputs: tape.inputs,
    ofParameters: parameterNames.map((parameter, p) =>
      sumOf(parameter, row(tape.stepNorm, p, T), row(tape.stepCosine, p, T), tape.totalNorm[p]),
    ),
  };
}

/**
 * The sums of the inspection nearest to an iteration of which cosines were measured; undefined where there is none. The norm
 * of the sum is the one of the history where it kept that iteration by itself, else Σ_t ‖∂P(t)‖ cos(t), which is the same.
 */
export function batchSums({ parameterNames }: Network, history: ReadableHistory, iteration: number): Sums | undefined {
  const inspection = nearestWithCosines(history.of('inspection'), iteration);
  if (inspection === undefined) return undefined;
  const T = inspection.inputs.length;
  return {
    scope: 'batch',
    iteration: inspection.iteration,
    inputs: inspection.inputs,
    ofParameters: parameterNames.map((parameter, p) => {
      const norms = row(inspection.stepNorm, p, T);
      const cosines = row(inspection.stepCosine, p, T);
      const kept = history.points(`gradNorm_${parameter}`, inspection.iteration, inspection.iteration + 1, 1);
      const total = kept.width === 1 && kept.mean.length === 1 ? kept.mean[0] : projected(norms, cosines);
      return sumOf(parameter, norms, cosines, total);
    }),
  };
}

/** The norm that stands for a fold of parameters: of a layer that of all its parameters together, else that of one of them. */
export function totalOfFold(fold: Fold<string>, { ofParameters }: Pick<Sums, 'ofParameters'>): number {
  const meant = fold.isLayer === true ? itemsIn(fold) : [fold.stands];
  return rootOfSquares(
    ofParameters.filter(({ parameter }) => meant.includes(parameter)).map(({ totalNorm }) => totalNorm),
  );
}

/** The same as a formula. */
export function totalMarkup({ isLayer, stands }: Fold<string>): string {
  return isLayer === true ? '‖∂P_all‖' : `‖∂${written(stands)}‖`;
}

/** What a cancellation ratio says. */
export function cancellationText(ratio: number): string {
  if (Number.isNaN(ratio)) return 'Nothing is summed: every contribution is zero.';
  if (ratio > 0.9) return 'All steps pull nearly the same way.';
  if (ratio > 0.5) return 'The steps mostly agree.';
  if (ratio > 0.2) return 'The steps agree in part; much of what they ask for cancels.';
  return 'Most of what the steps ask for cancels.';
}

function sumOf(
  parameter: string,
  norms: ArrayLike<number>,
  cosines: ArrayLike<number>,
  totalNorm: number,
): ParameterSum {
  let sumOfNorms = 0;
  for (let t = 0; t < norms.length; t++) sumOfNorms += norms[t];
  return { parameter, norms, cosines, totalNorm, sumOfNorms, ratio: totalNorm / sumOfNorms };
}

/** ‖Σ_t ∂P(t)‖ = Σ_t ⟨∂P(t), ∂P⟩ / ‖∂P‖. */
function projected(norms: ArrayLike<number>, cosines: ArrayLike<number>): number {
  let sum = 0;
  for (let t = 0; t < norms.length; t++) sum += norms[t] * cosines[t];
  return sum;
}

function nearestWithCosines(inspections: readonly Inspection[], iteration: number): Inspection | undefined {
  let nearest: Inspection | undefined;
  for (const inspection of inspections) {
    if (inspection.stepCosine.length === 0 || Number.isNaN(inspection.stepCosine[0])) continue;
    const distance = Math.abs(inspection.iteration - iteration);
    if (nearest === undefined || distance <= Math.abs(nearest.iteration - iteration)) nearest = inspection;
  }
  return nearest;
}

function row<A extends Float32Array | Float64Array>(table: A, index: number, T: number): A {
  return table.subarray(index * T, (index + 1) * T) as A;
}
