import { STEP_QUANTITIES, type StepQuantity } from '../../network/names.ts';
import type { Inspection } from '../../protocol/run.ts';

/** The norms of a quantity at every time step of an inspection, (T). */
export function stepNorms(inspection: Inspection, quantity: StepQuantity): Float32Array {
  const T = inspection.inputs.length;
  const start = STEP_QUANTITIES.indexOf(quantity) * T;
  return inspection.stepNorm.subarray(start, start + T);
}

/** At most `most` of a list's elements, evenly spaced, the first and the last among them. */
export function evenly<E>(list: readonly E[], most: number): E[] {
  if (list.length <= most) return [...list];
  return Array.from({ length: most }, (_, i) => list[Math.round((i * (list.length - 1)) / (most - 1))]);
}
