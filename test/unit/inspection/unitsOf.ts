import type { Work } from '../../../src/common/work.ts';

/** The units of a work that is done to its end, by the multiplications that each tells of. */
export function unitsOf(work: Work<unknown>): {
  readonly count: number;
  readonly multiplications: number;
  readonly smallest: number;
  readonly largest: number;
} {
  const units: number[] = [];
  for (let unit = work.next(); unit.done !== true; unit = work.next()) units.push(unit.value);
  return {
    count: units.length,
    multiplications: units.reduce((sum, unit) => sum + unit, 0),
    smallest: Math.min(...units),
    largest: Math.max(...units),
  };
}
