import type { ReferencePass } from './tensors.ts';

/** All quantities of one time step t, as views into the tensors of a pass: what the steps of both sides read and write. */
export interface Cell {
  readonly x: Int32Array; // (B)
  readonly y: Int32Array; // (B)
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
  return {
    x: window.inputs.subarray(t * B, (t + 1) * B),
    y: window.targets.subarray(t * B, (t + 1) * B),
    aPrevious: hidden(activations.a, t),
    h: hidden(activations.h, t),
    a: hidden(activations.a, t + 1),
    o: output(activations.o),
    yhat: output(activations.yhat),
    dyhat: output(deltas.dyhat),
    do: output(deltas.do),
    da: hidden(deltas.da, t),
    dh: hidden(deltas.dh, t),
    message: hidden(deltas.message, t),
  };
}
