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
  /** Never negative, so that its colours begin at zero. */
  readonly isUnsigned?: boolean;
}

/** What a step of side B shows of one time step. */
export interface StepContent {
  readonly vectors: readonly VectorShown[];
  /** Sentences with the numbers of this time step. */
  readonly facts: readonly string[];
}

/** The symbol of an id, as it is in the vocabulary. */
export type SymbolOf = (id: number) => string;
