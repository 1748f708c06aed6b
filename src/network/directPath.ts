import { isRefTo, readRef, type Ref } from './description.ts';
import { written } from './names.ts';
import type { Network } from './network.ts';

/**
 * The direct path of a state: the terms of its equation with its own previous value, as of c = f ⊙ c⁻ + i ⊙ g the first one. An error
 * that goes back by it alone is multiplied, unit by unit, by what that value is multiplied by; all that goes through other gates,
 * candidates and states comes on top.
 */
export interface DirectPath {
  readonly state: string;
  readonly layer: number;
  /** What the previous value is multiplied by: terms that are added, each of its factors; a term of no factor is 1. */
  readonly kept: readonly (readonly Ref[])[];
}

/** Undefined of a state that is not carried over by itself, as that of Elman's cell. */
export function directPathOf({ layerEquations, quantities }: Network, state: string): DirectPath | undefined {
  const equation = layerEquations.find(({ gives }) => gives === state);
  if (equation === undefined || !('sum' in equation)) return undefined;
  const isItself = (ref: Ref): boolean => isRefTo(ref, { name: state, isBefore: true }) && !readRef(ref).isLeft;
  const kept = equation.sum
    .filter((factors) => factors.filter(isItself).length === 1)
    .map((factors) => factors.filter((ref) => !isItself(ref)));
  const layer = quantities.find(({ name }) => name === state)?.layer ?? 1;
  return kept.length === 0 ? undefined : { state, layer, kept };
}

/** Of all states, the lowest layer first. */
export function directPathsOf(network: Network): DirectPath[] {
  return network.states.flatMap((state) => directPathOf(network, state) ?? []);
}

/** What is kept, as a formula of the quantities at a time step: `f(t)`, `1 − z(t)`; of none, of any. */
export function keptMarkup({ kept }: Pick<DirectPath, 'kept'>, time?: string): string {
  const at = time === undefined ? '' : `(${time})`;
  const factorOf = (ref: Ref, isAlone: boolean): string => {
    const { name, isBefore, isLeft } = readRef(ref);
    const text = `${isLeft ? '1 − ' : ''}${written(name)}${isBefore ? '⁻' : ''}${at}`;
    return isLeft && !isAlone ? `(${text})` : text;
  };
  const termOf = (factors: readonly Ref[]): string =>
    factors.length === 0 ? '1' : factors.map((ref) => factorOf(ref, kept.length + factors.length === 2)).join(' ⊙ ');
  return kept.map(termOf).join(' + ');
}

/** What is kept, in words where it is a single gate: `the forget gate f`; else as the formula. */
export function keptWords(network: Network, path: DirectPath): string {
  const [[only] = [], ...others] = path.kept;
  if (only === undefined || others.length > 0 || path.kept[0].length > 1) return keptMarkup(path);
  const { name, isLeft } = readRef(only);
  const words = network.quantities.find((quantity) => quantity.name === name)?.words ?? name;
  return isLeft ? `${keptMarkup(path)}, what the ${words} leaves` : `the ${words} ${keptMarkup(path)}`;
}
