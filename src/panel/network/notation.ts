import { readRef, type Ref } from '../../network/description.ts';
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

/** Without its time where that is this time step: `a`, `a(t−1)`. */
export function shortly(ref: Ref): string {
  return readRef(ref).isBefore ? timed(ref) : written(ref);
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
