import { errorName } from '../network/network.ts';
import type { StepPass } from './stepValues.ts';
import { messageName, type ReferencePass, type Tensors } from './tensors.ts';

/** One time step as views into the tensors of a pass, by the names of its network. */
export interface StepOfPass extends StepPass {
  readonly now: Tensors<Float64Array>;
  readonly before: Tensors<Float64Array>;
  readonly errors: { readonly now: Tensors<Float64Array>; readonly messages: Tensors<Float64Array> };
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
