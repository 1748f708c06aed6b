import type { Plugin } from 'chart.js';
import type { Point } from './plot.ts';

const WIDTH = 8;
const HEIGHT = 5;

/** The points of a line, and the colour in which those beyond the plot are marked. */
interface Marked {
  readonly points: readonly Point[];
  readonly color: string;
}

/** Draws an arrow at the upper edge of the plot wherever a line lies above it, so that nothing is cut off in silence. */
export function beyondMarks(lines: () => readonly Marked[]): Plugin<'line'> {
  return {
    id: 'beyond-marks',
    afterDatasetsDraw: ({ ctx, chartArea: { left, right, top }, scales: { x, y } }) => {
      ctx.save();
      for (const { points, color } of lines()) {
        ctx.fillStyle = color;
        let drawn = -Infinity;
        for (const point of points) {
          if (!(point.y > y.max)) continue;
          const at = x.getPixelForValue(point.x);
          // One for all that would stand over one another.
          if (at < left - 1 || at > right + 1 || at < drawn + WIDTH) continue;
          drawn = at;
          ctx.beginPath();
          ctx.moveTo(at, top);
          ctx.lineTo(at - WIDTH / 2, top + HEIGHT);
          ctx.lineTo(at + WIDTH / 2, top + HEIGHT);
          ctx.closePath();
          ctx.fill();
        }
      }
      ctx.restore();
    },
  };
}
