import * as v from 'valibot';
import type { Inspection } from '../../protocol/run.ts';

/** Digits that tell every float32 from its neighbours. */
const FLOAT32_DIGITS = 9;

/**
 * A pinned profile with its numbers, so that it stays as it was when the host thins its inspections. It is stored as JSON,
 * which has no NaN and no infinity: those are written as words.
 */
export const Pin = v.object({
  iteration: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** (stepQuantities, T), as in an inspection. */
  stepNorm: v.array(v.union([v.pipe(v.number(), v.finite()), v.picklist(['NaN', 'Infinity'])])),
});
export type Pin = v.InferOutput<typeof Pin>;

export function pinOf({ iteration, stepNorm }: Pick<Inspection, 'iteration' | 'stepNorm'>): Pin {
  const stored = Array.from(stepNorm, (norm) => {
    if (Number.isNaN(norm)) return 'NaN' as const;
    return Number.isFinite(norm) ? Number(norm.toPrecision(FLOAT32_DIGITS)) : ('Infinity' as const);
  });
  return { iteration, stepNorm: stored };
}

/** (stepQuantities, T): the very numbers that were pinned. */
export function pinnedNorms({ stepNorm }: Pin): Float32Array {
  return Float32Array.from(stepNorm, Number);
}
