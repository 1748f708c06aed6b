import { element } from '../dom.ts';
import { mathElement } from './tape/mathElement.ts';

/** A help text of several paragraphs, one a line. */
export function helpParagraphs(text: string): HTMLElement[] {
  return text.split('\n').map((paragraph) => element('p', {}, paragraph));
}

/** A help text and under it its formulas, in the markup of `mathMarkup.ts`, on a line that wraps where the panel is narrow. */
export function withFormulas(text: string, ...markups: readonly string[]): Node[] {
  return [
    ...helpParagraphs(text),
    element('div', { class: 'help-formulas' }, ...markups.map((markup) => mathElement({ markup }))),
  ];
}

/** The way back through one cell, which the pictures of ∂h and of what is computed from it share. */
export const BACK_THROUGH_A_CELL = '∂h(t) = (1 − a(t)²) ⊙ (W_aoᵀ ∂o(t) + W_ahᵀ ∂h(t+1))';
