import { divergingPixelAt, type Ground } from './divergingScale.ts';

/** A matrix as a picture: which of its rows and columns are in sight, and their colours. Pure functions. */

export interface MatrixValues {
  readonly rows: number;
  readonly columns: number;
  /** (rows, columns) */
  readonly values: ArrayLike<number>;
}

/** The rows and columns in sight, each `from` ≤ index < `to`. */
export interface MatrixSpan {
  readonly fromRow: number;
  readonly toRow: number;
  readonly fromColumn: number;
  readonly toColumn: number;
}

/** Fewer rows or columns than these are not zoomed into. */
const FEWEST = 8;

export function wholeMatrix({ rows, columns }: Pick<MatrixValues, 'rows' | 'columns'>): MatrixSpan {
  return { fromRow: 0, toRow: rows, fromColumn: 0, toColumn: columns };
}

/** The span `factor` times as large (below 1: closer), the cell (row, column) staying where it is. */
export function zoomedMatrix(
  span: MatrixSpan,
  matrix: Pick<MatrixValues, 'rows' | 'columns'>,
  factor: number,
  row: number,
  column: number,
): MatrixSpan {
  const [fromRow, toRow] = zoomedRange(span.fromRow, span.toRow, matrix.rows, factor, row);
  const [fromColumn, toColumn] = zoomedRange(span.fromColumn, span.toColumn, matrix.columns, factor, column);
  return { fromRow, toRow, fromColumn, toColumn };
}

/** The span moved by so many rows and columns, within the matrix. */
export function movedMatrix(
  span: MatrixSpan,
  matrix: Pick<MatrixValues, 'rows' | 'columns'>,
  byRows: number,
  byColumns: number,
): MatrixSpan {
  const down = Math.min(Math.max(byRows, -span.fromRow), matrix.rows - span.toRow);
  const right = Math.min(Math.max(byColumns, -span.fromColumn), matrix.columns - span.toColumn);
  return {
    fromRow: span.fromRow + down,
    toRow: span.toRow + down,
    fromColumn: span.fromColumn + right,
    toColumn: span.toColumn + right,
  };
}

/** The span moved as little as needed to have a cell in sight. */
export function revealedCell(
  span: MatrixSpan,
  matrix: Pick<MatrixValues, 'rows' | 'columns'>,
  row: number,
  column: number,
): MatrixSpan {
  const needed = (index: number, from: number, to: number): number =>
    index < from ? index - from : index >= to ? index - to + 1 : 0;
  return movedMatrix(
    span,
    matrix,
    needed(row, span.fromRow, span.toRow),
    needed(column, span.fromColumn, span.toColumn),
  );
}

/** The cell at shares 0 … 1 of the picture's height and width. */
export function cellAt(span: MatrixSpan, down: number, right: number): { row: number; column: number } {
  const index = (share: number, from: number, to: number): number =>
    Math.min(to - 1, Math.max(from, from + Math.floor(share * (to - from))));
  return { row: index(down, span.fromRow, span.toRow), column: index(right, span.fromColumn, span.toColumn) };
}

/**
 * Fills (height, width) pixels with the colours of the cells in sight, from −`largest` to `largest`. Where several cells share
 * a pixel, the one farthest from zero is shown.
 */
export function paintMatrix(
  pixels: Uint32Array,
  width: number,
  height: number,
  matrix: MatrixValues,
  span: MatrixSpan,
  largest: number,
  ground: Ground,
): void {
  for (let y = 0; y < height; y++) {
    const [fromRow, toRow] = cellsOf(y, height, span.fromRow, span.toRow);
    for (let x = 0; x < width; x++) {
      const [fromColumn, toColumn] = cellsOf(x, width, span.fromColumn, span.toColumn);
      let shown = matrix.values[fromRow * matrix.columns + fromColumn];
      for (let row = fromRow; row < toRow; row++) {
        for (let column = fromColumn; column < toColumn; column++) {
          const value = matrix.values[row * matrix.columns + column];
          if (Math.abs(value) > Math.abs(shown) || Number.isNaN(value)) shown = value;
        }
      }
      pixels[y * width + x] = divergingPixelAt(largest === 0 ? 0 : shown / largest, ground);
    }
  }
}

function cellsOf(pixel: number, pixels: number, from: number, to: number): [from: number, to: number] {
  const first = from + Math.floor((pixel * (to - from)) / pixels);
  return [first, Math.max(first + 1, from + Math.floor(((pixel + 1) * (to - from)) / pixels))];
}

function zoomedRange(from: number, to: number, size: number, factor: number, at: number): [from: number, to: number] {
  const count = Math.min(size, Math.max(Math.min(FEWEST, size), Math.round((to - from) * factor)));
  const share = (at + 0.5 - from) / (to - from);
  const start = Math.min(Math.max(0, Math.round(at + 0.5 - share * count)), size - count);
  return [start, start + count];
}
