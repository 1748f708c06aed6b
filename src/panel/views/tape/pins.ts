import type { Inspection } from '../../../protocol/run.ts';
import { nearestIndex } from '../../state/nearestIndex.ts';
import { pinOf, type Pin } from '../../state/pin.ts';
import { MAX_PINS } from '../../state/uiState.ts';

/** Which inspected iterations are laid over one another. No DOM. */

/** The pins with one more, in order of iteration; undefined where there is no room. */
export function withPin(pins: readonly Pin[], inspection: Inspection): Pin[] | undefined {
  if (pins.some(({ iteration }) => iteration === inspection.iteration)) return [...pins];
  return pins.length >= MAX_PINS
    ? undefined
    : [...pins, pinOf(inspection)].sort((one, other) => one.iteration - other.iteration);
}

/** The first inspected iteration and those nearest to 1, 10, 100, … ; where there are too many, the first and the latest. */
export function spacedPins(inspections: readonly Inspection[]): Pin[] {
  const newest = inspections.at(-1)?.iteration;
  if (newest === undefined) return [];
  const found = new Set([inspections[0]]);
  for (let power = 1; power <= newest; power *= 10) found.add(inspections[nearestIndex(inspections, power)]);
  const [first, ...later] = [...found].sort((one, other) => one.iteration - other.iteration);
  return [first, ...later.slice(Math.max(0, later.length - (MAX_PINS - 1)))].map(pinOf);
}
