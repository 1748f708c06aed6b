import { parameterOf } from '../../network/names.ts';
import {
  gateOf,
  groupKeyOf,
  groupsOf,
  inLayer,
  isFolded,
  memberWords,
  quantitiesOfLayer,
  type QuantityGroup,
} from '../../network/groups.ts';
import { errorName, type Network } from '../../network/network.ts';
import { errorQuantities, recurrentWeight } from '../../network/quantities.ts';

/** What the panel shows of a network unless a person chose otherwise, and which of its names belong together. */

/** A chosen quantity, as far as the network has it. */
export function chosenOf(network: Network, chosen: string | null, otherwise: string): string {
  return chosen !== null && network.stepQuantities.includes(chosen) ? chosen : otherwise;
}

/**
 * The quantity of the heat map: the chosen one, or the same of this layer where it was chosen in another; else the weight that carries
 * errors back.
 */
export function shownQuantity(network: Network, chosen: string | null, layer = 1): string {
  const here = chosen === null ? undefined : inLayer(network, chosen, layer);
  return here ?? recurrentWeight(network, layer) ?? quantitiesOfLayer(network, layer)[0];
}

/** What charts show of a layer: all of it, or where that is too much the group that the chosen quantity belongs to. */
export function shownTogether(network: Network, chosen: string | null, layer: number): readonly string[] {
  if (!isFolded(network)) return quantitiesOfLayer(network, layer);
  const key = groupKeyOf(network, shownQuantity(network, chosen, layer));
  return groupsOf(network, layer).find((group) => group.key === key)?.members ?? [];
}

/** The same of what has a gradient, and so a total: in place of errors, the weights that carry errors back, or those of the input. */
export function parametersTogether(network: Network, chosen: string | null, layer: number): readonly string[] {
  const parameters = shownTogether(network, chosen, layer).filter((name) => isShared(network, name));
  return parameters.length > 0 ? parameters : shownTogether(network, null, layer);
}

/** The member of a group that is chosen with the group: that of the gate which was looked at, where it has one. */
export function memberFor(network: Network, { members }: QuantityGroup, shown: string): string {
  const gate = gateOf(network, shown);
  return members.find((member) => gate !== undefined && gateOf(network, member) === gate) ?? members[0];
}

/**
 * The lines of those shown together that are not drawn. Unless a person chose, these are the errors, which are no gradients; of a group
 * that is looked at for itself none.
 */
export function hiddenLines(
  network: Network,
  chosen: readonly string[] | null,
  together: readonly string[] = network.stepQuantities,
): readonly string[] {
  if (!isFolded(network)) return chosen ?? errorQuantities(network);
  const hidden = (chosen ?? []).filter((quantity) => together.includes(quantity));
  return hidden.length < together.length ? hidden : [];
}

/** What the entries of a quantity of the forward pass stand for. */
export function axisOf({ quantities }: Network, name: string): 'symbol' | 'unit' {
  return quantities.find((quantity) => quantity.name === name)?.axis === 'V' ? 'symbol' : 'unit';
}

/** Whether it is a parameter, of which all time steps and streams have the same one. */
export function isShared(network: Pick<Network, 'parameters'>, name: string): boolean {
  return parameterOf(network, name) !== undefined;
}

/** What a line of a group is in words, beside its symbol; empty where all lines of a layer are shown. */
export function legendWords(network: Network, quantity: string): string {
  if (!isFolded(network)) return '';
  const layer = layerOfNamed(network, quantity);
  const key = groupKeyOf(network, quantity);
  const members = groupsOf(network, layer).find((group) => group.key === key)?.members ?? [];
  return memberWords(network, members, quantity);
}

/** The layer of a quantity of the forward pass, counted from 1; the output's are taken for those of the first. */
export function layerOf({ quantities }: Pick<Network, 'quantities'>, name: string): number {
  return quantities.find((quantity) => quantity.name === name)?.layer ?? 1;
}

function layerOfNamed({ parameters, quantities }: Network, quantity: string): number {
  const described = [...parameters, ...quantities.map(({ name, layer }) => ({ name: errorName(name), layer }))];
  return described.find(({ name }) => name === quantity)?.layer ?? 1;
}
