import type { Activation } from '../../network/description.ts';
import { SLOPE_AT } from '../../network/slopeAt.ts';
import { SATURATION } from '../../network/slopes.ts';
import type { FunctionWords } from '../../network/wayWords.ts';
import type { Units } from '../../protocol/study.ts';

/** Numbers of saturation as the pictures need them. Pure functions. */

export type UnitOrder = 'saturation' | 'index';

type Values = Pick<Units, 'values' | 'unitSaturation'>;

/** (H): the mean of the slope of each unit over time. */
function meanSlopes({ values, unitSaturation }: Values, activation: Activation): Float64Array {
  const H = unitSaturation.length;
  const T = values.length / H;
  const slopeAt = SLOPE_AT[activation];
  return unitSaturation.map((_, unit) => {
    let sum = 0;
    for (let t = 0; t < T; t++) sum += slopeAt(values[t * H + unit]);
    return sum / T;
  });
}

/** (H): the units from the first row to the last: in their own order, or those saturated for the longest time first. */
export function orderUnits(memory: Values, order: UnitOrder, activation: Activation): Int32Array {
  const units = Int32Array.from(memory.unitSaturation, (_, unit) => unit);
  if (order === 'index') return units;
  const mean = meanSlopes(memory, activation);
  const { unitSaturation } = memory;
  // Equally saturated ones by how much error they let through, so that the picture is smooth and the order always the same.
  return units.sort((a, b) => unitSaturation[b] - unitSaturation[a] || mean[a] - mean[b] || a - b);
}

const MOST_NAMED = 24;

/**
 * Which units are dead and what that means, in one sentence.
 * @param held what units of a function of a state do instead, which are none: `heldUnitsWords` of the network.
 */
export function deadUnitsText(
  { deadUnits, values, unitSaturation }: Values & Pick<Units, 'deadUnits'>,
  streams: number,
  { of, stoppedWhere }: Pick<FunctionWords, 'of' | 'stoppedWhere'>,
  held?: string,
): string {
  const where =
    streams === 1 ? 'at every step of this window' : `at every step of all ${streams} streams of this window`;
  const count = deadUnits.length;
  const H = unitSaturation.length;
  if (of === 'sigmoid') return fixedGatesText(deadUnits, values, H, `${stoppedWhere} ${where}`);
  if (held !== undefined) return heldUnitsText(deadUnits, H, `${stoppedWhere} ${where}`, held);
  if (count === 0) return `No dead units: none of the ${H} has ${stoppedWhere} ${where}.`;
  const { passesNothing, passes } = SATURATION[of];
  const them = count === 1 ? 'it' : 'them';
  return (
    `${count} dead ${count === 1 ? 'unit' : 'units'} of ${H}: ${namedUnits(deadUnits)}. ${stoppedWhere} ${where}: ${passesNothing ? 'no error passes' : `${passes} of any error passes`} ` +
    `through ${them}, so the weights that lead into ${them} ${passesNothing ? 'learn nothing from it' : 'hardly learn'}.`
  );
}

/** Gates that are fully open or shut all along: what decides them gets no error. @param values of the stream that is shown. */
function fixedGatesText(units: Int32Array, values: Float64Array, H: number, where: string): string {
  if (units.length === 0) return `No unit's gate is at its ends all along: none of the ${H} has ${where}.`;
  const openSteps = (unit: number): number => {
    let open = 0;
    for (let at = unit; at < values.length; at += H) if (values[at] > 0.5) open++;
    return open;
  };
  const T = values.length / H;
  const isOpen = (unit: number): boolean => openSteps(unit) === T;
  const isShut = (unit: number): boolean => openSteps(unit) === 0;
  const groups = [
    ['open', units.filter(isOpen)],
    ['shut', units.filter(isShut)],
    ['open or shut from step to step', units.filter((unit) => !isOpen(unit) && !isShut(unit))],
  ] as const;
  const named = groups.flatMap(([how, those]) => (those.length === 0 ? [] : `${how} in ${namedUnits(those)}`));
  const one = units.length === 1;
  return (
    `The gate of ${units.length} ${one ? 'unit' : 'units'} of ${H} is at its ends all along, in this stream ${named.join('; ')}. ${where}: ` +
    `what decides ${one ? 'it' : 'them'} hardly learns.`
  );
}

function heldUnitsText(units: Int32Array, H: number, where: string, held: string): string {
  if (units.length === 0) return `None of the ${H} units has ${where}.`;
  return `${units.length} of ${H} units ${held}. With ${where}: ${namedUnits(units)}.`;
}

function namedUnits(units: Int32Array): string {
  const named = Array.from(units.subarray(0, MOST_NAMED)).join(', ');
  return units.length > MOST_NAMED ? `${named} and ${units.length - MOST_NAMED} more` : named;
}
