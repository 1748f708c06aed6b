import { labelOf, titleOf } from '../../network/names.ts';
import type { Network } from '../../network/network.ts';
import type { Option } from './controls.ts';

/** Quantities of a network to choose from. */
export function optionsOf(network: Network, quantities: readonly string[]): Option<string>[] {
  return quantities.map((value) => ({ value, label: labelOf(network, value), title: titleOf(network, value) }));
}
