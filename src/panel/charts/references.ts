import type { Plugin } from 'chart.js';

/** A horizontal line that a curve is read against. */
export interface Reference {
  readonly value: number;
  readonly label: string;
  readonly color: string;
}

const LABEL_MARGIN = 4;
const LABEL_HEIGHT = 16;

/** Draws dashed horizontal lines with their names, where they lie in the shown range. */
export function referenceLines(
  references: () => readonly Reference[],
  font: () => string,
  halo: () => string,
): Plugin<'line'> {
  return {
    id: 'references',
    afterDatasetsDraw: ({ ctx, chartArea, scales }) => {
      ctx.save();
      ctx.font = font();
      ctx.lineJoin = 'round';
      for (const { value, label, color } of references()) {
        const y = Math.round(scales.y.getPixelForValue(value)) + 0.5;
        if (!(y >= chartArea.top - 1 && y <= chartArea.bottom + 1)) continue;
        ctx.strokeStyle = color;
        ctx.lineWidth = 1;
        ctx.setLineDash([5, 4]);
        ctx.beginPath();
        ctx.moveTo(chartArea.left, y);
        ctx.lineTo(chartArea.right, y);
        ctx.stroke();
        // Curves fall from the upper left to the lower right: a name stands in the corner that they leave free, on the
        // outer side of its line where there is room; its halo covers what it meets all the same.
        const isUpper = y < (chartArea.top + chartArea.bottom) / 2;
        const above = isUpper ? y - chartArea.top > LABEL_HEIGHT : chartArea.bottom - y <= LABEL_HEIGHT;
        ctx.textBaseline = above ? 'bottom' : 'top';
        ctx.textAlign = isUpper ? 'right' : 'left';
        const x = isUpper ? chartArea.right - LABEL_MARGIN : chartArea.left + LABEL_MARGIN;
        const at: [number, number] = [x, y + (above ? -2 : 3)];
        ctx.setLineDash([]);
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
