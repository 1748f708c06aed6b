import type { Network } from '../../../network/network.ts';
import type { StepDetail, Tape, WeightUpdate } from '../../../protocol/study.ts';
import type { SymbolOf } from '../tape/shownVectors.ts';
import { sortedIndices } from '../tape/values.ts';
import { sound, type Given, type NumberQuestion } from './question.ts';

/** What the questions are made of: the numbers of one window, as the study thread answered. */
export interface TourNumbers {
  readonly network: Network;
  readonly symbolOf: SymbolOf;
  readonly tape: Tape;
  /** By their time steps: those that have come. */
  readonly details: ReadonlyMap<number, StepDetail>;
  /** Parameters by name, (rows, columns) row by row, of a network that is small enough to be computed by hand. */
  readonly parameters: ReadonlyMap<string, Float64Array>;
  /** What becomes of the weight that is followed to its update. */
  readonly update: WeightUpdate | undefined;
}

/** Up to so many units a product with a weight is computed by hand. */
export const MOST_UNITS_BY_HAND = 8;
/** Up to so many time steps a sum over them is. */
export const MOST_STEPS_BY_HAND = 12;
/** Of a larger layer so many units are tried: the products of all pairs of units would be as many as a recurrent weight has numbers. */
const MOST_TRIED = 16;

/** Hidden units and symbols of a network, by the numbers of a time step. */
export function sizesOf({ output, states }: Network, { now }: Pick<StepDetail, 'now'>): { V: number; H: number } {
  return { V: now[output[0].gives].length, H: now[states[0]].length };
}

/** The units of a layer from the one with the largest error on: the first that makes a good question is asked about, mostly the same one. */
export function unitsByError({ states }: Network, { errors }: Pick<StepDetail, 'errors'>): number[] {
  return sortedIndices(errors[states[0]], { key: 'magnitude', descending: true }).slice(0, MOST_TRIED);
}

/** The first question of several that can be asked. */
export function firstSound<I>(
  indices: readonly I[],
  make: (index: I) => NumberQuestion | undefined,
): NumberQuestion | undefined {
  for (const index of indices) {
    const question = make(index);
    const asked = question && sound(question);
    if (asked !== undefined) return asked;
  }
  return undefined;
}

/** One entry of a vector that is given. */
export function entry(markup: string, at: string, value: number): Given {
  return { markup, at, values: [value] };
}

export function unit(index: number): string {
  return `unit ${index}`;
}

/** Row i of a matrix (rows, columns). */
export function rowOf(matrix: Float64Array, columns: number, i: number): Float64Array {
  return matrix.subarray(i * columns, (i + 1) * columns);
}

/** Column j of a matrix (rows, columns). */
export function columnOf(matrix: Float64Array, columns: number, j: number): Float64Array {
  return Float64Array.from({ length: matrix.length / columns }, (_, i) => matrix[i * columns + j]);
}

export function dot(u: ArrayLike<number>, v: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < u.length; i++) sum += u[i] * v[i];
  return sum;
}
