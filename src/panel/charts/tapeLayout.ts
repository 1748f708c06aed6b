/** Where the cells of the tape lie: time steps of equal width in a row that is scrolled and zoomed. Pure functions. */

/** From this width on a cell has room for its characters in a size that is read at ease. */
export const READABLE_CELL = 26;
/** A whole tape in sight is worth cells that are a little narrower. */
const NARROWEST_FITTING_CELL = 18;
const WIDEST_STARTING_CELL = 40;
const WIDEST_CELL = 72;
/** Cells that stay in sight before and after the chosen one. */
const MARGIN_CELLS = 2;

export interface TapeSpan {
  /** Pixels of one cell. */
  readonly cell: number;
  /** Pixels of the tape that are scrolled out of sight on the left. */
  readonly scroll: number;
  /** Pixels in sight. */
  readonly width: number;
  readonly T: number;
}

/** The width of a cell with which the whole tape is in sight. */
export function fittingCell(T: number, width: number): number {
  return Math.min(WIDEST_CELL, width / Math.max(1, T));
}

/** The width that cells start with: the whole tape where its characters can then be read, else as wide as reading needs. */
export function startingCell(T: number, width: number): number {
  const fitting = Math.min(WIDEST_STARTING_CELL, fittingCell(T, width));
  return fitting >= NARROWEST_FITTING_CELL ? fitting : READABLE_CELL;
}

/** The nearest width that is allowed: from the whole tape in sight to a few cells. */
export function allowedCell(cell: number, T: number, width: number): number {
  return Math.min(WIDEST_CELL, Math.max(Math.min(fittingCell(T, width), READABLE_CELL), cell));
}

/** The furthest that the tape can be scrolled. */
export function furthestScroll({ cell, width, T }: Omit<TapeSpan, 'scroll'>): number {
  return Math.max(0, T * cell - width);
}

/** The time steps in sight, of which the ends may be cut: `from` ≤ t < `to`. */
export function stepsInSight({ cell, scroll, width, T }: TapeSpan): { from: number; to: number } {
  return {
    from: Math.min(Math.max(0, Math.floor(scroll / cell)), T),
    to: Math.min(T, Math.ceil((scroll + width) / cell)),
  };
}

/** The time steps that are out of sight at each end, those that are cut by half or more among them. */
export function stepsHidden({ cell, scroll, width, T }: TapeSpan): { earlier: number; later: number } {
  const earlier = Math.min(T, Math.max(0, Math.round(scroll / cell)));
  const inSight = Math.max(0, Math.round((scroll + width) / cell));
  return { earlier, later: Math.max(0, T - inSight) };
}

/** The time step at so many pixels from the left end of what is in sight; undefined beside the tape. */
export function stepAt(x: number, { cell, scroll, width, T }: TapeSpan): number | undefined {
  const t = Math.floor((x + scroll) / cell);
  return x >= 0 && x < width && t >= 0 && t < T ? t : undefined;
}

/** The left edge of a cell, from the left end of what is in sight. */
export function leftOf(t: number, { cell, scroll }: Pick<TapeSpan, 'cell' | 'scroll'>): number {
  return t * cell - scroll;
}

/** How far to scroll so that a time step is in sight with some of its neighbours; as it is where it already is. */
export function scrollToReveal(t: number, span: TapeSpan): number {
  const { cell, scroll, width } = span;
  const margin = Math.min(MARGIN_CELLS * cell, (width - cell) / 2);
  const lowest = (t + 1) * cell + margin - width;
  const highest = t * cell - margin;
  const wanted = scroll < lowest ? lowest : scroll > highest ? highest : scroll;
  return Math.min(Math.max(0, wanted), furthestScroll(span));
}

/** The tape with its cells `factor` times as wide, what lies at pixel `at` staying there. */
export function zoomedTape(span: TapeSpan, factor: number, at: number): TapeSpan {
  const cell = allowedCell(span.cell * factor, span.T, span.width);
  const scroll = ((span.scroll + at) / span.cell) * cell - at;
  const zoomed = { ...span, cell };
  return { ...zoomed, scroll: Math.min(Math.max(0, scroll), furthestScroll(zoomed)) };
}

/** Every how many time steps a number fits above the tape: 1, 2, 5, 10, … */
export function numberEvery(cell: number, pixels: number): number {
  for (let power = 1; ; power *= 10) {
    for (const factor of [1, 2, 5]) if (factor * power * cell >= pixels) return factor * power;
  }
}
