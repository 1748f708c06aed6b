/** Where the rows of the tape lie, from top to bottom, and what lies in a cell of them. Pure functions. */

/** Pixels from the top of the sheet. */
export interface Strip {
  readonly top: number;
  readonly height: number;
}

/** The rows of one state: what it carries on, how open the gates of that are, then the error that comes back to it and its own. */
export interface LaneRows {
  readonly path?: Strip;
  /** Of a state that has gates. */
  readonly gates?: Strip;
  readonly future: Strip;
  readonly own: Strip;
}

export interface TapeRows {
  /** From top to bottom. */
  readonly lanes: readonly LaneRows[];
  readonly height: number;
}

export const NUMBERS: Strip = { top: 0, height: 16 };
export const INPUT: Strip = { top: 18, height: 34 };
export const TARGET: Strip = { top: 54, height: 20 };
export const PREDICTED: Strip = { top: 75, height: 20 };
/** Where the lanes begin. */
const LANES_TOP = 106;
const BELOW = 16;

/** A single state that no gate keeps or gives out has all the room, and nothing to show of its way but its error. */
const PLAIN: TapeRows = {
  lanes: [{ future: { top: LANES_TOP, height: 46 }, own: { top: 156, height: 34 } }],
  height: 190 + BELOW,
};
const PATH_HEIGHT = 34;
const GATES_HEIGHT = 14;
const FUTURE_HEIGHT = 26;
const OWN_HEIGHT = 20;
const GAP = 4;
export const LANE_GAP = 14;

/** @param hasGates of each lane, from top to bottom. */
export function tapeRows(hasGates: readonly boolean[], isPlain: boolean): TapeRows {
  if (isPlain) return PLAIN;
  let top = LANES_TOP;
  const next = (height: number): Strip => {
    const strip = { top, height };
    top += height + GAP;
    return strip;
  };
  const lanes = hasGates.map((isGated): LaneRows => {
    const forward = { path: next(PATH_HEIGHT), ...(isGated && { gates: next(GATES_HEIGHT) }) };
    const rows = { ...forward, future: next(FUTURE_HEIGHT), own: next(OWN_HEIGHT) };
    top += LANE_GAP - GAP;
    return rows;
  });
  return { lanes, height: top - LANE_GAP + BELOW };
}

/** The lower end of the last row. */
export function bottomOf({ lanes }: TapeRows): number {
  return Math.max(...lanes.map(({ own }) => own.top + own.height));
}

/** From this width on a bar can be told from its neighbour. */
const NARROWEST_BAR = 2;

/**
 * Where the bars of so many parts stand in a cell, from its left end; where there is no room for all of them, the first one has the
 * whole cell.
 */
export function partBars(cell: number, count: number): readonly { readonly left: number; readonly width: number }[] {
  const room = cell - (cell > 4 ? 1 : 0);
  const gap = cell >= 16 ? 1 : 0;
  const width = (room - gap * (count - 1)) / count;
  if (width < NARROWEST_BAR) return [{ left: 0, width: room }];
  return Array.from({ length: count }, (_, index) => ({ left: index * (width + gap), width }));
}
