import { stepAt, type StepOfPass } from '../../../src/model/stepOfPass.ts';
import type { ReferencePass } from '../../../src/model/tensors.ts';

/** One time step of a pass, with the quantities of Elman's cell by themselves. */
export interface ElmanStep extends StepOfPass {
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

/** Time step t, 0 ≤ t < T. */
export function elmanStepAt(pass: ReferencePass, t: number): ElmanStep {
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
