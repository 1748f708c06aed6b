import { errorOf } from '../../../network/names.ts';
import { errorQuantities, parametersOfRole } from '../../../network/quantities.ts';
import type { Network } from '../../../network/network.ts';
import { markup, type Markup } from './markup.ts';

/** Quantities that have a figure, or a table, of their own. */
export interface Group {
  /** Absent where there is but one. */
  readonly heading?: string;
  readonly quantities: readonly string[];
}

/** So many lines can be told apart in one figure: a cell with one function and its two errors. */
const MOST_TOGETHER = 8;

export function isGrouped({ stepQuantities }: Pick<Network, 'stepQuantities'>): boolean {
  return stepQuantities.length > MOST_TOGETHER;
}

/** All parameters and, where they are wanted, errors; of a network that has many, by layer and then by what they do. */
export function groupsOf(network: Network, { errors }: { readonly errors: boolean }): Group[] {
  const all = errors ? network.stepQuantities : network.parameterNames;
  if (!isGrouped(network)) return [{ quantities: all }];
  const layers = Array.from({ length: network.layers }, (_, index) => index + 1);
  const wanted = new Set(all);
  const groups: Group[] = [
    ...layers.flatMap((layer) => groupsOfLayer(network, layer)),
    {
      heading: 'Output',
      quantities: [...parametersOfRole(network, 'output'), ...parametersOfRole(network, 'outputBias')],
    },
  ];
  return groups
    .map((group) => ({ ...group, quantities: group.quantities.filter((name) => wanted.has(name)) }))
    .filter(({ quantities }) => quantities.length > 0);
}

function groupsOfLayer(network: Network, layer: number): Group[] {
  const named = (what: string): string => (network.layers === 1 ? what : `Layer ${layer}, ${what.toLowerCase()}`);
  const ofLayer = new Set(network.quantities.filter((quantity) => quantity.layer === layer).map(({ name }) => name));
  const errors = errorQuantities(network).filter((quantity) => ofLayer.has(errorOf(network, quantity) ?? ''));
  return [
    { heading: named('Input weights'), quantities: parametersOfRole(network, 'input', layer) },
    { heading: named('Recurrent weights'), quantities: parametersOfRole(network, 'recurrent', layer) },
    { heading: named('Biases'), quantities: parametersOfRole(network, 'bias', layer) },
    { heading: named('Errors'), quantities: errors },
  ];
}

/** A figure or table for each group, under its heading. */
export function grouped(groups: readonly Group[], figure: (group: Group) => Markup): Markup {
  return markup`${groups.map((group) =>
    group.heading === undefined ? figure(group) : markup`<h3>${group.heading}</h3>\n${figure(group)}`,
  )}`;
}
