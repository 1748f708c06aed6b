import type { StepPass } from './stepValues.ts';
import type { ReferencePass } from './tensors.ts';

/**
 * All quantities of one time step t, as views into the tensors of a pass: what the steps of both sides read and write, by the names
 * of the network, and those of the tanh cell by themselves.
 */
export interface Cell extends StepPass {
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
  const { shape, window, activations, deltas } = pass;
  const { V, H, B } = shape;
  const hidden = (tensor: Float64Array, slot: number) => tensor.subarray(slot * B * H, (slot + 1) * B * H);
  const output = (tensor: Float64Array) => tensor.subarray(t * B * V, (t + 1) * B * V);
  const aPrevious = hidden(activations.a, t);
  const [h, a] = [hidden(activations.h, t), hidden(activations.a, t + 1)];
  const [o, yhat] = [output(activations.o), output(activations.yhat)];
  const [dyhat, dO] = [output(deltas.dyhat), output(deltas.do)];
  const [da, dh, message] = [hidden(deltas.da, t), hidden(deltas.dh, t), hidden(deltas.message, t)];
  return {
    x: window.inputs.subarray(t * B, (t + 1) * B),
    y: window.targets.subarray(t * B, (t + 1) * B),
    now: { h, a, o, yhat },
    before: { a: aPrevious },
    errors: { now: { yhat: dyhat, o: dO, a: da, h: dh }, messages: { a: message } },
    aPrevious,
    h,
    a,
    o,
    yhat,
    dyhat,
    do: dO,
    da,
    dh,
    message,
  };
}
