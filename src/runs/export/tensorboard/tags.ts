import { parameterOf, plainName } from '../../../network/names.ts';
import type { Network } from '../../../network/network.ts';
import { partOf } from '../../../network/parts.ts';

/**
 * Where a parameter or a quantity stands among the tags, the same in every group: its layer where there are several, of a parameter the
 * gate that it belongs to where a layer has more than one, and its plain name. `layer_2/gate/name`; of one layer of one gate the plain name alone.
 */
export function pathOf(network: Network, name: string): string {
  let paths = known.get(network.parameterNames);
  if (paths === undefined) known.set(network.parameterNames, (paths = new Map<string, string>()));
  const path = paths.get(name) ?? newPath(network, name);
  paths.set(name, path);
  return path;
}

/** There may be millions of numbers of a few names. */
const known = new WeakMap<readonly string[], Map<string, string>>();

function newPath(network: Network, name: string): string {
  const parameter = parameterOf(network, name);
  const layer = parameter?.layer ?? network.quantities.find((quantity) => quantity.name === name)?.layer;
  const group = parameter && hasGates(network) ? partOf(network, parameter.of)?.name : undefined;
  return [
    ...(layer === undefined || network.layers === 1 ? [] : [`layer_${layer}`]),
    ...(group === undefined ? [] : [plainName(group)]),
    plainName(name),
  ].join('/');
}

/** Whether the parameters of a layer belong to several gates or candidates. */
function hasGates(network: Network): boolean {
  const ofLayer = network.parameters.filter(({ layer }) => layer === 1);
  return new Set(ofLayer.map(({ of }) => partOf(network, of)?.name)).size > 1;
}
