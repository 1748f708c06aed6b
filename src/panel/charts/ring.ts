import type { Plugin } from 'chart.js';
import type { ChartTheme } from './theme.ts';

const RADIUS = 4.5;
const LABEL_GAP = 7;
/** The room that the label of a ring needs above the highest point of a plot. */
export const RING_LABEL_HEIGHT = 22;

export interface Ring {
  readonly x: number;
  readonly y: number;
  readonly label: string;
}

/** A ring around one point, with its name above it. */
export function ringAt(ring: () => Ring | undefined, theme: () => ChartTheme): Plugin<'line'> {
  return {
    id: 'ring',
    afterDatasetsDraw: ({ ctx, chartArea, scales }) => {
      const at = ring();
      if (at === undefined) return;
      const x = scales.x.getPixelForValue(at.x);
      const y = scales.y.getPixelForValue(at.y);
      const { ink, background, font, fontSize } = theme();
      ctx.save();
      ctx.lineWidth = 1.5;
      ctx.strokeStyle = ink;
      ctx.beginPath();
      ctx.arc(x, y, RADIUS, 0, 2 * Math.PI);
      ctx.stroke();
      ctx.font = `${fontSize}px ${font}`;
      ctx.textAlign = 'center';
      ctx.textBaseline = 'bottom';
      const halfWidth = ctx.measureText(at.label).width / 2;
      const middle = Math.max(chartArea.left + halfWidth, Math.min(chartArea.right - halfWidth, x));
      ctx.lineWidth = 3;
      ctx.lineJoin = 'round';
      ctx.strokeStyle = background;
      ctx.strokeText(at.label, middle, y - LABEL_GAP);
      ctx.fillStyle = ink;
      ctx.fillText(at.label, middle, y - LABEL_GAP);
      ctx.restore();
    },
  };
}
