import { readRef, type Ref } from '../../network/description.ts';
import { written } from '../../network/names.ts';
import type { Step } from '../../network/network.ts';

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

/** The norm of what a step of side B gives: `‖∂q(t)‖`, of a message with the state that it goes to: `‖message → a(t−1)‖`. */
export function normOfStep(step: Step): string {
  if (step.kind === 'error') return `‖${errorAt(step.of)}‖`;
  return step.kind === 'message' ? `‖message → ${timed(`${step.to}⁻`)}‖` : '';
}

/** For ids and tables, in letters alone: `a`, `aPrevious`, `aPrevious.2`. */
export function idOf(ref: Ref): string {
  const { name, isBefore } = readRef(ref);
  return isBefore ? name.replace(/(?=\.|$)/, 'Previous') : name;
}
