import type { Plugin } from 'chart.js';

/** An image, one pixel a cell, drawn under the axes of a chart. */
export class HeatmapLayer {
  readonly #canvas = document.createElement('canvas');
  readonly plugin: Plugin<'line'> = {
    id: 'heatmap',
    beforeDatasetsDraw: ({ ctx, chartArea: { left, top, width, height } }) => {
      if (this.#canvas.width === 0 || this.#canvas.height === 0) return;
      ctx.save();
      // Cells keep their edges: what is shown are measurements, not a smooth surface.
      ctx.imageSmoothingEnabled = false;
      ctx.drawImage(this.#canvas, left, top, width, height);
      ctx.restore();
    },
  };

  /** Replaces the image: `paint` gets (height, width) pixels to fill. */
  paint(width: number, height: number, paint: (pixels: Uint32Array) => void): void {
    this.#canvas.width = Math.max(1, width);
    this.#canvas.height = Math.max(1, height);
    const context = this.#canvas.getContext('2d');
    if (context === null) return;
    const image = context.createImageData(this.#canvas.width, this.#canvas.height);
    paint(new Uint32Array(image.data.buffer));
    context.putImageData(image, 0, 0);
  }
}
