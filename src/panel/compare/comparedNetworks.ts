import { groupKeyOf, groupsOf, inLayer, isFolded, GROUP_KEYS, type GroupKey } from '../../network/groups.ts';
import { errorName, type Network } from '../../network/network.ts';
import { parametersOfLayer } from '../../network/norms.ts';
import { statesOfLayer } from '../../network/wayBack.ts';
import { shownQuantity } from '../network/quantities.ts';
import { networkOfRun } from '../network/shownNetwork.ts';
import type { ShownRun } from './compareState.ts';

/**
 * What can be compared of runs whose networks may differ. Runs of one small network are compared by its own names; all others by what a
 * quantity does, whatever its cell calls it: a role of several gates, or of several layers, has the norm of them together.
 */

/** All parameters, a group of quantities, the error at what a layer gives, or one quantity by its name. */
export type Compared = 'all' | GroupKey | 'given' | (string & {});
/** Of which layer; null of all of them. */
export type ComparedLayer = number | null;
/** What is compared over training has a gradient; time steps have errors as well. */
export type ComparedKind = 'norms' | 'profiles';

type Networks = readonly [Network, ...Network[]];

/** Different ones, in the order of the runs; before there are runs, that of a new one. */
export function networksOf(runs: readonly Pick<ShownRun, 'network'>[]): Networks {
  const [first = networkOfRun(undefined), ...others] = new Set(runs.map(({ network }) => network));
  return [first, ...others];
}

/** Whether they all have the same quantities: then a name means the same in each of them. */
export function haveSameNames([first, ...others]: Networks): boolean {
  const names = first.stepQuantities.join();
  return others.every(({ stepQuantities }) => stepQuantities.join() === names);
}

/** Whether they are one network whose quantities can stand side by side. */
export function isPlain(networks: Networks): boolean {
  const [first] = networks;
  return haveSameNames(networks) && first.layers === 1 && !isFolded(first);
}

/** Layers of the deepest of them. */
export function mostLayers(networks: Networks): number {
  return Math.max(...networks.map(({ layers }) => layers));
}

/** What is offered of them. */
export function offered(networks: Networks, kind: ComparedKind): Compared[] {
  const [first] = networks;
  if (isPlain(networks)) return kind === 'norms' ? ['all', ...first.parameterNames] : [...first.stepQuantities];
  const groups = GROUP_KEYS.filter((key) =>
    networks.some((network) => groupsOf(network, 1).some((group) => group.key === key)),
  );
  const roles = groups.filter((key) => !isOfErrors(key));
  if (kind === 'norms') return ['all', ...roles];
  // What cells call their errors differs; what their layers give is the same place in each of them.
  return haveSameNames(networks) ? ['given', ...groups] : ['given', ...roles];
}

/** The quantities that a choice of one of them is made of, where it is one of several of the same network. */
export function membersOf(networks: Networks, what: Compared, layer: ComparedLayer): readonly string[] {
  if (isPlain(networks) || !haveSameNames(networks)) return [];
  const [network] = networks;
  const at = network.layers === 1 ? 1 : layer;
  const key = groupOfChoice(networks, what);
  if (at === null || key === undefined) return [];
  const members = groupsOf(network, at).find((group) => group.key === key)?.members ?? [];
  return members.length > 1 ? members : [];
}

/** The button that a choice belongs to: itself, or the group of a quantity that was chosen by its name. */
export function groupOfChoice(networks: Networks, what: Compared): GroupKey | undefined {
  if (isGroup(what)) return what;
  const owner = networks.find(({ stepQuantities }) => stepQuantities.includes(what));
  return owner && groupKeyOf(owner, what);
}

/** What is compared: the chosen, as far as it is offered; a name only where it means the same in all of them. */
export function comparedOf(
  networks: Networks,
  kind: ComparedKind,
  chosen: string | null,
  layer: ComparedLayer,
): Compared {
  const all = offered(networks, kind);
  const [first] = networks;
  const otherwise = kind === 'norms' ? 'all' : isPlain(networks) ? shownQuantity(first, null) : 'given';
  if (chosen === null) return otherwise;
  if (all.includes(chosen)) return chosen;
  if (isPlain(networks) || !first.stepQuantities.includes(chosen)) return otherwise;
  const key = groupOfChoice(networks, chosen);
  if (key === undefined || !all.includes(key)) return otherwise;
  const here = layer === null && first.layers > 1 ? undefined : inLayer(first, chosen, layer ?? 1);
  return here !== undefined && membersOf(networks, here, layer).includes(here) ? here : key;
}

/** The quantities of a network whose norms are taken together; none where it has no such thing. */
export function namesOf(network: Network, what: Compared, layer: ComparedLayer): readonly string[] {
  const layers = Array.from({ length: network.layers }, (_, index) => index + 1).filter(
    (one) => layer === null || one === layer,
  );
  if (what === 'all') {
    return layer === null ? network.parameterNames : layers.flatMap((one) => parametersOfLayer(network, one));
  }
  if (what === 'given') return layers.map((one) => errorName(statesOfLayer(network, one)[0]));
  if (!isGroup(what)) return network.stepQuantities.includes(what) ? [what] : [];
  // The output is above all layers: it is no layer's, and there whichever is chosen.
  const places = what === 'output' ? [1] : layers;
  return places.flatMap((one) => groupsOf(network, one).find(({ key }) => key === what)?.members ?? []);
}

function isGroup(what: Compared): what is GroupKey {
  return (GROUP_KEYS as readonly string[]).includes(what);
}

function isOfErrors(key: GroupKey): boolean {
  return key === 'stateError' || key === 'preActivationError' || key === 'functionError';
}
