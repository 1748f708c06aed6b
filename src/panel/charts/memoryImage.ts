import { pixelAt } from '../../common/colorScale.ts';

/**
 * Fills (height, width) pixels with (rows, columns) cells, row 0 at the top: at least one cell a pixel, so width ≤ columns and
 * height ≤ rows. `positionOf` says where on the colours a cell lies, 0 … 1; NaN leaves it empty. Where several cells share a
 * pixel, the one that lies highest is shown, so that nothing that stands out is lost.
 */
export function paintCells(
  pixels: Uint32Array,
  width: number,
  height: number,
  rows: number,
  columns: number,
  positionOf: (row: number, column: number) => number,
): void {
  for (let y = 0; y < height; y++) {
    const [firstRow, endRow] = cellsOf(y, height, rows);
    for (let x = 0; x < width; x++) {
      const [firstColumn, endColumn] = cellsOf(x, width, columns);
      let best = NaN;
      for (let row = firstRow; row < endRow; row++) {
        for (let column = firstColumn; column < endColumn; column++) {
          const position = positionOf(row, column);
          if (Number.isNaN(best) || position > best) best = position;
        }
      }
      pixels[y * width + x] = pixelAt(best);
    }
  }
}

/** The cells behind one of `pixels` pixels, the end not included. */
function cellsOf(pixel: number, pixels: number, cells: number): [first: number, end: number] {
  const first = Math.floor((pixel * cells) / pixels);
  return [first, Math.max(first + 1, Math.floor(((pixel + 1) * cells) / pixels))];
}

/** How many pixels an image of so many cells needs on so many CSS pixels: never more than cells. */
export function pixelsFor(cells: number, cssPixels: number, pixelRatio: number): number {
  return Math.max(1, Math.min(cells, Math.round(cssPixels * pixelRatio)));
}
