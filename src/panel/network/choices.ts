import { directPathsOf, type DirectPath } from '../../network/directPath.ts';
import { readRef } from '../../network/description.ts';
import { activationOf, nameInLayer, type Network } from '../../network/network.ts';
import { parametersOfRole } from '../../network/quantities.ts';
import { reachNames, shownReach } from '../../network/reach.ts';

/** What a person can choose in each layer of a network, and what is shown of it; choices are kept by the name in the first layer. */

/** The layer that is shown, as far as the network has it. */
export function shownLayer({ layers }: Pick<Network, 'layers'>, { layer }: { readonly layer: number }): number {
  return Math.min(layer, layers);
}

interface Chosen {
  readonly layer: number;
}

/** Where the reach of errors is shown. */
export function chosenReach(network: Network, ui: Chosen & { readonly reach: string | null }): string {
  const layer = shownLayer(network, ui);
  return among(reachNames(network, layer), ui.reach, layer) ?? shownReach(network, layer);
}

/** What functions give in a layer, in the order of the equations: gates, candidates, states. */
export function functionNames(network: Network, layer: number): string[] {
  return network.quantities
    .filter((quantity) => quantity.layer === layer && activationOf(network, quantity.name) !== undefined)
    .map(({ name }) => name);
}

/** The function whose units are shown: the chosen one; else what decides over the direct path; else the last one. */
export function shownFunction(network: Network, ui: Chosen & { readonly unitsOf: string | null }): string {
  const layer = shownLayer(network, ui);
  const names = functionNames(network, layer);
  const chosen = among(names, ui.unitsOf, layer);
  if (chosen !== undefined) return chosen;
  const kept = shownDirectPath(network, ui)?.kept.flat() ?? [];
  return names.find((name) => kept.some((ref) => readRef(ref).name === name)) ?? names[names.length - 1];
}

/** The weights of a layer that read a state of the time step before, each with a spectrum. */
export function weightNames(network: Network, layer: number): string[] {
  return parametersOfRole(network, 'recurrent', layer);
}

/** The weight whose spectrum is shown; none of a cell whose state goes on without one. */
export function shownWeight(network: Network, ui: Chosen & { readonly weight: string | null }): string | undefined {
  const layer = shownLayer(network, ui);
  const names = weightNames(network, layer);
  return among(names, ui.weight, layer) ?? names[0];
}

/** The direct path of the layer that is shown, where it has one. */
export function shownDirectPath(network: Network, ui: Chosen): DirectPath | undefined {
  const layer = shownLayer(network, ui);
  return directPathsOf(network).find((path) => path.layer === layer);
}

function among(names: readonly string[], chosen: string | null, layer: number): string | undefined {
  return chosen === null ? undefined : names.find((name) => name === nameInLayer(chosen, layer));
}
