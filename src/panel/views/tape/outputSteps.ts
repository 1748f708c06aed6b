import { SOFTMAX_JACOBIAN } from '../../../network/jacobians.ts';
import type { Input, StepText } from './stepText.ts';

/** The first steps of side B, which every network has: from the loss to the logits. */

const YHAT: Input = { markup: 'ŷ(t)', source: { from: 'sideA', ref: 'yhat' } };

const loss: StepText = {
  name: 'L(t)',
  formula: { markup: 'L(t) = −log ŷ_c(t)' },
  inputs: [YHAT],
  matrices: [],
  meaning: 'The loss of this time step: how little probability the network gave to what came.',
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
    'Through the softmax Jacobian ∂ŷᵢ/∂oⱼ = ŷᵢ(δᵢⱼ − ŷⱼ) the target gets a negative derivative and every other class its own probability as a positive one. An update goes against them: it raises the logit of what came, and lowers all others.',
});

export const OUTPUT_STEPS = { loss, probabilities, logits };
