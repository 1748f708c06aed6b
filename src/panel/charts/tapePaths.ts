import type { Job } from '../../network/statePaths.ts';
import type { PathScale } from './pathScale.ts';
import type { Sheet } from './tapeCanvas.ts';
import type { TapeSpan } from './tapeLayout.ts';
import { partBars, type Strip } from './tapeRows.ts';
import type { ChartTheme } from './theme.ts';

/** Draws what a state carries on through the time steps: bars of what is kept, added or given out, and its norm as a line over them. */

/** What is drawn of the way of a state, (T) each. */
export interface PathNumbers {
  readonly state: string;
  readonly stateNorm: ArrayLike<number>;
  /** What is kept first; none of a state that is no sum. */
  readonly parts: readonly PartNumbers[];
}

export interface PartNumbers {
  readonly job: Job;
  readonly norm: ArrayLike<number>;
  /** The norm of what the gate is put to; NaN where there is no gate. */
  readonly ofNorm: ArrayLike<number>;
  /** The mean of the gate over the hidden units, 0 … 1. */
  readonly gateMean: ArrayLike<number>;
}

interface Drawing extends Sheet {
  readonly theme: ChartTheme;
  readonly span: TapeSpan;
}

/** The colour of what a part does; also that of its mark in the legend, of the same variables of the style sheet. */
const COLORS: Readonly<Record<Job, (theme: ChartTheme) => string>> = {
  kept: ({ train }) => train,
  added: ({ validation }) => validation,
  given: ({ lines }) => lines.bias,
};
const LINE_WIDTH = 2;

/**
 * The norms of what is kept, added or given out, in front of what their gates are put to.
 * @param left of the cell, on the sheet.
 */
export function drawPath(
  drawing: Drawing,
  { state, stateNorm, parts }: PathNumbers,
  scale: PathScale,
  strip: Strip,
  t: number,
  left: number,
): void {
  const { context, span, theme } = drawing;
  const share = (norm: number): number => scale.position(state, norm);
  const bars = parts.map(({ job, norm, ofNorm }) => ({ job, share: share(norm[t]), of: share(ofNorm[t]) }));
  if (parts.length === 0) bars.push({ job: 'given', share: share(stateNorm[t]), of: NaN });
  drawBars(drawing, bars, strip, left);
  const bottom = strip.top + strip.height;
  context.fillStyle = theme.grid;
  context.fillRect(left, bottom, span.cell, 1);
  const height = share(stateNorm[t]) * strip.height;
  if (bars.length < 2 || Number.isNaN(height)) return;
  context.fillStyle = theme.ink;
  context.fillRect(left, bottom - height - LINE_WIDTH / 2, span.cell, LINE_WIDTH);
}

/** How open the gates are on average, each under the bar of its part; in front of an open one. */
export function drawGates(drawing: Drawing, { parts }: PathNumbers, strip: Strip, t: number, left: number): void {
  const bars = parts.map(({ job, gateMean }) => ({ job, share: gateMean[t], of: Number.isNaN(gateMean[t]) ? NaN : 1 }));
  drawBars(drawing, bars, strip, left);
}

interface Bar {
  readonly job: Job;
  /** Of the height of the strip: of the bar, and of what it is a part of; NaN of what is not drawn. */
  readonly share: number;
  readonly of: number;
}

function drawBars({ context, span, theme }: Drawing, bars: readonly Bar[], strip: Strip, left: number): void {
  const bottom = strip.top + strip.height;
  partBars(span.cell, bars.length).forEach((at, index) => {
    const { job, share, of } = bars[index];
    for (const [part, color] of [
      [of, theme.heldBack],
      [share, COLORS[job](theme)],
    ] as const) {
      if (Number.isNaN(part)) continue;
      context.fillStyle = color;
      context.fillRect(left + at.left, bottom - part * strip.height, at.width, part * strip.height);
    }
  });
}
