import type { MatrixName } from '../../../protocol/study.ts';
import { BACKWARD_STEPS } from '../../state/studyState.ts';
import type { Formula } from './mathMarkup.ts';

/** The eleven steps of side B as MATH.md has them: names, formulas, where their inputs come from. No numbers. */

/** The quantities of side A that side B reads, in the order of side A. */
export const SIDE_A_NAMES = ['x', 'aPrevious', 'h', 'a', 'o', 'yhat', 'L'] as const;
export type SideAName = (typeof SIDE_A_NAMES)[number];

/** What produced an input: a step of this cell or of the next one, or a quantity of side A. */
export type Source =
  | { readonly from: 'step'; readonly step: number; readonly ofNextCell?: boolean }
  | { readonly from: 'sideA'; readonly name: SideAName };

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

const fromStep = (markup: string, step: number, ofNextCell = false): Input => ({
  markup,
  source: { from: 'step', step, ofNextCell },
});
const fromSideA = (markup: string, name: SideAName): Input => ({ markup, source: { from: 'sideA', name } });

const YHAT = fromSideA('ŷ(t)', 'yhat');
const A = fromSideA('a(t)', 'a');
const A_PREVIOUS = fromSideA('a(t−1)', 'aPrevious');
const DO = fromStep('∂o(t)', 3);
const DH = fromStep('∂h(t)', 7);

export const STEPS: readonly BackwardStep[] = [
  {
    name: 'L(t)',
    formula: { markup: 'L(t) = −log ŷ_c(t)' },
    inputs: [YHAT],
    matrices: [],
    meaning: 'The loss of this character: how little probability the network gave to the one that came.',
  },
  {
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
  },
  {
    name: '∂o(t)',
    formula: {
      markup: '∂o(t) =',
      cases: [
        ['{ŷ_c(t) − 1|N}', 'class c'],
        ['{ŷ_k(t)|N}', 'classes k ≠ c'],
      ],
    },
    inputs: [fromStep('∂ŷ(t)', 2), YHAT],
    matrices: ['softmaxJacobian'],
    meaning:
      'Through the softmax Jacobian ∂ŷᵢ/∂oⱼ = ŷᵢ(δᵢⱼ − ŷⱼ) every class gets a share: the target is pushed up, each other one down by its own probability.',
  },
  {
    name: '∂b_o(t)',
    formula: { markup: '∂b_o(t) = ∂o(t)' },
    inputs: [DO],
    matrices: [],
    meaning: 'The output bias is added to o(t), so its contribution is ∂o(t) itself.',
  },
  {
    name: '∂W_ao(t)',
    formula: { markup: '∂W_ao(t) = ∂o(t) a(t)ᵀ' },
    inputs: [DO, A],
    result: 'dW_ao',
    matrices: ['dW_ao', 'W_ao'],
    meaning: 'An outer product: row k is a(t) times ∂oₖ(t), so it has rank one and its norm is ‖∂o(t)‖ ‖a(t)‖.',
  },
  {
    name: '∂a(t)',
    formula: { markup: '∂a(t) = W_aoᵀ ∂o(t) + W_ahᵀ ∂h(t+1)' },
    inputs: [DO, fromStep('W_ahᵀ ∂h(t+1)', BACKWARD_STEPS, true)],
    matrices: ['W_ao', 'W_ah'],
    meaning: 'Two errors meet: this step’s own, and what all later steps send back. At t = T−1 there is no later one.',
  },
  {
    name: '∂h(t)',
    formula: { markup: '∂h(t) = (1 − a(t)²) ⊙ ∂a(t)' },
    inputs: [fromStep('∂a(t)', 6), A],
    matrices: [],
    meaning: 'The slope of tanh: where |a| is near 1 the factor is near 0 and the error stops there.',
  },
  {
    name: '∂b_h(t)',
    formula: { markup: '∂b_h(t) = ∂h(t)' },
    inputs: [DH],
    matrices: [],
    meaning: 'The hidden bias is added to h(t), so its contribution is ∂h(t) itself.',
  },
  {
    name: '∂W_xh(t)',
    formula: { markup: '∂W_xh(t) = ∂h(t) x(t)ᵀ' },
    inputs: [DH, fromSideA('x(t)', 'x')],
    result: 'dW_xh',
    matrices: ['dW_xh', 'W_xh'],
    meaning: 'x(t) is one-hot: only the column of the character read is touched, and that column is ∂h(t).',
  },
  {
    name: '∂W_ah(t)',
    formula: { markup: '∂W_ah(t) = ∂h(t) a(t−1)ᵀ' },
    inputs: [DH, A_PREVIOUS],
    result: 'dW_ah',
    matrices: ['dW_ah', 'W_ah'],
    meaning: 'An outer product with the state that came in: its norm is ‖∂h(t)‖ ‖a(t−1)‖.',
  },
  {
    name: 'the message W_ahᵀ ∂h(t)',
    formula: { markup: 'W_ahᵀ ∂h(t)' },
    inputs: [DH],
    matrices: ['W_ah', 'cellJacobian'],
    meaning: 'What this cell passes to the previous one, where step 6 adds it.',
  },
].map((step, index) => ({ ...step, step: index + 1 }) as BackwardStep);

export interface SideAQuantity {
  readonly name: SideAName;
  readonly formula: Formula;
  readonly meaning: string;
}

export const SIDE_A: readonly SideAQuantity[] = [
  { name: 'x', formula: { markup: 'x(t)' }, meaning: 'The character read, one-hot.' },
  { name: 'aPrevious', formula: { markup: 'a(t−1)' }, meaning: 'The state carried in from the step before.' },
  {
    name: 'h',
    formula: { markup: 'h(t) = W_xh x(t) + W_ah a(t−1) + b_h' },
    meaning: 'The hidden pre-activation.',
  },
  { name: 'a', formula: { markup: 'a(t) = tanh h(t)' }, meaning: 'The state, carried to t+1.' },
  { name: 'o', formula: { markup: 'o(t) = W_ao a(t) + b_o' }, meaning: 'The logits.' },
  { name: 'yhat', formula: { markup: 'ŷ(t) = softmax o(t)' }, meaning: 'The predicted distribution.' },
  { name: 'L', formula: { markup: 'L(t) = −log ŷ_c(t)' }, meaning: 'The loss of this character.' },
];
