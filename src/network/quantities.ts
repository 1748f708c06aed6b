import { errorOf, written } from './names.ts';
import { errorName, type Network, type Parameter, type Role } from './network.ts';
import { statesOfLayer, wayBackOf } from './wayBack.ts';

/** Which names of a network belong together, their tables, and how they stand in a sentence: for the panel and for exports. */

/** The names of the parameters of a role, in one layer or in all. */
export function parametersOfRole({ parameters }: Network, role: Role, layer?: number): string[] {
  return parameters
    .filter((parameter) => parameter.role === role && (layer === undefined || parameter.layer === layer))
    .map(({ name }) => name);
}

/** The first weight of a layer that reads the state of the time step before, through which errors go back; a cell may have none. */
export function recurrentWeight(network: Network, layer = 1): string | undefined {
  return parametersOfRole(network, 'recurrent', layer)[0];
}

/** The weights of the layers that are (H, H): those that errors go back through, which is most of what a look into a network costs. */
export function squareWeights({ parameters }: Pick<Network, 'parameters'>): Parameter[] {
  return parameters.filter(
    ({ times, layer, axes }) => times !== undefined && layer !== undefined && !axes.includes('V'),
  );
}

/** How many these are, for what is told by them about time; a network without one counts as one with one. */
export function productCount(network: Pick<Network, 'parameters'>): number {
  return Math.max(1, squareWeights(network).length);
}

/** The quantities that have a norm at every time step and are no parameters: the errors. */
export function errorQuantities(network: Network): string[] {
  return network.stepQuantities.filter((quantity) => errorOf(network, quantity) !== undefined);
}

/** The error that says how much reaches a layer at a time step: at the pre-activation, or, where there are several, at the state that it gives. */
export function errorOfTimeStep(network: Network, layer = 1): string {
  return errorName(wayBackOf(network, layer)?.preActivation ?? statesOfLayer(network, layer)[0]);
}

/** The norms of a quantity at every time step, (T), of a table (stepQuantities, T); none of a quantity that the network lacks. */
export function stepRow<A extends Float32Array | Float64Array>(network: Network, table: A, quantity: string): A {
  const T = table.length / network.stepQuantities.length;
  const index = network.stepQuantities.indexOf(quantity);
  return (index < 0 ? table.subarray(0, 0) : table.subarray(index * T, (index + 1) * T)) as A;
}

const IN_WORDS = [
  'no',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];

/** A number of steps as a text has it: eleven, 37. */
export function inWords(count: number): string {
  return IN_WORDS[count] ?? String(count);
}

/** Names in a sentence: `W_ah`; `W_ai, W_af and W_ag`. */
export function listed(names: readonly string[]): string {
  return listedTexts(names.map(written));
}

export function listedTexts(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;
}
