import { SATURATED, SATURATED_PERCENT } from '../../network/saturation.ts';
import type { Memory } from '../../protocol/study.ts';

/** Numbers of saturation as the pictures need them. Pure functions. */

export type UnitOrder = 'saturation' | 'index';

type Activations = Pick<Memory, 'a' | 'inputs' | 'unitSaturation'>;

/** The tanh factor 1 − a² of one unit at one time step. */
export function tanhFactorAt({ a, unitSaturation }: Activations, unit: number, t: number): number {
  const value = a[t * unitSaturation.length + unit];
  return 1 - value * value;
}

/** (H): the mean of the tanh factor of each unit over time. */
function meanFactors(memory: Activations): Float64Array {
  const T = memory.inputs.length;
  return memory.unitSaturation.map((_, unit) => {
    let sum = 0;
    for (let t = 0; t < T; t++) sum += tanhFactorAt(memory, unit, t);
    return sum / T;
  });
}

/** (H): the units from the first row to the last: in their own order, or those saturated for the longest time first. */
export function orderUnits(memory: Activations, order: UnitOrder): Int32Array {
  const units = Int32Array.from(memory.unitSaturation, (_, unit) => unit);
  if (order === 'index') return units;
  const mean = meanFactors(memory);
  const { unitSaturation } = memory;
  // Equally saturated ones by how much error they let through, so that the picture is smooth and the order always the same.
  return units.sort((a, b) => unitSaturation[b] - unitSaturation[a] || mean[a] - mean[b] || a - b);
}

const MOST_NAMED = 24;

/** Which units are dead and what that means, in one sentence. */
export function deadUnitsText(deadUnits: Int32Array, H: number, streams: number): string {
  const where =
    streams === 1 ? 'at every step of this window' : `at every step of all ${streams} streams of this window`;
  const count = deadUnits.length;
  if (count === 0) return `No dead units: none of the ${H} has |a| > ${SATURATED} ${where}.`;
  const named = Array.from(deadUnits.subarray(0, MOST_NAMED)).join(', ');
  const more = count > MOST_NAMED ? ` and ${count - MOST_NAMED} more` : '';
  return (
    `${count} dead ${count === 1 ? 'unit' : 'units'} of ${H}: ${named}${more}. |a| > ${SATURATED} ${where}: less than ${SATURATED_PERCENT} % of any error passes ` +
    `through ${count === 1 ? 'it' : 'them'}, so the weights that lead into ${count === 1 ? 'it' : 'them'} hardly learn.`
  );
}
