import { parameterOf } from '../../network/names.ts';
import { errorName, type Network } from '../../network/network.ts';
import { errorQuantities, recurrentWeight } from '../../network/quantities.ts';

/** What the panel shows of a network unless a person chose otherwise, and which of its names belong together. */

/** What has a norm at every time step in a layer: its parameters and errors, and the parameters of the output. */
export function quantitiesOfLayer({ parameters, quantities, stepQuantities }: Network, layer: number): string[] {
  const others = new Set([
    ...parameters.filter((parameter) => (parameter.layer ?? layer) !== layer).map(({ name }) => name),
    ...quantities.filter((quantity) => quantity.layer !== layer).map(({ name }) => errorName(name)),
  ]);
  return stepQuantities.filter((quantity) => !others.has(quantity));
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

/** Whether it is a parameter, of which all time steps and streams have the same one. */
export function isShared(network: Pick<Network, 'parameters'>, name: string): boolean {
  return parameterOf(network, name) !== undefined;
}
