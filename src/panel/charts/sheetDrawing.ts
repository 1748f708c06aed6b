import { sheetOf, type Sheet } from './tapeCanvas.ts';

/** How a canvas was drawn last. */
export interface SheetDrawing {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly draw: (sheet: Sheet) => void;
}

const drawings = new WeakMap<HTMLCanvasElement, SheetDrawing>();

/** Draws on a canvas that has the given size in CSS pixels, and remembers how, for pictures that are not made of pixels. */
export function drawSheet(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  draw: (sheet: Sheet) => void,
): void {
  const sheet = sheetOf(canvas, width, height);
  if (sheet === undefined) return;
  drawings.set(canvas, { width, height, draw });
  draw(sheet);
}

/** What is on a canvas, to be drawn again elsewhere; undefined where it holds an image. */
export function drawingOn(canvas: HTMLCanvasElement): SheetDrawing | undefined {
  return drawings.get(canvas);
}
