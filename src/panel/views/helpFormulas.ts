import { stepNormLabelOf } from '../../network/names.ts';
import type { Network, Role } from '../../network/network.ts';
import { element } from '../dom.ts';
import { errorQuantities, listedTexts, parametersOfRole } from '../../network/quantities.ts';
import { stepOfContribution } from '../network/stepPlaces.ts';
import { wayBackOf } from '../../network/wayBack.ts';
import { backwardSteps } from './tape/backwardSteps.ts';
import { mathElement } from './tape/mathElement.ts';
import { errorAt, timed } from '../network/notation.ts';
import { SLOPES } from '../../network/slopes.ts';
import { sumOf, termsOf } from './tape/terms.ts';

/** What norms are of, whatever the reduction of the run is. */
export const OF_TOTAL_LOSS = 'of the total loss L, the mean over the window (N = T·B) or its sum (N = 1)';

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

/**
 * The way back through one cell, which the pictures of ∂h and of what is computed from it share: in one formula where it is a single
 * way, else what meets in each state.
 */
export function backThroughACell(network: Network): string[] {
  const wayBack = wayBackOf(network);
  if (wayBack === undefined) return network.states.map((state) => `${errorAt(state)} = ${arriving(network, state)}`);
  const { state, activation, preActivation } = wayBack;
  const slope = SLOPES[activation].factorOf(timed(state));
  return [`${errorAt(preActivation)} = ${slope} ⊙ (${arriving(network, state)})`];
}

/** The contribution of a time step to the first parameter of a role, where there is one: ∂W(t) = ∂u(t) v(t)ᵀ. */
export function contributionFormulas(network: Network, role: Role): string[] {
  const [name] = parametersOfRole(network, role);
  if (name === undefined) return [];
  return [backwardSteps(network)[stepOfContribution(network, name) - 1].formula.markup];
}

/** The norms of the errors, in a sentence: ‖∂h(t)‖ and ‖∂a(t)‖. */
export function errorNorms(network: Network): string {
  return listedTexts(errorQuantities(network).map((quantity) => stepNormLabelOf(network, quantity)));
}

function arriving(network: Network, state: string): string {
  const { now, next } = termsOf(network, state);
  return sumOf([...now, ...next]);
}
