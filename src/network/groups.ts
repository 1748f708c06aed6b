import { errorOf, hasWords, parameterOf } from './names.ts';
import { activationOf, errorName, nameInLayer, type Network, type Role } from './network.ts';
import { partOf } from './parts.ts';

/** What the quantities of a layer are folded into where there are too many to stand side by side. */

export type GroupKey =
  | 'input'
  | 'recurrent'
  | 'bias'
  | 'output'
  | 'stateError'
  | 'preActivationError'
  | 'functionError';

export interface QuantityGroup {
  readonly key: GroupKey;
  /** Names of step quantities, in the order of the network. */
  readonly members: readonly string[];
}

/** In the order in which they are offered: what has a gradient, then the errors. */
export const GROUP_KEYS: readonly GroupKey[] = [
  'input',
  'recurrent',
  'bias',
  'output',
  'stateError',
  'preActivationError',
  'functionError',
];

/** So many lines a person can tell apart: the five parameters and two errors of Elman's cell, and one more. */
const FEW = 8;

/** What has a norm at every time step in a layer: its parameters and errors, and the parameters of the output. */
export function quantitiesOfLayer({ parameters, quantities, stepQuantities }: Network, layer: number): string[] {
  const others = new Set([
    ...parameters.filter((parameter) => (parameter.layer ?? layer) !== layer).map(({ name }) => name),
    ...quantities.filter((quantity) => quantity.layer !== layer).map(({ name }) => errorName(name)),
  ]);
  return stepQuantities.filter((quantity) => !others.has(quantity));
}

/** Whether the quantities of one layer are too many to be shown at once. */
export function isFolded(network: Network): boolean {
  return quantitiesOfLayer(network, 1).length > FEW;
}

/** The quantities of a layer, folded by what they do; groups that have none are left out. */
export function groupsOf(network: Network, layer: number): QuantityGroup[] {
  const quantities = quantitiesOfLayer(network, layer);
  return GROUP_KEYS.map((key) => ({
    key,
    members: quantities.filter((quantity) => groupKeyOf(network, quantity) === key),
  })).filter(({ members }) => members.length > 0);
}

/** The group that a quantity belongs to, in whatever layer it is. */
export function groupKeyOf(network: Network, quantity: string): GroupKey {
  const parameter = parameterOf(network, quantity);
  if (parameter !== undefined) return groupOfRole(parameter.role);
  const error = errorOf(network, quantity);
  if (error === undefined) throw new RangeError(`The network has no quantity "${quantity}".`);
  if (network.states.includes(error)) return 'stateError';
  return activationOf(network, error) === undefined ? 'preActivationError' : 'functionError';
}

/** The same quantity of another layer; undefined where that layer has none of its name. */
export function inLayer(network: Network, quantity: string, layer: number): string | undefined {
  if (quantitiesOfLayer(network, layer).includes(quantity)) return quantity;
  const [plain] = quantity.split('.');
  const there = nameInLayer(plain, layer);
  return network.stepQuantities.includes(there) ? there : undefined;
}

/** The gate or candidate that a parameter or an error belongs to; what belongs to a state is told apart by what its equation gives. */
export function gateOf(network: Network, quantity: string): string | undefined {
  const from = parameterOf(network, quantity)?.of ?? errorOf(network, quantity);
  const part = from === undefined ? undefined : partOf(network, from);
  return part?.isState === true ? from : part?.name;
}

/** What the gate of a quantity is in words, `forget gate`; empty where the description says nothing of it. */
export function gateWords(network: Network, quantity: string): string {
  const gate = gateOf(network, quantity);
  const described = network.quantities.find(({ name }) => name === gate);
  return described !== undefined && hasWords(described) ? described.words : '';
}

/** What sets members of a group apart in words: their gates where these differ, else what each is itself. */
export function memberWords(network: Network, members: readonly string[], member: string): string {
  const words = gateWords(network, member);
  const alike = members.filter((other) => gateWords(network, other) === words);
  if (words !== '' && alike.length === 1) return words;
  const name = errorOf(network, member) ?? member;
  const described = [...network.parameters, ...network.quantities].find((other) => other.name === name);
  return described !== undefined && hasWords(described) ? described.words : '';
}

function groupOfRole(role: Role): GroupKey {
  return role === 'outputBias' ? 'output' : role;
}
