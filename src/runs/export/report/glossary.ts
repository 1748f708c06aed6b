import { SATURATED, SATURATED_PERCENT } from '../../../network/saturation.ts';
import { markup, type Markup } from './markup.ts';

const TERMS: readonly (readonly [term: string, meaning: string])[] = [
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
  ['∂h(t), ∂a(t)', 'The error at the hidden state of step t, before and after the tanh.'],
  ['W_xh, W_ah, b_h', 'Weights from input to hidden and from hidden to hidden, and the hidden bias.'],
  ['W_ao, b_o', 'Weights from hidden to output, and the output bias.'],
  ['memory horizon', 'After how many steps back an error is under 1 % of its strength.'],
  ['spectral radius', 'The largest modulus of an eigenvalue of W_ah, with which each step back multiplies the error.'],
  [
    'saturation',
    `Share of activations with |a| > ${SATURATED}, where the tanh lets less than ${SATURATED_PERCENT} % of the error pass.`,
  ],
  ['update / weight', '‖Δθ‖ / ‖θ‖: how much one update changes the parameters; usual is about 10⁻³.'],
];

/** The terms of the report, one line each. */
export function glossary(): Markup {
  return markup`<dl class="glossary">${TERMS.map(([term, meaning]) => markup`<dt>${term}</dt><dd>${meaning}</dd>\n`)}</dl>`;
}
