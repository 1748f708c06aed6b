import { readRef, type Activation, type Ref } from '../../../network/description.ts';

/** How what a network names is written in formulas. */

const WRITTEN: Readonly<Record<string, string>> = { yhat: 'ŷ' };

/** `a`, `ŷ`. */
export function symbolOf(quantity: string): string {
  return WRITTEN[quantity] ?? quantity;
}

/** Time step t, or the one after. */
export type Time = 't' | 't+1';
const BEFORE: Readonly<Record<Time, string>> = { t: 't−1', 't+1': 't' };

/** `a(t)`, `a(t−1)`, `1 − z(t)`, as an equation of time step `time` reads it. */
export function timed(ref: Ref, time: Time = 't'): string {
  const { name, isBefore, isLeft } = readRef(ref);
  return `${isLeft ? '1 − ' : ''}${symbolOf(name)}(${isBefore ? BEFORE[time] : time})`;
}

/** As a factor: `(1 − z(t))`. */
export function factor(ref: Ref, time: Time = 't'): string {
  return readRef(ref).isLeft ? `(${timed(ref, time)})` : timed(ref, time);
}

/** The derivative of the loss: `∂h(t)`, `∂h(t+1)`. */
export function errorAt(quantity: string, time: Time = 't'): string {
  return `∂${symbolOf(quantity)}(${time})`;
}

/** The slope of an activation, from what it gave, and what that does to errors. */
export const SLOPES: Readonly<Record<Activation, { readonly of: (gave: string) => string; readonly meaning: string }>> =
  {
    tanh: {
      of: (gave) => `(1 − ${gave}²)`,
      meaning: 'The slope of tanh: where |a| is near 1 the factor is near 0 and the error stops there.',
    },
    sigmoid: {
      of: (gave) => `${gave} ⊙ (1 − ${gave})`,
      meaning: 'The slope of the sigmoid: at most ¼, and near 0 where the gate is fully open or shut.',
    },
    relu: {
      of: (gave) => `[${gave} > 0]`,
      meaning: 'The slope of ReLU: 1 where the unit is on, and 0 where it is off and the error stops.',
    },
  };
