import type { ChartArea, Plugin } from 'chart.js';
import { labelPlaces } from '../../common/labelPlaces.ts';
import type { ChartTheme } from './theme.ts';

/** A horizontal line that a curve is read against. */
export interface Reference {
  readonly value: number;
  readonly label: string;
  readonly color: string;
  /** Where its name stands, for curves that do not leave the usual corner free. */
  readonly side?: 'left' | 'right';
}

const DASHES = [5, 4];
const LABEL_MARGIN = 4;
const LABEL_HEIGHT = 16;
const LINE_HEIGHT = 1.25;
/** From the end of a line to its name, in which the leader runs. */
const LEADER_WIDTH = 16;

interface Line extends Reference {
  readonly y: number;
}

/** The references whose lines lie in the shown range, the uppermost first. */
function linesIn(references: readonly Reference[], area: ChartArea, yOf: (value: number) => number): Line[] {
  return references
    .map((reference) => ({ ...reference, y: Math.round(yOf(reference.value)) + 0.5 }))
    .filter(({ y }) => y >= area.top - 1 && y <= area.bottom + 1)
    .sort((one, other) => one.y - other.y);
}

function drawLine(ctx: CanvasRenderingContext2D, { left, right }: ChartArea, { y, color }: Line): void {
  ctx.strokeStyle = color;
  ctx.lineWidth = 1;
  ctx.setLineDash(DASHES);
  ctx.beginPath();
  ctx.moveTo(left, y);
  ctx.lineTo(right, y);
  ctx.stroke();
  ctx.setLineDash([]);
}

function fontOf({ fontSize, font }: ChartTheme): string {
  return `${fontSize}px ${font}`;
}

/** Draws dashed horizontal lines with their names on them, where they lie in the shown range. */
export function referenceLines(
  references: () => readonly Reference[],
  font: () => string,
  halo: () => string,
): Plugin<'line'> {
  return {
    id: 'references',
    afterDatasetsDraw: ({ ctx, chartArea, scales }) => {
      const lines = linesIn(references(), chartArea, (value) => scales.y.getPixelForValue(value));
      ctx.save();
      ctx.font = font();
      ctx.lineJoin = 'round';
      for (const line of lines) {
        drawLine(ctx, chartArea, line);
        const { y, color, label, side } = line;
        // Curves fall from the upper left to the lower right: a name stands in the corner that they leave free, on the
        // outer side of its line where there is room; its halo covers what it meets all the same.
        const isUpper = y < (chartArea.top + chartArea.bottom) / 2;
        const above = isUpper ? y - chartArea.top > LABEL_HEIGHT : chartArea.bottom - y <= LABEL_HEIGHT;
        ctx.textBaseline = above ? 'bottom' : 'top';
        const isRight = side === undefined ? isUpper : side === 'right';
        ctx.textAlign = isRight ? 'right' : 'left';
        const x = isRight ? chartArea.right - LABEL_MARGIN : chartArea.left + LABEL_MARGIN;
        const at: [number, number] = [x, y + (above ? -2 : 3)];
        ctx.strokeStyle = halo();
        ctx.lineWidth = 3;
        ctx.strokeText(label, ...at);
        ctx.fillStyle = color;
        ctx.fillText(label, ...at);
      }
      ctx.restore();
    },
  };
}

/**
 * Draws dashed horizontal lines with their names at their right ends, outside the plot, where no curve comes: names that
 * would stand over one another move apart, and leaders tie them to their lines. The plot leaves the room that they need.
 */
export function labelledLines(
  references: () => readonly Reference[],
  theme: () => ChartTheme,
  rightMargin: number,
): Plugin<'line'> {
  return {
    id: 'labelled-references',
    beforeLayout: ({ ctx, options }) => {
      ctx.save();
      ctx.font = fontOf(theme());
      const widest = Math.max(0, ...references().map(({ label }) => ctx.measureText(label).width));
      ctx.restore();
      const padding = options.layout?.padding;
      if (typeof padding !== 'object' || !('right' in padding)) return;
      padding.right = widest === 0 ? rightMargin : Math.ceil(LEADER_WIDTH + widest) + 2;
    },
    beforeDatasetsDraw: ({ ctx, chartArea, scales }) => {
      // Under the curves, and fainter than the axes' numbers: there may be many.
      ctx.save();
      ctx.globalAlpha = 0.6;
      for (const line of linesIn(references(), chartArea, (value) => scales.y.getPixelForValue(value))) {
        drawLine(ctx, chartArea, line);
      }
      ctx.restore();
    },
    afterDraw: ({ ctx, chartArea, scales, height }) => {
      const lines = linesIn(references(), chartArea, (value) => scales.y.getPixelForValue(value));
      const { fontSize } = theme();
      const places = labelPlaces(
        lines.map(({ y }) => y),
        Math.round(fontSize * LINE_HEIGHT),
        0,
        height,
      );
      ctx.save();
      ctx.font = fontOf(theme());
      ctx.textAlign = 'left';
      ctx.textBaseline = 'middle';
      lines.forEach((line, index) => {
        const { y, color, label } = line;
        const place = places[index];
        ctx.globalAlpha = 0.6;
        ctx.strokeStyle = color;
        ctx.lineWidth = 1;
        ctx.beginPath();
        ctx.moveTo(chartArea.right, y);
        ctx.lineTo(chartArea.right + LEADER_WIDTH - 4, place);
        ctx.stroke();
        ctx.globalAlpha = 1;
        ctx.fillStyle = color;
        ctx.fillText(label, chartArea.right + LEADER_WIDTH, place + 0.5);
      });
      ctx.restore();
    },
  };
}
