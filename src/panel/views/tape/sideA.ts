import type { Equation } from '../../../network/description.ts';
import { NETWORK } from '../../../network/names.ts';
import type { Network } from '../../../network/network.ts';
import type { Formula } from './mathMarkup.ts';
import { factor, symbolOf, timed } from './notation.ts';

/** What side B reads of side A, in its order: names and formulas as they follow from the network. No numbers. */

export type SideAName = 'x' | 'aPrevious' | 'h' | 'a' | 'o' | 'yhat' | 'L';

export interface SideAQuantity {
  readonly name: SideAName;
  readonly formula: Formula;
  readonly meaning: string;
}

export const SIDE_A: readonly SideAQuantity[] = [
  { name: 'x', formula: { markup: 'x(t)' }, meaning: 'The character read, one-hot.' },
  { name: 'aPrevious', formula: { markup: 'a(t−1)' }, meaning: 'The state carried in from the step before.' },
  ...NETWORK.layerEquations.map((equation): SideAQuantity => ({
    name: equation.gives as SideAName,
    formula: { markup: formulaOf(equation) },
    meaning: meaningOf(NETWORK, equation.gives),
  })),
  { name: 'o', formula: { markup: formulaOf(NETWORK.output[0]) }, meaning: 'The logits.' },
  { name: 'yhat', formula: { markup: 'ŷ(t) = softmax o(t)' }, meaning: 'The predicted distribution.' },
  { name: 'L', formula: { markup: 'L(t) = −log ŷ_c(t)' }, meaning: 'The loss of this character.' },
];

/** An equation with its times: `h(t) = W_xh x(t) + W_ah a(t−1) + b_h`. */
export function formulaOf(equation: Equation): string {
  return `${symbolOf(equation.gives)}(t) = ${rightSide(equation)}`;
}

function rightSide(equation: Equation): string {
  if ('affine' in equation) {
    const products = equation.affine.map(([weight, of]) => `${weight} ${timed(of)}`);
    return [...products, equation.bias].join(' + ');
  }
  if ('apply' in equation) return `${equation.apply} ${timed(equation.to)}`;
  return equation.sum.map((factors) => factors.map((one) => factor(one)).join(' ⊙ ')).join(' + ');
}

function meaningOf({ states, quantities }: Network, name: string): string {
  if (states.includes(name)) return 'The state, carried to t+1.';
  return `The hidden ${quantities.find((quantity) => quantity.name === name)?.words ?? name}.`;
}
