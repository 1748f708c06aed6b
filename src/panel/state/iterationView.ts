/** Which iterations the charts over iterations show: one window, shared by all of them. Pure functions on it. */

export type IterationView =
  /** Follows the newest iteration and shows the last so many, or the whole run for null. */
  | { readonly mode: 'follow'; readonly last: number | null }
  /** Looks back at a fixed stretch. */
  | { readonly mode: 'range'; readonly from: number; readonly to: number };

/** Iterations from `from` to `to`, both included; real numbers, since zooming is continuous. */
export interface IterationRange {
  readonly from: number;
  readonly to: number;
}

export const WHOLE_RUN: IterationView = { mode: 'follow', last: null };
const SMALLEST_SPAN = 10;

/**
 * The right edge for a run of so many iterations. It grows in steps of at most 5 % of what is shown, the last so many
 * iterations or the whole run, so that the axis stands still for a while instead of sliding with every iteration. A validation
 * counts the iterations before it, so the last one lies one behind the last loss and is in sight too.
 */
export function followedEdge(iterations: number, last: number | null = null): number {
  const newest = Math.max(SMALLEST_SPAN, iterations);
  const shown = Math.min(newest, Math.max(SMALLEST_SPAN, last ?? newest));
  const step = Math.max(1, 10 ** Math.floor(Math.log10(shown)) / 20);
  return Math.ceil(newest / step) * step;
}

export function shownRange(view: IterationView, iterations: number): IterationRange {
  if (view.mode === 'range') return view;
  const to = followedEdge(iterations, view.last);
  return { from: view.last === null ? 0 : Math.max(0, to - view.last), to };
}

/** Position on the axis: iterations count from 0, and a logarithm needs 1 for the first. */
export function toAxis(iteration: number, logarithmic: boolean): number {
  return logarithmic ? iteration + 1 : iteration;
}

export function fromAxis(position: number, logarithmic: boolean): number {
  return logarithmic ? position - 1 : position;
}

/** Zooms by `factor` (below 1: closer) around the share `at` of the shown width, 0 at the left edge. */
export function zoomed(
  view: IterationView,
  iterations: number,
  at: number,
  factor: number,
  logarithmic: boolean,
): IterationView {
  return stretched(view, iterations, at * (1 - factor), 1 - (1 - at) * (1 - factor), logarithmic);
}

/** Moves the window by a share of its width, to later iterations for a positive one. */
export function panned(view: IterationView, iterations: number, share: number, logarithmic: boolean): IterationView {
  const { from, to } = shownRange(view, iterations);
  if (logarithmic) return stretched(view, iterations, share, 1 + share, true);
  const edge = followedEdge(iterations);
  const shift = Math.min(Math.max(share * (to - from), -from), Math.max(0, edge - to));
  return { mode: 'range', from: from + shift, to: to + shift };
}

/** The window between two shares of the shown width: what a drag selects. */
export function stretched(
  view: IterationView,
  iterations: number,
  left: number,
  right: number,
  logarithmic: boolean,
): IterationView {
  const range = shownRange(view, iterations);
  const edge = followedEdge(iterations);
  const at = (share: number): number => iterationAt(range, share, logarithmic);
  let from = Math.max(0, at(Math.min(left, right)));
  let to = Math.min(edge, at(Math.max(left, right)));
  if (to - from < SMALLEST_SPAN) {
    const middle = (from + to) / 2;
    from = Math.min(Math.max(0, middle - SMALLEST_SPAN / 2), Math.max(0, edge - SMALLEST_SPAN));
    to = from + SMALLEST_SPAN;
  }
  return from <= 0 && to >= edge ? WHOLE_RUN : { mode: 'range', from, to };
}

/** The iteration at a share of the width. */
export function iterationAt(range: IterationRange, share: number, logarithmic: boolean): number {
  if (!logarithmic) return range.from + share * (range.to - range.from);
  const from = Math.log(toAxis(range.from, true));
  const to = Math.log(toAxis(range.to, true));
  return fromAxis(Math.exp(from + share * (to - from)), true);
}

/** The share of the width at which an iteration lies; outside 0 … 1 where it is not shown. */
export function shareAt(range: IterationRange, iteration: number, logarithmic: boolean): number {
  if (!logarithmic) return (iteration - range.from) / (range.to - range.from);
  const from = Math.log(toAxis(range.from, true));
  const to = Math.log(toAxis(range.to, true));
  return (Math.log(toAxis(Math.max(iteration, 0), true)) - from) / (to - from);
}
