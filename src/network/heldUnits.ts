import { directPathOf, keptMarkup } from './directPath.ts';
import { functionsOf, type NetworkFunction } from './functions.ts';
import { written } from './names.ts';
import type { Network } from './network.ts';
import { SATURATION } from './slopes.ts';

/**
 * Units of a function of a state that stand at its ends, as of an LSTM's s = tanh c: no dead ones. Errors of the state go on past the
 * function, and that it stands there is how large the state has become.
 */

/** The function that is applied to a state; undefined where it stops at both ends nothing, or is applied to no state. */
export function functionOfState(network: Network, by: { gives: string } | { to: string }): NetworkFunction | undefined {
  return functionsOf(network).find(
    ({ gives, to, isOfState, activation }) =>
      isOfState && !SATURATION[activation].passesNothing && ('to' in by ? to === by.to : gives === by.gives),
  );
}

/** Where such a function stands: `±1`. */
export function endsOf({ activation }: Pick<NetworkFunction, 'activation'>): string {
  return activation === 'tanh' ? '±1' : '0 or 1';
}

/** What units do that stand there throughout, and why, after how many they are; without the last stop. */
export function heldUnitsWords(network: Network, of: NetworkFunction): string {
  return `stand at ${endsOf(of)} throughout: ${whyHeld(network, of)}`;
}

/** Why no error gets into their state. */
export function whyHeld(network: Network, of: NetworkFunction): string {
  const described = network.quantities.find(({ name }) => name === of.to);
  const path = directPathOf(network, of.to);
  const past = path === undefined ? '' : `; it passes by ${keptMarkup(path)} alone`;
  return `their ${described?.words ?? 'state'} ${written(of.to)} is so large that ${SATURATION[of.activation].passes} of any error passes into it through ${written(of.gives)}${past}`;
}
