import { readRef, type Equation, type Ref } from '../../../network/description.ts';
import { hasWords, written } from '../../../network/names.ts';
import type { Network } from '../../../network/network.ts';
import type { Formula } from './mathMarkup.ts';
import { factor, timed } from '../../network/notation.ts';
import { SLOPES } from '../../../network/slopes.ts';

/** What side B reads of side A, in its order: names and formulas as they follow from the network. No numbers. */

export interface SideAQuantity {
  /** `h`; a state that came in as `a⁻`; the input x and the loss L, which are no vectors. */
  readonly ref: Ref;
  readonly formula: Formula;
  readonly meaning: string;
  readonly kind: 'input' | 'vector' | 'loss';
}

export function sideA(network: Network): readonly SideAQuantity[] {
  const [logits, probabilities] = network.output;
  const vector = (ref: Ref, markup: string, meaning: string): SideAQuantity => ({
    ref,
    formula: { markup },
    meaning,
    kind: 'vector',
  });
  return [
    {
      ref: 'x',
      formula: { markup: 'x(t)' },
      meaning: 'What is read, one-hot: 1 at its class, 0 at all others.',
      kind: 'input',
    },
    ...network.states.map((state) =>
      vector(`${state}⁻`, timed(`${state}⁻`), 'The state carried in from the step before.'),
    ),
    ...network.layerEquations.map((equation) =>
      vector(equation.gives, formulaOf(equation), meaningOf(network, equation)),
    ),
    vector(logits.gives, formulaOf(logits), 'The logits.'),
    vector(
      probabilities.gives,
      `${timed(probabilities.gives)} = softmax ${timed(probabilities.softmax)}`,
      'The predicted distribution.',
    ),
    { ref: 'L', formula: { markup: 'L(t) = −log ŷ_c(t)' }, meaning: 'The loss of this time step.', kind: 'loss' },
  ];
}

/** An equation with its times: `a(t) = tanh h(t)`. */
export function formulaOf(equation: Equation): string {
  return `${timed(equation.gives)} = ${rightSide(equation)}`;
}

function rightSide(equation: Equation): string {
  if ('affine' in equation) {
    const products = equation.affine.map(([weight, of]) => `${written(weight)} ${timed(of)}`);
    return [...products, written(equation.bias)].join(' + ');
  }
  if ('apply' in equation) return `${SLOPES[equation.apply].symbol} ${timed(equation.to)}`;
  return equation.sum.map((factors) => factors.map((one) => factor(one)).join(' ⊙ ')).join(' + ');
}

function meaningOf({ states, quantities }: Network, equation: Equation): string {
  const { gives } = equation;
  const quantity = quantities.find(({ name }) => name === gives);
  if (states.includes(gives)) {
    // Of a cell with two states, each is called by its own words.
    const words = quantity !== undefined && hasWords(quantity) ? `${quantity.words}, a state` : 'state';
    return `The ${words}, carried to t+1.`;
  }
  if (quantity === undefined || !hasWords(quantity)) return '';
  return `The ${'affine' in equation ? 'hidden ' : ''}${quantity.words}.`;
}

/** The size that no entry of a quantity exceeds, where its equation says so, so that a strip shows saturation as such. */
export function boundOf({ layerEquations }: Network, name: string): number | undefined {
  const equation = layerEquations.find(({ gives }) => gives === name);
  return equation !== undefined && 'apply' in equation && equation.apply !== 'relu' ? 1 : undefined;
}

/** Whether a factor lets no more of an error pass than there is: what a bounded function gave. A state is what it carries, no share. */
export function isShare(network: Network, ref: Ref): boolean {
  const { name } = readRef(ref);
  return !network.states.includes(name) && boundOf(network, name) !== undefined;
}

/** Whether no entry of a quantity is negative. */
export function isNeverNegative({ layerEquations, output }: Network, name: string): boolean {
  const equation = layerEquations.find(({ gives }) => gives === name);
  return name === output[1].gives || (equation !== undefined && 'apply' in equation && equation.apply !== 'tanh');
}
