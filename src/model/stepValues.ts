import { readRef, type Ref } from '../network/description.ts';
import type { Vector } from './tensors.ts';

type Tensors = Readonly<Record<string, Vector>>;

/** What a time step reads and gives, as views into the tensors of a pass. */
export interface StepValues {
  /** (B): ids of what is read. */
  readonly x: Int32Array;
  /** Each quantity of this time step by its name: (B, H), of the output (B, V). */
  readonly now: Tensors;
  /** (B, H): each state of the time step before. */
  readonly before: Tensors;
}

/** The derivatives of the total loss with respect to those. */
export interface StepErrors {
  /** Of each quantity by its name: (B, H), of the output (B, V). */
  readonly now: Tensors;
  /** (B, H): what goes to each state of the time step before. */
  readonly messages: Tensors;
}

/** One time step, with what it reads and gives on both sides. */
export interface StepPass extends StepValues {
  /** (B): ids of what is asked for. */
  readonly y: Int32Array;
  readonly errors: StepErrors;
}

/** A tensor that is read as it is. */
export function operand({ now, before }: Pick<StepValues, 'now' | 'before'>, ref: Ref): Vector {
  const { name, isBefore } = readRef(ref);
  return isBefore ? before[name] : now[name];
}

/** Element i of a factor. */
export function factorOf(values: Pick<StepValues, 'now' | 'before'>, ref: Ref): (i: number) => number {
  const tensor = operand(values, ref);
  return readRef(ref).isLeft ? (i) => 1 - tensor[i] : (i) => tensor[i];
}
