import type { Network } from '../../network/network.ts';
import { shownQuantity } from '../network/quantities.ts';
import { networkOfRun } from '../network/shownNetwork.ts';
import type { Option } from '../views/controls.ts';
import { optionsOf } from '../views/quantityOptions.ts';
import type { ShownRun } from './compareState.ts';

/** What can be compared of runs whose networks may differ: what any of them has, each name once. */

/** Different ones, in the order of the runs; before there are runs, that of a new one. */
export function networksOf(runs: readonly Pick<ShownRun, 'network'>[]): readonly [Network, ...Network[]] {
  const [first = networkOfRun(undefined), ...others] = new Set(runs.map(({ network }) => network));
  return [first, ...others];
}

/** Of one of their parameters' gradients. */
export function parameterOptions(networks: readonly Network[]): Option<string>[] {
  return distinct(networks.flatMap((network) => optionsOf(network, network.parameterNames)));
}

/** Of what has a norm at every time step. */
export function quantityOptions(networks: readonly Network[]): Option<string>[] {
  return distinct(networks.flatMap((network) => optionsOf(network, network.stepQuantities)));
}

/** The chosen quantity where a network has it, else what the first one shows. */
export function comparedQuantity(networks: readonly [Network, ...Network[]], chosen: string | null): string {
  const isThere = networks.some(({ stepQuantities }) => chosen !== null && stepQuantities.includes(chosen));
  return isThere && chosen !== null ? chosen : shownQuantity(networks[0], null);
}

/** The chosen parameter where a network has it, else all of them together. */
export function comparedNorm(networks: readonly Network[], chosen: string): string {
  return networks.some(({ parameterNames }) => parameterNames.includes(chosen)) ? chosen : 'all';
}

/** Which runs lack what is compared, in a sentence; empty where none does. */
export function lackingText(runs: readonly Pick<ShownRun, 'network' | 'key'>[], quantity: string): string {
  const lacking = runs.filter(({ network }) => !network.stepQuantities.includes(quantity)).map(({ key }) => key);
  return lacking.length === 0 ? '' : `Not in the network of ${lacking.join(', ')}.`;
}

/** Each name once, as the first network has it. */
function distinct(options: readonly Option<string>[]): Option<string>[] {
  return options.filter(({ value }, index) => options.findIndex((other) => other.value === value) === index);
}
