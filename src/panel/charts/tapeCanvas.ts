/** A canvas as large as its place on the page, in the screen's own pixels. */
export interface Sheet {
  readonly context: CanvasRenderingContext2D;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** An empty sheet of the given size in CSS pixels; undefined where it has no room yet. */
export function sheetOf(canvas: HTMLCanvasElement, width: number, height: number): Sheet | undefined {
  const context = canvas.getContext('2d');
  if (context === null || width < 1 || height < 1) return undefined;
  const ratio = devicePixelRatio;
  const [pixelWidth, pixelHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== pixelWidth) canvas.width = pixelWidth;
  if (canvas.height !== pixelHeight) canvas.height = pixelHeight;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, pixelWidth, pixelHeight);
  context.setTransform(pixelWidth / width, 0, 0, pixelHeight / height, 0, 0);
  return { context, width, height };
}

/** Fills a canvas with (height, width) pixels of its own; the style sheet stretches it. */
export function paintPixels(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  paint: (pixels: Uint32Array) => void,
): void {
  const context = canvas.getContext('2d');
  if (context === null || width < 1 || height < 1) return;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const image = context.createImageData(width, height);
  paint(new Uint32Array(image.data.buffer));
  context.putImageData(image, 0, 0);
}
