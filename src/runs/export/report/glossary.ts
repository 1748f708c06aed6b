import { hasWords, labelOf, written } from '../../../network/names.ts';
import type { Network, Parameter } from '../../../network/network.ts';
import { partOf } from '../../../network/parts.ts';
import { errorQuantities, listedTexts } from '../../../network/quantities.ts';
import { saturationOf, SLOPES } from '../../../network/slopes.ts';
import { wayBackOf } from '../../../network/wayBack.ts';
import { markup, type Markup } from './markup.ts';

type Term = readonly [term: string, meaning: string];

/** A term is no longer than a line. */
const MOST_IN_TERM = 4;

/** The terms of the report, one line each. */
export function glossary(network: Network): Markup {
  return markup`<dl class="glossary">${termsOf(network).map(([term, meaning]) => markup`<dt>${term}</dt><dd>${meaning}</dd>\n`)}</dl>`;
}

export function termsOf(network: Network): Term[] {
  const way = wayBackOf(network);
  const { word, which, whose, passes } = saturationOf(network);
  const errors = errorQuantities(network).map((quantity) => `${labelOf(network, quantity)}(t)`);
  const place = way === undefined ? 'a quantity' : 'the hidden state';
  const sides = way === undefined ? '' : `, before and after the ${SLOPES[way.activation].words}`;
  return [
    ['iteration', 'One window of T characters of each of the B streams, read forward, backward, and one update.'],
    ['epoch', 'One pass over the training part of the text.'],
    ['loss', 'Cross entropy: −log of the probability given to the character that came, in nats; 1 nat is 1.443 bits.'],
    ['perplexity', 'e to the loss in nats: among how many equally likely characters the network is as uncertain.'],
    ['validation loss', 'The loss on the end of the text, which is never trained on.'],
    ['uniform', 'Guessing every character of the vocabulary alike.'],
    ['n-gram', 'A table that guesses a character from the n − 1 before it, fitted on the same text.'],
    ['gradient norm', 'Square root of the sum of squares of ∂L/∂P over a parameter P; before clipping.'],
    ['clipping', 'Scaling a gradient down to the clip norm where it is larger, so that one step cannot do much harm.'],
    ['step norm', '‖∂P(t)‖: the norm of what time step t contributes to the gradient of P, before the sum over t.'],
    errors.length <= MOST_IN_TERM
      ? [errors.join(', '), `The error at ${place} of step t${sides}.`]
      : ['errors', `The error at ${place} of step t${sides}: ${listedTexts(errors)}.`],
    ...groupsOf(network).map(parametersTerm),
    ['memory horizon', 'After how many steps back an error is under 1 % of its strength.'],
    way === undefined
      ? [
          'Lyapunov exponent',
          'The change of the log of an error with every step back, in the long run: below 0 it fades.',
        ]
      : [
          'spectral radius',
          `The largest modulus of an eigenvalue of ${written(way.weight)}, with which each step back multiplies the error.`,
        ],
    [word, `Share of activations with ${which}, where ${whose} lets ${passes} of the error pass.`],
    ['update / weight', '‖Δθ‖ / ‖θ‖: how much one update changes the parameters; usual is about 10⁻³.'],
  ];
}

/** The parameters of each gate or function of each layer, and last those of the output. */
function groupsOf(network: Network): Parameter[][] {
  const groups = new Map<string | undefined, Parameter[]>();
  for (const parameter of network.parameters) {
    const group = partOf(network, parameter.of)?.name;
    groups.set(group, [...(groups.get(group) ?? []), parameter]);
  }
  return [...groups.values()];
}

/** `Weights from input to hidden and from hidden to hidden, and the hidden bias.` */
function parametersTerm(parameters: readonly Parameter[]): Term {
  const names = parameters.map(({ name }) => written(name)).join(', ');
  const isBias = ({ axes }: Parameter): boolean => axes.length === 1;
  const [weights, biases] = [parameters.filter((each) => !isBias(each)), parameters.filter(isBias)];
  const ways = weights.map(({ words }) => /^(?<from>.+) → (?<to>.+) weights$/.exec(words)?.groups);
  if (!ways.every((way) => way !== undefined) || !biases.every(hasWords)) {
    return [
      names,
      `The weights and biases of ${parameters[0].layer === 1 ? 'the cell' : `layer ${parameters[0].layer}`}.`,
    ];
  }
  const from = ways.map((way) => `from ${way.from} to ${way.to}`);
  return [names, `Weights ${listedTexts(from)}, and ${listedTexts(biases.map(({ words }) => `the ${words}`))}.`];
}
