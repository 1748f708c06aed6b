import { Chart } from 'chart.js';
import { FigurePainter, layoutOf } from './figurePainter.ts';

/** Pixels of the picture per pixel of the page. */
const SCALE = 2;

/**
 * Paints a figure as it is on the page: its title, note, legend, every canvas and what stands around it, at twice the size.
 * Charts are drawn anew for that, other canvases are enlarged.
 * @param caption where the picture comes from; it stands under it.
 * @param ground the colour behind it.
 */
export function paintFigure(figure: HTMLElement, caption: string, ground: string): HTMLCanvasElement {
  const layout = layoutOf(figure, caption);
  const picture = document.createElement('canvas');
  picture.width = layout.width * SCALE;
  picture.height = layout.height * SCALE;
  const context = picture.getContext('2d');
  if (context === null) throw new Error('The browser has no canvas to paint the picture on.');
  context.scale(SCALE, SCALE);
  const restore = sharpenCharts(figure);
  try {
    const painter = new FigurePainter(figure, context, (canvas, ...place) => context.drawImage(canvas, ...place));
    painter.paint(layout, ground);
  } finally {
    restore();
  }
  return picture;
}

/** Draws the charts of a figure with as many pixels as the picture has; returns how to undo that. */
function sharpenCharts(figure: HTMLElement): () => void {
  const charts = [...figure.querySelectorAll('canvas')]
    .filter((canvas) => canvas.getClientRects().length > 0)
    .map((canvas) => Chart.getChart(canvas))
    .filter((chart) => chart !== undefined);
  const drawAt = (ratio: number | undefined): void => {
    for (const chart of charts) {
      // Without a ratio of its own a chart takes that of the screen.
      if (ratio === undefined) delete chart.options.devicePixelRatio;
      else chart.options.devicePixelRatio = ratio;
      chart.resize();
    }
  };
  drawAt(SCALE);
  return () => drawAt(undefined);
}
