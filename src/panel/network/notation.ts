import { readRef, type Activation, type Ref } from '../../network/description.ts';
import { written } from '../../network/names.ts';

/** How what a network names is written in formulas. */

/** Time step t, or the one after. */
export type Time = 't' | 't+1';
const BEFORE: Readonly<Record<Time, string>> = { t: 't−1', 't+1': 't' };

/** `a(t)`, `a(t−1)`, `1 − z(t)`, as an equation of time step `time` reads it. */
export function timed(ref: Ref, time: Time = 't'): string {
  const { name, isBefore, isLeft } = readRef(ref);
  return `${isLeft ? '1 − ' : ''}${written(name)}(${isBefore ? BEFORE[time] : time})`;
}

/** As a factor: `(1 − z(t))`. */
export function factor(ref: Ref, time: Time = 't'): string {
  return readRef(ref).isLeft ? `(${timed(ref, time)})` : timed(ref, time);
}

/** The derivative of the loss: `∂h(t)`, `∂h(t+1)`. */
export function errorAt(quantity: string, time: Time = 't'): string {
  return `∂${written(quantity)}(${time})`;
}

/** For ids and tables, in letters alone: `a`, `aPrevious`, `aPrevious.2`. */
export function idOf(ref: Ref): string {
  const { name, isBefore } = readRef(ref);
  return isBefore ? name.replace(/(?=\.|$)/, 'Previous') : name;
}

/** The slope of an activation, which all follow from what it gave. */
export interface Slope {
  /** As a formula of what the activation gave: `1 − a(t)²`. */
  readonly of: (gave: string) => string;
  /** The same as a factor. */
  readonly factorOf: (gave: string) => string;
  readonly at: (gave: number) => number;
  /** What it does to errors, of an activation that gave `name`. */
  readonly meaning: (name: string) => string;
  /** How the activation is written in formulas, and called in sentences. */
  readonly symbol: string;
  readonly words: string;
  /** Where it lets no error pass. */
  readonly shut: string;
}

export const SLOPES: Readonly<Record<Activation, Slope>> = {
  tanh: {
    of: (gave) => `1 − ${gave}²`,
    factorOf: (gave) => `(1 − ${gave}²)`,
    at: (gave) => 1 - gave * gave,
    meaning: (name) => `The slope of tanh: where |${name}| is near 1 the factor is near 0 and the error stops there.`,
    symbol: 'tanh',
    words: 'tanh',
    shut: 'near 0 where units are saturated',
  },
  sigmoid: {
    of: (gave) => `${gave} ⊙ (1 − ${gave})`,
    factorOf: (gave) => `${gave} ⊙ (1 − ${gave})`,
    at: (gave) => gave * (1 - gave),
    meaning: () => 'The slope of the sigmoid: at most ¼, and near 0 where the gate is fully open or shut.',
    symbol: 'σ',
    words: 'sigmoid',
    shut: 'near 0 where units are saturated',
  },
  relu: {
    of: (gave) => `[${gave} > 0]`,
    factorOf: (gave) => `[${gave} > 0]`,
    at: (gave) => (gave > 0 ? 1 : 0),
    meaning: () => 'The slope of ReLU: 1 where the unit is on, and 0 where it is off and the error stops.',
    symbol: 'ReLU',
    words: 'ReLU',
    shut: '0 where units are off',
  },
};
