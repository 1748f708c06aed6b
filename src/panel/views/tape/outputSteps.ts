import { SOFTMAX_JACOBIAN } from '../../../network/jacobians.ts';
import type { Input, StepText } from './stepText.ts';

/** The first steps of side B, which every network has: from the loss to the logits. */

const YHAT: Input = { markup: 'ŷ(t)', source: { from: 'sideA', ref: 'yhat' } };

const loss: StepText = {
  name: 'L(t)',
  formula: { markup: 'L(t) = −log ŷ_c(t)' },
  inputs: [YHAT],
  matrices: [],
  meaning: 'The loss of this character: how little probability the network gave to the one that came.',
};

const probabilities: StepText = {
  name: '∂ŷ(t)',
  formula: {
    markup: '∂ŷ(t) =',
    cases: [
      ['−{1|N ŷ_c(t)}', 'class c'],
      ['0', 'classes k ≠ c'],
    ],
  },
  inputs: [YHAT],
  matrices: [],
  meaning: 'Only the probability of the target enters the loss, so every other class has no derivative of its own.',
};

const logits = (ofProbabilities: Input): StepText => ({
  name: '∂o(t)',
  formula: {
    markup: '∂o(t) =',
    cases: [
      ['{ŷ_c(t) − 1|N}', 'class c'],
      ['{ŷ_k(t)|N}', 'classes k ≠ c'],
    ],
  },
  inputs: [ofProbabilities, YHAT],
  matrices: [SOFTMAX_JACOBIAN],
  meaning:
    'Through the softmax Jacobian ∂ŷᵢ/∂oⱼ = ŷᵢ(δᵢⱼ − ŷⱼ) every class gets a share: the target is pushed up, each other one down by its own probability.',
});

export const OUTPUT_STEPS = { loss, probabilities, logits };
