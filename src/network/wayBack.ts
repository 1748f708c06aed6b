import { isRefTo, type Activation } from './description.ts';
import { readersOf, type Network } from './network.ts';

/**
 * The way of an error through a cell where it is a single one, as in Elman's: from the state through an activation to the
 * pre-activation, and by one weight to the state before, Wᵀ diag(slope).
 */
export interface WayBack {
  readonly state: string;
  readonly activation: Activation;
  readonly preActivation: string;
  /** The weight that reads the state of the time step before. */
  readonly weight: string;
}

/** Of a layer; undefined where errors go back by several ways at once, as through gates. */
export function wayBackOf(network: Network, layer = 1): WayBack | undefined {
  const [state, another] = statesOfLayer(network, layer);
  if (state === undefined || another !== undefined) return undefined;
  const [reader, alsoReads] = readersOf(network, state).next;
  if (reader === undefined || alsoReads !== undefined || !('affine' in reader)) return undefined;
  const preActivation = reader.gives;
  const weights = reader.affine.filter(([, of]) => isRefTo(of, { name: state, isBefore: true }));
  const given = network.layerEquations.find(({ gives }) => gives === state);
  if (weights.length !== 1 || given === undefined || !('apply' in given) || given.to !== preActivation) {
    return undefined;
  }
  if (readersOf(network, preActivation).now.length !== 1) return undefined;
  return { state, activation: given.apply, preActivation, weight: weights[0][0] };
}

/** The states that a layer carries to the next time step. */
export function statesOfLayer({ states, quantities }: Network, layer: number): string[] {
  return states.filter((state) => quantities.some((quantity) => quantity.name === state && quantity.layer === layer));
}
