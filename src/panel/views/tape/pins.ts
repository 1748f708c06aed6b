import type { Inspection } from '../../../protocol/run.ts';
import { nearestIndex } from '../../state/panelState.ts';
import { MAX_PINS } from '../../state/uiState.ts';

/** Which inspected iterations are laid over one another. No DOM. */

export interface Pin {
  /** The iteration that was pinned. */
  readonly pinned: number;
  /** What is kept of the run nearest to it: inspections are thinned as a run goes on. */
  readonly inspection: Inspection;
}

/** The pins in order of iteration, each with the inspection nearest to it; two that share one are shown once. */
export function shownPins(pins: readonly number[], inspections: readonly Inspection[]): Pin[] {
  const shown: Pin[] = [];
  for (const pinned of [...pins].sort((a, b) => a - b)) {
    const inspection = inspections[nearestIndex(inspections, pinned)];
    if (inspection !== undefined && shown.at(-1)?.inspection !== inspection) shown.push({ pinned, inspection });
  }
  return shown;
}

/** The pins with one more; undefined where there is no room. */
export function withPin(pins: readonly number[], iteration: number): number[] | undefined {
  if (pins.includes(iteration)) return [...pins];
  return pins.length >= MAX_PINS ? undefined : [...pins, iteration].sort((a, b) => a - b);
}

/** The first inspected iteration and those nearest to 1, 10, 100, … ; where there are too many, the first and the latest. */
export function spacedPins(inspections: readonly Inspection[]): number[] {
  const newest = inspections.at(-1)?.iteration;
  if (newest === undefined) return [];
  const found = new Set([inspections[0].iteration]);
  for (let power = 1; power <= newest; power *= 10) {
    found.add(inspections[nearestIndex(inspections, power)].iteration);
  }
  const [first, ...later] = [...found].sort((a, b) => a - b);
  return [first, ...later.slice(Math.max(0, later.length - (MAX_PINS - 1)))];
}
