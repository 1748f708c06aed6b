import { errorName } from '../network/network.ts';
import type { StepPass } from './stepValues.ts';
import { messageName, type ReferencePass, type Tensors } from './tensors.ts';

/** One time step as views into the tensors of a pass, by the names of its network. */
export interface StepOfPass extends StepPass {
  readonly now: Tensors<Float64Array>;
  readonly before: Tensors<Float64Array>;
  readonly errors: { readonly now: Tensors<Float64Array>; readonly messages: Tensors<Float64Array> };
}

/** The same with the quantities of Elman's cell by themselves. */
export interface Cell extends StepOfPass {
  /** a(t−1), at t = 0 the carried-in state. */
  readonly aPrevious: Float64Array; // (B, H)
  readonly h: Float64Array; // (B, H)
  readonly a: Float64Array; // (B, H)
  readonly o: Float64Array; // (B, V)
  readonly yhat: Float64Array; // (B, V)
  readonly dyhat: Float64Array; // (B, V)
  readonly do: Float64Array; // (B, V)
  readonly da: Float64Array; // (B, H)
  readonly dh: Float64Array; // (B, H)
  readonly message: Float64Array; // (B, H)
}

/** The cell of time step t, 0 ≤ t < T. */
export function cellAt(pass: ReferencePass, t: number): Cell {
  const step = stepAt(pass, t);
  const { now, before, errors } = step;
  return {
    ...step,
    aPrevious: before.a,
    h: now.h,
    a: now.a,
    o: now.o,
    yhat: now.yhat,
    dyhat: errors.now.yhat,
    do: errors.now.o,
    da: errors.now.a,
    dh: errors.now.h,
    message: errors.messages.a,
  };
}

/** What time step t reads and gives on both sides, 0 ≤ t < T. */
export function stepAt({ network, shape, window, activations, deltas }: ReferencePass, t: number): StepOfPass {
  const { H, B } = shape;
  const slot = (tensor: Float64Array, at: number, size: number) => tensor.subarray(at * size, (at + 1) * size);
  const now: Record<string, Float64Array> = {};
  const errorsNow: Record<string, Float64Array> = {};
  for (const { name, axis } of network.quantities) {
    const size = B * shape[axis];
    // A state has a slot more: the first one is carried in.
    now[name] = slot(activations[name], network.states.includes(name) ? t + 1 : t, size);
    errorsNow[name] = slot(deltas[errorName(name)], t, size);
  }
  const before: Record<string, Float64Array> = {};
  const messages: Record<string, Float64Array> = {};
  for (const state of network.states) {
    before[state] = slot(activations[state], t, B * H);
    messages[state] = slot(deltas[messageName(state)], t, B * H);
  }
  return {
    x: window.inputs.subarray(t * B, (t + 1) * B),
    y: window.targets.subarray(t * B, (t + 1) * B),
    now,
    before,
    errors: { now: errorsNow, messages },
  };
}
