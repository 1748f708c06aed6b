import { errorOf, parameterOf } from './names.ts';
import type { Network, Role } from './network.ts';

/** How the line of a quantity looks, so that what has the same job has the same colour in every network. */

/** A colour of the style sheet, `--data-…`: that of a parameter's role, or of an error, of a state or of another quantity. */
export const COLOR_KEYS = [
  'input',
  'recurrent',
  'bias',
  'output',
  'outputBias',
  'error',
  'stateError',
] as const satisfies readonly (Role | 'error' | 'stateError')[];
export type ColorKey = (typeof COLOR_KEYS)[number];

export interface LineStyle {
  readonly color: ColorKey;
  /** Lengths of line and gap in pixels; none of a full line. */
  readonly dash: readonly number[];
  /** Its mark in a legend: where lines share a colour, all but the first show their dash. */
  readonly mark: 'line' | 'dashed' | readonly number[];
}

/** Of the parameters of one role in a layer, gate after gate. */
const GATE_DASHES: readonly (readonly number[])[] = [[], [8, 3], [3, 3], [10, 3, 3, 3]];
/** Of errors, one quantity after another: never full, since they are no gradients. */
const ERROR_DASHES: readonly (readonly number[])[] = [
  [6, 3],
  [10, 3],
  [3, 2],
  [10, 3, 3, 3],
  [6, 2, 2, 2],
  [14, 4],
];
const STATE_DASHES: readonly (readonly number[])[] = [
  [2, 3],
  [2, 3, 6, 3],
];

/** A colour of the style sheet for each layer, from the input to the output. */
export const LAYER_COLOR_KEYS = ['layer1', 'layer2', 'layer3', 'layer4'] as const;
export type LayerColorKey = (typeof LAYER_COLOR_KEYS)[number];

/** Of a line that stands for a whole layer. */
export function layerStyleOf(layer: number): Omit<LineStyle, 'color'> & { readonly color: LayerColorKey } {
  const dash = GATE_DASHES[(layer - 1) % GATE_DASHES.length];
  return { color: LAYER_COLOR_KEYS[(layer - 1) % LAYER_COLOR_KEYS.length], dash, mark: layer === 1 ? 'line' : dash };
}

/** Colour by role, dash by gate: the same in every layer. */
export function lineStyleOf(network: Network, quantity: string): LineStyle {
  const error = errorOf(network, quantity);
  if (error !== undefined) return errorStyleOf(network, error);
  const parameter = parameterOf(network, quantity);
  if (parameter === undefined) throw new RangeError(`The network has no quantity "${quantity}".`);
  const { role, layer } = parameter;
  const alike = network.parameters.filter((other) => other.role === role && other.layer === layer);
  return styled(role, 'line', GATE_DASHES, alike.indexOf(parameter));
}

function errorStyleOf({ states, quantities }: Network, name: string): LineStyle {
  const layer = quantities.find((quantity) => quantity.name === name)?.layer;
  const isState = states.includes(name);
  const alike = quantities.filter((other) => other.layer === layer && states.includes(other.name) === isState);
  const index = alike.findIndex((other) => other.name === name);
  return isState ? styled('stateError', 'dashed', STATE_DASHES, index) : styled('error', 'dashed', ERROR_DASHES, index);
}

function styled(
  color: ColorKey,
  first: 'line' | 'dashed',
  dashes: readonly (readonly number[])[],
  index: number,
): LineStyle {
  const dash = dashes[index % dashes.length];
  return { color, dash, mark: index === 0 ? first : dash };
}
