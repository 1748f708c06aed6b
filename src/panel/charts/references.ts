import type { Plugin } from 'chart.js';

/** A horizontal line that a curve is read against. */
export interface Reference {
  readonly value: number;
  readonly label: string;
  readonly color: string;
}

const LABEL_MARGIN = 4;

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
      ctx.textAlign = 'right';
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
        // The name stands above its line, or below where the chart ends above it; a halo keeps curves out of the letters.
        const above = y - chartArea.top > 16;
        ctx.textBaseline = above ? 'bottom' : 'top';
        const at: [number, number] = [chartArea.right - LABEL_MARGIN, y + (above ? -2 : 3)];
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
