import { readRef, type Ref } from '../../network/description.ts';
import type { StepDetail } from '../../protocol/study.ts';

/** What an equation reads: a quantity, a state that came in, or what is left of one of them to one. */
export function vectorOf({ now, before }: Pick<StepDetail, 'now' | 'before'>, ref: Ref): Float64Array {
  const { name, isBefore, isLeft } = readRef(ref);
  const vector = (isBefore ? before : now)[name];
  if (vector === undefined) throw new RangeError(`There are no numbers of "${ref}".`);
  return isLeft ? vector.map((value) => 1 - value) : vector;
}
