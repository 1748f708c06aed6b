import type { Ref } from '../../../network/description.ts';
import type { MatrixName } from '../../../protocol/study.ts';
import type { Formula } from './mathMarkup.ts';

/** What a step of side B says of itself. */

/** What produced an input: a step of this time step or of the next one, or side A, of which it is what an equation reads. */
export type Source =
  | { readonly from: 'step'; readonly step: number; readonly ofNextTimeStep?: boolean }
  | { readonly from: 'sideA'; readonly ref: Ref };

export interface Input {
  readonly markup: string;
  readonly source: Source;
}

export interface BackwardStep {
  readonly step: number;
  /** What the step gives, for sentences. */
  readonly name: string;
  readonly formula: Formula;
  readonly inputs: readonly Input[];
  /** The matrix that the step gives, shown as soon as the step is open where it is small enough. */
  readonly result?: MatrixName;
  /** Matrices that take part in the step. */
  readonly matrices: readonly MatrixName[];
  /** What the step does, in a sentence. */
  readonly meaning: string;
}

/** The same before it is known which step it is. */
export type StepText = Omit<BackwardStep, 'step'>;
