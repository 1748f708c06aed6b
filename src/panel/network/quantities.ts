import { errorOf, parameterOf, written } from '../../network/names.ts';
import { errorName, type Network, type Role } from '../../network/network.ts';
import { wayBackOf } from '../../network/wayBack.ts';

/** What the panel shows of a network unless a person chose otherwise, and which of its names belong together. */

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

/** What has a norm at every time step in a layer: its parameters and errors, and the parameters of the output. */
export function quantitiesOfLayer({ parameters, quantities, stepQuantities }: Network, layer: number): string[] {
  const others = new Set([
    ...parameters.filter((parameter) => (parameter.layer ?? layer) !== layer).map(({ name }) => name),
    ...quantities.filter((quantity) => quantity.layer !== layer).map(({ name }) => errorName(name)),
  ]);
  return stepQuantities.filter((quantity) => !others.has(quantity));
}

/** The quantities that have a norm at every time step and are no parameters: the errors. */
export function errorQuantities(network: Network): string[] {
  return network.stepQuantities.filter((quantity) => errorOf(network, quantity) !== undefined);
}

/** The error that says how much reaches a cell: at the pre-activation, or, where there are several, at the state that the first layer gives. */
export function errorOfCell(network: Network): string {
  return errorName(wayBackOf(network)?.preActivation ?? network.states[0]);
}

/** A chosen quantity, as far as the network has it. */
export function chosenOf(network: Network, chosen: string | null, otherwise: string): string {
  return chosen !== null && network.stepQuantities.includes(chosen) ? chosen : otherwise;
}

/** The quantity of the heat map and of the profiles of a comparison: the chosen one, or the weight that carries errors back. */
export function shownQuantity(network: Network, chosen: string | null, layer = 1): string {
  const quantities = quantitiesOfLayer(network, layer);
  return chosen !== null && quantities.includes(chosen) ? chosen : (recurrentWeight(network, layer) ?? quantities[0]);
}

/** The lines that are not shown; unless a person chose, the errors, which are no gradients. */
export function hiddenLines(network: Network, chosen: readonly string[] | null): readonly string[] {
  return chosen ?? errorQuantities(network);
}

/** What the entries of a quantity of the forward pass stand for. */
export function axisOf({ quantities }: Network, name: string): 'symbol' | 'unit' {
  return quantities.find((quantity) => quantity.name === name)?.axis === 'V' ? 'symbol' : 'unit';
}

/** The norms of a quantity at every time step, (T), of a table (stepQuantities, T); none of a quantity that the network lacks. */
export function stepRow<A extends Float32Array | Float64Array>(network: Network, table: A, quantity: string): A {
  const T = table.length / network.stepQuantities.length;
  const index = network.stepQuantities.indexOf(quantity);
  return (index < 0 ? table.subarray(0, 0) : table.subarray(index * T, (index + 1) * T)) as A;
}

/** Whether it is a parameter, of which all time steps and streams have the same one. */
export function isShared(network: Pick<Network, 'parameters'>, name: string): boolean {
  return parameterOf(network, name) !== undefined;
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

/** Names in a sentence: `W_ai, W_af and W_ag`. */
export function listed(names: readonly string[]): string {
  return listedTexts(names.map(written));
}

export function listedTexts(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;
}
