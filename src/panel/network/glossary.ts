import { CELLS } from '../../network/cells.ts';
import { hasWords, written } from '../../network/names.ts';
import type { Network, Quantity } from '../../network/network.ts';
import { statesOfLayer } from '../../network/wayBack.ts';
import { divisorText, isSummed, type Divisor } from './divisor.ts';

/** The names of a window in a line, and what its quantities are called in words. No DOM. */

export interface Term {
  /** A name, several of the same kind, or a name with its number, as a formula. */
  readonly markup: string;
  readonly words: string;
}

/** What a quantity is, with what PyTorch calls it where that is another name: its h is the state a. */
export function quantityWords(network: Network, name: string): string {
  const quantity = network.quantities.find((one) => one.name === name);
  if (quantity === undefined) return '';
  const words = hasWords(quantity) ? quantity.words : '';
  const isGiven = quantity.layer !== undefined && statesOfLayer(network, quantity.layer)[0] === name;
  if (!isGiven) return network.states.includes(name) ? `${words}, a state too` : words;
  return CELLS[network.cell].torch === undefined ? `${words}, the state` : `${words}, the state (PyTorch’s h)`;
}

/** The names of a network, of its first layer where it has several, and those of every window. */
export function glossary(network: Network, window: Divisor & { readonly B: number }): readonly Term[] {
  const { T, B } = window;
  const [logits, probabilities] = network.output.map(({ gives }) => written(gives));
  const [state] = network.states;
  return [
    { markup: 't', words: 'time step' },
    { markup: `T = ${T}`, words: 'of them in a window' },
    { markup: `B = ${B}`, words: B === 1 ? 'stream read at a time' : 'streams read at once' },
    { markup: 'x, y', words: 'read, and next: one-hot, 1 at its class, 0 at all others' },
    ...ofFirstLayer(network),
    ...(network.layers > 1 ? [{ markup: written(`${state}.2`), words: 'the same of layer 2' }] : []),
    { markup: logits, words: 'logits' },
    { markup: probabilities, words: 'softmax of them, probabilities' },
    { markup: 'L', words: 'loss, nats' },
    ...(isSummed(window)
      ? [{ markup: 'N = 1', words: 'divides it: L is the sum over the window' }]
      : [{ markup: divisorText(window), words: 'divides it' }]),
    { markup: `∂${state} = ∂L/∂${state}`, words: `derivative of the loss, the error of ${state}` },
  ];
}

/** The quantities of the first layer; the pre-activations of several gates are one term. */
function ofFirstLayer(network: Network): Term[] {
  const quantities = network.quantities.filter(({ layer }) => layer === 1);
  const pre = quantities.filter(({ name }) => isPreActivation(network, name));
  const others = quantities.filter((quantity) => !pre.includes(quantity));
  const words = pre.length === 1 ? 'pre-activation' : 'pre-activations of the gates';
  return [
    { markup: pre.map(({ name }) => written(name)).join(', '), words },
    ...others.map(({ name }: Quantity) => ({ markup: written(name), words: quantityWords(network, name) })),
  ];
}

/** What a function is applied to that is no state. */
function isPreActivation({ layerEquations, states }: Network, name: string): boolean {
  return !states.includes(name) && layerEquations.some((equation) => 'apply' in equation && equation.to === name);
}
