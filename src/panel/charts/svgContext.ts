import { Context } from 'svgcanvas';
import { fontParts, hasFreeSpace, plainColor, withoutControls } from './svgText.ts';

/** For texts: with a font of its own for every part of the module, since drawing must not change that of a chart. */
let measuring: CanvasRenderingContext2D | null | undefined;

function measuringContext(): CanvasRenderingContext2D {
  measuring ??= document.createElement('canvas').getContext('2d');
  if (measuring === null) throw new Error('The browser has no canvas to measure texts with.');
  return measuring;
}

/**
 * A drawing context of which an SVG comes, for everything that this panel draws. Beyond what svgcanvas does:
 * - Text has the font's attributes (svgcanvas sets an inline style to read them, which the page's policy forbids), stands on its
 *   alphabetic baseline, the only one that every viewer knows, and keeps its width where the viewer lacks the font.
 * - Colours are written as every viewer reads them.
 * - Images whose cells keep their edges keep them.
 */
export class SvgContext extends Context {
  override imageSmoothingEnabled = true;
  readonly #smoothings: boolean[] = [];

  constructor(width: number, height: number) {
    super({ width, height });
    // Without this every line would have an empty list of dashes.
    this.setLineDash([]);
  }

  /** Chart.js asks its canvas for the context; here they are one. */
  getContext(): this {
    return this;
  }

  override save(): void {
    super.save();
    this.#smoothings.push(this.imageSmoothingEnabled);
  }

  override restore(): void {
    super.restore();
    this.imageSmoothingEnabled = this.#smoothings.pop() ?? true;
  }

  /** Nothing is drawn twice, and there is no eraser in SVG. */
  override clearRect(): void {
    // On purpose.
  }

  /** Half circles: the two ends of a whole one would be the same place, and nothing would be drawn. */
  override arc(x: number, y: number, radius: number, from: number, to: number, isCounter?: boolean): void {
    if (Math.abs(to - from) < 2 * Math.PI) super.arc(x, y, radius, from, to, isCounter);
    else {
      super.arc(x, y, radius, from, from + Math.PI);
      super.arc(x, y, radius, from + Math.PI, from + 2 * Math.PI);
    }
  }

  override fill(): void {
    this.#mixColors();
    super.fill();
  }

  override stroke(): void {
    this.#mixColors();
    super.stroke();
  }

  override fillRect(x: number, y: number, width: number, height: number): void {
    this.#mixColors();
    super.fillRect(x, y, width, height);
  }

  override strokeRect(x: number, y: number, width: number, height: number): void {
    this.#mixColors();
    super.strokeRect(x, y, width, height);
  }

  override fillText(text: string, x: number, y: number, maxWidth?: number): void {
    this.#write('fill', text, x, y, maxWidth);
  }

  override strokeText(text: string, x: number, y: number, maxWidth?: number): void {
    this.#write('stroke', text, x, y, maxWidth);
  }

  /** @param image a canvas, or another context of this kind, which is put in as it is. */
  override drawImage(
    image: CanvasImageSource | SvgContext,
    x: number,
    y: number,
    width?: number,
    height?: number,
  ): void {
    const source = image as CanvasImageSource;
    if (width === undefined || height === undefined) super.drawImage(source, x, y);
    else super.drawImage(source, x, y, width, height);
    const drawn = this.__closestGroupOrSvg().lastElementChild;
    if (this.globalAlpha < 1) drawn?.setAttribute('opacity', String(this.globalAlpha));
    if (drawn?.localName === 'image' && !this.imageSmoothingEnabled) drawn.setAttribute('image-rendering', 'pixelated');
  }

  #mixColors(): void {
    this.fillStyle = this.#plain(this.fillStyle);
    this.strokeStyle = this.#plain(this.strokeStyle);
  }

  #plain(style: string | CanvasGradient | CanvasPattern): string | CanvasGradient | CanvasPattern {
    if (typeof style !== 'string') return style;
    const context = measuringContext();
    context.fillStyle = '#000';
    context.fillStyle = style;
    return plainColor(context.fillStyle);
  }

  #write(kind: 'fill' | 'stroke', text: string, x: number, y: number, maxWidth = Infinity): void {
    if (text === '') return;
    this.#mixColors();
    const { width, drop, font } = this.#measured(text);
    const anchor = { center: 'middle', right: 'end', end: 'end', left: 'start', start: 'start' }[this.textAlign];
    const element = this.__createElement('text', { ...fontParts(font), x, y: y + drop, 'text-anchor': anchor }, true);
    if (Array.from(text).length > 1 && width > 0) {
      element.setAttribute('textLength', String(Math.min(width, maxWidth)));
      element.setAttribute('lengthAdjust', 'spacingAndGlyphs');
    }
    if (hasFreeSpace(text)) element.setAttribute('xml:space', 'preserve');
    element.append(withoutControls(text));
    this.__closestGroupOrSvg().append(element);
    this.__currentElement = element;
    this.__applyTransformation(element);
    this.__applyStyleToCurrentElement(kind);
  }

  /** The width of a text, how far its alphabetic baseline lies under the one that is set, and the font as the browser writes it. */
  #measured(text: string): { width: number; drop: number; font: string } {
    const context = measuringContext();
    context.font = this.font;
    context.textBaseline = 'alphabetic';
    const { width, fontBoundingBoxAscent } = context.measureText(text);
    context.textBaseline = this.textBaseline;
    const drop = fontBoundingBoxAscent - context.measureText(text).fontBoundingBoxAscent;
    return { width, drop, font: context.font };
  }
}
