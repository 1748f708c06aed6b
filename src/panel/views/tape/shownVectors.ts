/** What the tape shows of numbers: vectors with their names, and sentences. No DOM. */

/** What the entries of a vector stand for: classes of the vocabulary or hidden units. */
export type VectorAxis = 'symbol' | 'unit';

export interface VectorShown {
  /** For ids. */
  readonly key: string;
  readonly markup: string;
  readonly values: Float64Array;
  readonly axis: VectorAxis;
  /** The |value| of the strongest colour, where several strips are compared; else the vector's own largest. */
  readonly largest?: number;
  /** Where it comes from, in words. */
  readonly label?: string;
  /** Of hidden units, the layer that they are of and the column of the table of the cell that has the same numbers. */
  readonly column?: UnitColumnName;
  /** Never negative, so that its colours begin at zero. */
  readonly isUnsigned?: boolean;
}

/** What a step of side B shows of one time step. */
export interface StepContent {
  readonly vectors: readonly VectorShown[];
  /** Sentences with the numbers of this time step. */
  readonly facts: readonly string[];
  /** Of sums of several terms, how large each term is. */
  readonly terms?: readonly TermNorms[];
}

/** The norms of the terms of a sum, which is larger or smaller than they are together. */
export interface TermNorms {
  readonly caption: string;
  readonly terms: readonly { readonly key: string; readonly markup: string; readonly norm: number }[];
}

/** A column of the table of the cell of a layer. */
export interface UnitColumnName {
  readonly layer: number;
  readonly key: string;
}

/** A vector over the hidden units. */
export function units(
  key: string,
  markup: string,
  values: Float64Array,
  column: UnitColumnName,
  largest?: number,
): VectorShown {
  return { key, markup, values, axis: 'unit', column, ...(largest !== undefined && { largest }) };
}

/** The symbol of an id, as it is in the vocabulary. */
export type SymbolOf = (id: number) => string;
