import { decadeLabel } from './decadeAxis.ts';
import type { DecadeScale } from '../../common/decadeScale.ts';
import { divergingStyle, groundOf } from './divergingScale.ts';
import type { Sheet } from './tapeCanvas.ts';
import { numberEvery } from './tapeLayout.ts';
import type { ChartTheme } from './theme.ts';

/** Bars of a norm over the time steps on a logarithmic axis, each in the colour of its cosine, with a line for the sum. */

export const BARS_GUTTER = 46;
const RIGHT_MARGIN = 14;
const TOP = 6;
/** Room under the bars for the numbers of the time steps. */
const BOTTOM = 16;
const NUMBER_PIXELS = 44;

export interface Bars {
  readonly norms: ArrayLike<number>;
  readonly cosines: ArrayLike<number>;
  readonly totalNorm: number;
  readonly chosen: number | undefined;
  readonly pointed: number | null;
}

export function drawBars(sheet: Sheet, bars: Bars, scale: DecadeScale, theme: ChartTheme): void {
  const { context, width, height } = sheet;
  const plot = {
    left: BARS_GUTTER,
    width: width - BARS_GUTTER - RIGHT_MARGIN,
    top: TOP,
    height: height - TOP - BOTTOM,
  };
  const T = bars.norms.length;
  const step = plot.width / T;
  const bottom = plot.top + plot.height;
  const yOf = (value: number): number => bottom - scale.position(value) * plot.height;
  context.font = `${theme.fontSize}px ${theme.font}`;
  drawAxis(sheet, plot, scale, theme);
  const ground = groundOf(theme.background);
  const gap = step > 4 ? 1 : 0;
  for (let t = 0; t < T; t++) {
    const top = yOf(bars.norms[t]);
    if (Number.isNaN(top)) continue;
    context.fillStyle = Number.isNaN(bars.cosines[t]) ? theme.muted : divergingStyle(bars.cosines[t], ground);
    context.fillRect(
      plot.left + t * step,
      Math.min(top, bottom - 1),
      Math.max(step - gap, 0.75),
      Math.max(1, bottom - top),
    );
    // A bar whose cosine is near zero has nearly the colour of the ground: its upper end still shows.
    context.fillStyle = theme.muted;
    context.fillRect(plot.left + t * step, Math.min(top, bottom - 1), Math.max(step - gap, 0.75), 1);
    drawNumber(context, t, step, plot, bottom, theme);
  }
  for (const [t, color] of [
    [bars.pointed, theme.muted],
    [bars.chosen, theme.ink],
  ] as const) {
    if (t === null || t === undefined || t >= T) continue;
    context.strokeStyle = color;
    context.lineWidth = 1.5;
    context.strokeRect(plot.left + t * step - 0.5, plot.top, Math.max(step, 2), plot.height + 1);
  }
  drawLevel(sheet, plot, yOf(bars.totalNorm), theme.ink);
}

/** The time step under so many pixels from the left edge; undefined beside the bars. */
export function barAt(x: number, width: number, T: number): number | undefined {
  const t = Math.floor(((x - BARS_GUTTER) / (width - BARS_GUTTER - RIGHT_MARGIN)) * T);
  return t >= 0 && t < T ? t : undefined;
}

interface PlotArea {
  readonly left: number;
  readonly width: number;
  readonly top: number;
  readonly height: number;
}

function drawAxis({ context }: Sheet, plot: PlotArea, scale: DecadeScale, theme: ChartTheme): void {
  context.strokeStyle = theme.grid;
  context.lineWidth = 1;
  context.fillStyle = theme.muted;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  const every = Math.max(1, Math.ceil(((scale.high - scale.low) * 22) / plot.height));
  for (let exponent = scale.high; exponent >= scale.low; exponent -= every) {
    const y = Math.round(plot.top + ((scale.high - exponent) / (scale.high - scale.low)) * plot.height) + 0.5;
    context.beginPath();
    context.moveTo(plot.left, y);
    context.lineTo(plot.left + plot.width, y);
    context.stroke();
    context.fillText(decadeLabel(10 ** exponent), plot.left - 6, y);
  }
}

function drawNumber(
  context: CanvasRenderingContext2D,
  t: number,
  step: number,
  plot: PlotArea,
  bottom: number,
  theme: ChartTheme,
): void {
  if (t % numberEvery(step, NUMBER_PIXELS) !== 0) return;
  context.fillStyle = theme.muted;
  context.textAlign = 'center';
  context.textBaseline = 'top';
  context.fillText(String(t), plot.left + (t + 0.5) * step, bottom + 3);
}

function drawLevel({ context }: Sheet, plot: PlotArea, y: number, color: string): void {
  if (Number.isNaN(y)) return;
  context.strokeStyle = color;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(plot.left, y);
  context.lineTo(plot.left + plot.width, y);
  context.stroke();
}
