import { readRef, type Ref } from '../../network/description.ts';
import type { StepDetail as AnsweredStep } from '../../protocol/study.ts';

type Vectors = Readonly<Record<string, Float64Array>>;

/** Every number of one time step of one stream, by the names of its network. */
export interface StepNumbers extends Pick<
  AnsweredStep,
  'iteration' | 'stream' | 't' | 'T' | 'N' | 'input' | 'target' | 'lossNats' | 'stepNorm' | 'topIds' | 'topProbability'
> {
  /** What the forward pass gave, and the states that came in. */
  readonly now: Vectors;
  readonly before: Vectors;
  /** ∂q(t) of every quantity. */
  readonly errors: Vectors;
  /** Of a state, the two parts of its error: from this time step, and from the one after. */
  readonly own: Vectors;
  readonly future: Vectors;
  /** What goes to a state of the time step before. */
  readonly messages: Vectors;
}

/** An answer of the study thread, which has a field for each vector of the one cell that is trained. */
export function stepNumbers(answer: AnsweredStep): StepNumbers {
  const { aPrevious, h, a, o, yhat, dyhat, do: dO, daOwn, daFuture, da, dh, message, ...others } = answer;
  return {
    ...others,
    now: { h, a, o, yhat },
    before: { a: aPrevious },
    errors: { h: dh, a: da, o: dO, yhat: dyhat },
    own: { a: daOwn },
    future: { a: daFuture },
    messages: { a: message },
  };
}

/** What an equation reads: a quantity, a state that came in, or what is left of one of them to one. */
export function vectorOf({ now, before }: Pick<StepNumbers, 'now' | 'before'>, ref: Ref): Float64Array {
  const { name, isBefore, isLeft } = readRef(ref);
  const vector = (isBefore ? before : now)[name];
  if (vector === undefined) throw new RangeError(`There are no numbers of "${ref}".`);
  return isLeft ? vector.map((value) => 1 - value) : vector;
}
