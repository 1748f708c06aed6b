import type { Units } from '../../protocol/study.ts';
import type { UnitOrder } from './memorySaturation.ts';

/** How far gates are open. Pure functions. */

/**
 * From these on a gate counts as open or as shut, saturated to the right or to the left (Karpathy, Johnson & Fei-Fei 2015,
 * section 4.2).
 */
export const OPEN = 0.9;
export const SHUT = 0.1;

export interface GateShares {
  readonly open: number;
  readonly shut: number;
}

type Values = Pick<Units, 'values' | 'unitSaturation'>;

/** The shares of a gate's numbers that are open and shut: of all, of a time step or of a unit. */
export function gateShares({ values, unitSaturation }: Values, of: { t?: number; unit?: number } = {}): GateShares {
  const H = unitSaturation.length;
  let open = 0;
  let shut = 0;
  let count = 0;
  for (let at = 0; at < values.length; at++) {
    if (of.unit !== undefined && at % H !== of.unit) continue;
    if (of.t !== undefined && Math.floor(at / H) !== of.t) continue;
    count++;
    if (values[at] > OPEN) open++;
    else if (values[at] < SHUT) shut++;
  }
  return { open: open / count, shut: shut / count };
}

/** (H): the units from the first row to the last: in their own order, or those that are open the furthest, on average, first. */
export function orderGates({ values, unitSaturation }: Values, order: UnitOrder): Int32Array {
  const H = unitSaturation.length;
  const sums = new Float64Array(H);
  values.forEach((value, at) => (sums[at % H] += value));
  const units = Int32Array.from(unitSaturation, (_, unit) => unit);
  return order === 'index' ? units : units.sort((one, other) => sums[other] - sums[one] || one - other);
}
