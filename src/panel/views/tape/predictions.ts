import type { StepDetail } from '../../../protocol/study.ts';

export interface Prediction {
  readonly id: number;
  readonly probability: number;
  /** 1 for the likeliest. */
  readonly rank: number;
  readonly isTarget: boolean;
}

/** The likeliest symbols, and after them the target where it is not among them. */
export function predictionsOf(
  { topIds, topProbability, target }: Pick<StepDetail, 'topIds' | 'topProbability' | 'target'>,
  yhat: Float64Array,
): Prediction[] {
  const top = Array.from(topIds, (id, index) => ({
    id,
    probability: topProbability[index],
    rank: index + 1,
    isTarget: id === target,
  }));
  if (top.some(({ isTarget }) => isTarget)) return top;
  const probability = yhat[target];
  const likelier = yhat.reduce((count, other) => count + (other > probability ? 1 : 0), 0);
  return [...top, { id: target, probability, rank: Math.max(likelier, top.length) + 1, isTarget: true }];
}
