import { CELLS } from '../../network/cells.ts';
import { hasWords, written } from '../../network/names.ts';
import type { Network, Quantity } from '../../network/network.ts';
import { statesOfLayer } from '../../network/wayBack.ts';
import { divisorText, type Divisor } from './divisor.ts';

/** The names of a window in a line, and what its quantities are called in words. No DOM. */

export interface Term {
  /** One name, or several of the same kind. */
  readonly symbols: readonly string[];
  readonly words: string;
}

/** What a quantity is, with what PyTorch calls it where that is another name: its h is the state a. */
export function quantityWords(network: Network, name: string): string {
  const quantity = network.quantities.find((one) => one.name === name);
  if (quantity === undefined) return '';
  const words = hasWords(quantity) ? quantity.words : '';
  const isGiven = quantity.layer !== undefined && statesOfLayer(network, quantity.layer)[0] === name;
  if (!isGiven) return network.states.includes(name) ? `${words}, a state too` : words;
  return CELLS[network.cell].torch === undefined ? `${words}, the state` : `${words}, the state, which PyTorch calls h`;
}

/** The names of a network, of its first layer where it has several, and those of every window. */
export function glossary(network: Network, window: Divisor & { readonly B: number }): readonly Term[] {
  const { T, B } = window;
  const [logits, probabilities] = network.output.map(({ gives }) => written(gives));
  const [state] = network.states;
  return [
    { symbols: ['t'], words: `time step, 0 to T−1` },
    { symbols: ['T'], words: `time steps of a window: ${T}` },
    { symbols: ['B'], words: `streams of text read at once: ${B}` },
    { symbols: ['x', 'y'], words: 'what is read and what comes next, one-hot: 1 at its class, 0 at all others' },
    ...ofFirstLayer(network),
    ...(network.layers > 1 ? [{ symbols: [written(`${state}.2`)], words: 'the same of layer 2' }] : []),
    { symbols: [logits], words: 'logits, a number for each class' },
    { symbols: [probabilities], words: 'softmax of them: a probability for each class' },
    { symbols: ['L'], words: 'loss in nats' },
    { symbols: ['N'], words: `what it is divided by: ${divisorText(window)}` },
    { symbols: [`∂${state}`], words: `∂L/∂${state}, the derivative of the loss: the error of ${state}` },
  ];
}

/** The quantities of the first layer; the pre-activations of several gates are one term. */
function ofFirstLayer(network: Network): Term[] {
  const quantities = network.quantities.filter(({ layer }) => layer === 1);
  const pre = quantities.filter(({ name }) => isPreActivation(network, name));
  const others = quantities.filter((quantity) => !pre.includes(quantity));
  const words = pre.length === 1 ? 'pre-activation' : 'pre-activations of the gates';
  return [
    { symbols: pre.map(({ name }) => written(name)), words },
    ...others.map(({ name }: Quantity) => ({ symbols: [written(name)], words: quantityWords(network, name) })),
  ];
}

/** What a function is applied to that is no state. */
function isPreActivation({ layerEquations, states }: Network, name: string): boolean {
  return !states.includes(name) && layerEquations.some((equation) => 'apply' in equation && equation.to === name);
}
