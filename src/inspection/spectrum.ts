import { InputError } from '../common/inputError.ts';
import type { Work } from '../common/work.ts';
import { eigenvalues } from './eigenvalues.ts';
import { singularValues } from './singularValues.ts';

/** What multiplying by a square matrix again and again does: eigenvalues tell of many times, singular values of one. */
export interface MatrixSpectrum {
  /** (n, 2): real and imaginary parts, largest modulus first; of a conjugate pair the one above the real axis first. */
  readonly eigenvalues: Float64Array<ArrayBuffer>;
  /** (n): largest first. */
  readonly singularValues: Float64Array<ArrayBuffer>;
  /** ρ, the largest modulus. */
  readonly spectralRadius: number;
  /** σ_max, the matrix norm. */
  readonly sigmaMax: number;
}

/**
 * All eigenvalues and singular values of a matrix (n, n): about 13n³ multiplications, in pieces.
 * @param name of the matrix, for the person.
 * @throws {InputError} for a matrix with numbers that are not finite.
 */
export function* spectrum(matrix: Float64Array, n: number, name: string): Work<MatrixSpectrum> {
  const at = matrix.findIndex((value) => !Number.isFinite(value));
  if (at !== -1) {
    throw new InputError(
      `${name} has no spectrum: it holds ${matrix[at]} in row ${Math.floor(at / n)}, column ${at % n}. Go back to an iteration where it is finite.`,
    );
  }
  const roots = yield* eigenvalues(matrix, n);
  const sorted = byModulus(roots);
  const values = yield* singularValues(matrix, n);
  return {
    eigenvalues: sorted,
    singularValues: values,
    spectralRadius: Math.hypot(sorted[0], sorted[1]),
    sigmaMax: values[0],
  };
}

function byModulus(roots: Float64Array): Float64Array<ArrayBuffer> {
  const moduli = Array.from({ length: roots.length / 2 }, (_, i) => Math.hypot(roots[2 * i], roots[2 * i + 1]));
  // A stable sort keeps conjugate pairs together in the order in which they were found.
  const order = [...moduli.keys()].sort((i, j) => moduli[j] - moduli[i]);
  return Float64Array.from({ length: roots.length }, (_, at) => roots[2 * order[at >> 1] + (at & 1)]);
}
