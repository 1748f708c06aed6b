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

/** @param left of the cell, on the sheet. */
export function drawPath(
  { context, span, theme }: Drawing,
  { state, stateNorm, parts }: PathNumbers,
  scale: PathScale,
  strip: Strip,
  t: number,
  left: number,
): void {
  const bottom = strip.top + strip.height;
  const heightOf = (norm: number): number => scale.position(state, norm) * strip.height;
  const bar = (at: { readonly left: number; readonly width: number }, norm: number, color: string): void => {
    const height = heightOf(norm);
    if (Number.isNaN(height)) return;
    context.fillStyle = color;
    context.fillRect(left + at.left, bottom - height, at.width, height);
  };
  const shown = parts.length === 0 ? [{ job: 'given', norm: stateNorm, ofNorm: undefined } as const] : parts;
  partBars(span.cell, shown.length).forEach((at, index) => {
    const { job, norm, ofNorm } = shown[index];
    if (ofNorm !== undefined) bar(at, ofNorm[t], theme.heldBack);
    bar(at, norm[t], COLORS[job](theme));
  });
  context.fillStyle = theme.grid;
  context.fillRect(left, bottom, span.cell, 1);
  const height = heightOf(stateNorm[t]);
  if (shown.length < 2 || Number.isNaN(height)) return;
  context.fillStyle = theme.ink;
  context.fillRect(left, bottom - height - LINE_WIDTH / 2, span.cell, LINE_WIDTH);
}
