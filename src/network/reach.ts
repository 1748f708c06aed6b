import { directPathOf } from './directPath.ts';
import { written } from './names.ts';
import { nameInLayer, type Network } from './network.ts';
import { statesOfLayer, wayBackOf } from './wayBack.ts';

/** At what the reach of errors is measured: each state, and the pre-activations of a layer, all of them together. */

/** The name of the pre-activations of a layer together. */
export function preActivationsName(layer: number): string {
  return nameInLayer('h', layer);
}

/**
 * What a person can choose from in a layer: where errors go back by a single way its pre-activation, as the derivation has it; else
 * the states, and the pre-activations after them.
 */
export function reachNames(network: Network, layer: number): string[] {
  const preActivations = preActivationsName(layer);
  return wayBackOf(network, layer) === undefined
    ? [...statesOfLayer(network, layer), preActivations]
    : [preActivations];
}

/** What is shown unless a person chose: the last state that is carried over by itself, which is made to remember; else the first. */
export function shownReach(network: Network, layer: number): string {
  const names = reachNames(network, layer);
  return names.findLast((name) => directPathOf(network, name) !== undefined) ?? names[0];
}

/** All that is compared for the longest-lived one: the states, or what stands for them. */
export function comparedReaches(network: Network): string[] {
  const layers = Array.from({ length: network.layers }, (_, index) => index + 1);
  return layers.flatMap((layer) => {
    const names = reachNames(network, layer);
    return names.length === 1 ? names : names.slice(0, -1);
  });
}

/** The influence of an error on an earlier step as a formula: `‖∂L(t)/∂c(s)‖`. */
export function reachMarkup(name: string, t: number | 't' = 't', at = 's'): string {
  return `‖∂L(${t})/∂${written(name)}(${at})‖`;
}

/** What it is in words: `memory c`, `all pre-activations`, and of several layers the layer. */
export function reachWords(network: Network, name: string): string {
  const described = network.quantities.find((quantity) => quantity.name === name);
  const layer = network.layers === 1 ? '' : ` of layer ${layerOfReach(network, name)}`;
  const isState = network.states.includes(name);
  return `${isState && described !== undefined ? `${described.words} ${written(name)}` : `pre-activations ${written(name)}`}${layer}`;
}

export function layerOfReach(network: Network, name: string): number {
  for (let layer = 1; layer <= network.layers; layer++) {
    if (name === preActivationsName(layer) || statesOfLayer(network, layer).includes(name)) return layer;
  }
  return 1;
}
