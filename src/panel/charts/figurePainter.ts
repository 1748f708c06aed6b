import { fractionBar, mathItalic, type Box } from './formulaMarks.ts';

const MARGIN = 12;
const CAPTION_GAP = 8;
const CAPTION_LINE = 1.5;
/** Canvases with fewer pixels than this for each of the page are made of cells, which keep their edges. */
const FINE = 2;
/** What belongs to working with a figure, not to the picture. */
const LEFT_OUT =
  '.figure-controls, .help, .help-button, .cursor, .brush, .lookback, .menu-anchor, .generate, .scale :is(.toggle, .choice), .scale-moved, .not-in-picture';

/** A picture and the lines under it, in CSS pixels. */
export interface PictureLayout {
  readonly width: number;
  readonly height: number;
  /** Of the figure alone. */
  readonly figureHeight: number;
  readonly lines: readonly string[];
  readonly lineHeight: number;
  readonly font: string;
  readonly color: string;
}

/** @param caption where the picture comes from; it stands under it. */
export function layoutOf(figure: HTMLElement, caption: string): PictureLayout {
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) throw new Error('The browser has no canvas to measure texts with.');
  const { width, height } = figure.getBoundingClientRect();
  const { fontSize, fontFamily, color } = getComputedStyle(figure);
  const size = parseFloat(fontSize) * 0.85;
  const font = `${Math.round(size)}px ${fontFamily}`;
  const lineHeight = Math.round(size * CAPTION_LINE);
  context.font = font;
  const lines = wrapped(caption, width, (text) => context.measureText(text).width);
  return {
    width: Math.ceil(width + 2 * MARGIN),
    height: Math.ceil(height + 2 * MARGIN + CAPTION_GAP + lines.length * lineHeight),
    figureHeight: height,
    lines,
    lineHeight,
    font,
    color,
  };
}

/** Puts what is on a canvas at a place of the picture. */
export type PaintCanvas = (canvas: HTMLCanvasElement, x: number, y: number, width: number, height: number) => void;

/** Paints a figure as the page has it: boxes, texts, formulas, canvases. */
export class FigurePainter {
  readonly #figure: HTMLElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #drawCanvas: PaintCanvas;
  readonly #origin: DOMRect;

  /** @param drawCanvas called for every canvas in sight, with the context as it is to be drawn. */
  constructor(figure: HTMLElement, context: CanvasRenderingContext2D, drawCanvas: PaintCanvas) {
    this.#figure = figure;
    this.#context = context;
    this.#drawCanvas = drawCanvas;
    this.#origin = figure.getBoundingClientRect();
  }

  /** @param ground the colour behind the figure. */
  paint({ width, height, figureHeight, lines, lineHeight, font, color }: PictureLayout, ground: string): void {
    const context = this.#context;
    context.fillStyle = ground;
    context.fillRect(0, 0, width, height);
    context.translate(MARGIN, MARGIN);
    this.#paint(this.#figure);
    context.font = font;
    context.fillStyle = color;
    context.globalAlpha = 0.7;
    context.textBaseline = 'middle';
    lines.forEach((line, index) => context.fillText(line, 0, figureHeight + CAPTION_GAP + (index + 0.5) * lineHeight));
  }

  /** Where a rectangle of the page lies in the picture. */
  #place({ left, top, width, height }: Box): [x: number, y: number, width: number, height: number] {
    return [left - this.#origin.left, top - this.#origin.top, width, height];
  }

  #paint(element: Element): void {
    if (element.matches(LEFT_OUT)) return;
    const style = getComputedStyle(element);
    if (style.display === 'none' || style.visibility === 'hidden') return;
    const context = this.#context;
    context.save();
    context.globalAlpha *= Number(style.opacity);
    const rect = element.getBoundingClientRect();
    this.#paintBox(rect, style);
    // A clip of its own: the border lies half outside.
    context.save();
    if (style.overflow !== 'visible') {
      context.beginPath();
      context.rect(...this.#place(rect));
      context.clip();
    }
    if (element instanceof HTMLCanvasElement) this.#paintCanvas(element, rect);
    else this.#paintChildren(element, style);
    context.restore();
    context.restore();
  }

  #paintChildren(element: Element, style: CSSStyleDeclaration): void {
    if (element.localName === 'mfrac') this.#paintFractionBar(element, style);
    for (const child of element.childNodes) {
      if (child instanceof Text) this.#paintText(child, style);
      else if (child instanceof Element) this.#paint(child);
    }
  }

  #paintFractionBar(fraction: Element, style: CSSStyleDeclaration): void {
    const [above, below] = fraction.children;
    if (above === undefined || below === undefined) return;
    const [around, numerator, denominator] = [fraction, above, below].map((part) => part.getBoundingClientRect());
    const bar = fractionBar(around, numerator, denominator, {
      fontSize: parseFloat(style.fontSize),
      padding: parseFloat(style.paddingLeft) || 0,
    });
    this.#context.fillStyle = style.color;
    this.#context.fillRect(...this.#place(bar));
  }

  #paintBox(rect: DOMRect, style: CSSStyleDeclaration): void {
    const [x, y, width, height] = this.#place(rect);
    const context = this.#context;
    const radius = Math.min(parseFloat(style.borderTopLeftRadius) || 0, width / 2, height / 2);
    if (isVisible(style.backgroundColor)) {
      context.fillStyle = style.backgroundColor;
      context.beginPath();
      context.roundRect(x, y, width, height, radius);
      context.fill();
    }
    const sides = [
      ['Top', x, y, x + width, y],
      ['Right', x + width, y, x + width, y + height],
      ['Bottom', x, y + height, x + width, y + height],
      ['Left', x, y, x, y + height],
    ] as const;
    for (const [side, fromX, fromY, toX, toY] of sides) {
      const thickness = parseFloat(style[`border${side}Width`]);
      const line = style[`border${side}Style`];
      const color = style[`border${side}Color`];
      if (!(thickness > 0) || line === 'none' || !isVisible(color)) continue;
      context.strokeStyle = color;
      context.lineWidth = thickness;
      context.setLineDash(line === 'dashed' ? [3 * thickness, 2 * thickness] : []);
      context.beginPath();
      if (side === 'Left' && radius > 0 && !(parseFloat(style.borderTopWidth) > 0))
        bracket(context, x + thickness / 2, y, height, radius);
      else {
        context.moveTo(fromX, fromY);
        context.lineTo(toX, toY);
      }
      context.stroke();
    }
  }

  #paintCanvas(canvas: HTMLCanvasElement, rect: DOMRect): void {
    if (canvas.width === 0 || canvas.height === 0 || rect.width === 0) return;
    this.#context.imageSmoothingEnabled = canvas.width > rect.width * FINE;
    this.#drawCanvas(canvas, ...this.#place(rect));
  }

  /** Writes a text where the page has it, so that its lines break there as well. */
  #paintText(text: Text, style: CSSStyleDeclaration): void {
    const context = this.#context;
    context.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    context.fillStyle = style.color;
    context.textBaseline = 'middle';
    // A formula's letter that stands alone is an italic one, which is a character of its own.
    const isLetter = style.textTransform === 'math-auto';
    for (const { words, box } of runsOf(text, style.whiteSpaceCollapse === 'collapse')) {
      const [x, y, width, height] = this.#place(box);
      context.fillText(isLetter ? mathItalic(words) : words, x, y + height / 2, width + 1);
    }
  }
}

/** A left border whose ends are bent to the right: the brace of cases. */
function bracket(context: CanvasRenderingContext2D, x: number, y: number, height: number, radius: number): void {
  context.moveTo(x + radius, y);
  context.quadraticCurveTo(x, y, x, y + radius);
  context.lineTo(x, y + height - radius);
  context.quadraticCurveTo(x, y + height, x + radius, y + height);
}

/** A part of a text that stands in one line. */
interface Run {
  words: string;
  box: Box;
}

/** The parts of a text that are in sight: its lines, or where its space is not the usual one its words. */
function runsOf(text: Text, joinsWords: boolean): Run[] {
  const runs: Run[] = [];
  const range = document.createRange();
  for (const { 0: word, index } of text.data.matchAll(/\S+/g)) {
    range.setStart(text, index);
    range.setEnd(text, index + word.length);
    const box = range.getBoundingClientRect();
    if (box.width === 0) continue;
    const last = runs.at(-1);
    if (joinsWords && last !== undefined && Math.abs(last.box.top - box.top) < 1 && box.left >= last.box.left) {
      last.words += ` ${word}`;
      last.box = { ...boxOf(last.box), width: box.right - last.box.left };
    } else runs.push({ words: word, box: boxOf(box) });
  }
  return runs;
}

function boxOf({ left, top, width, height }: Box): Box {
  return { left, top, width, height };
}

function isVisible(color: string): boolean {
  return color !== 'transparent' && !/^rgba\(.*,\s*0\)$|\/\s*0\)$/.test(color);
}

/** A text in lines that are at most so wide, where its words allow it. */
function wrapped(text: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && measure(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line === '' ? lines : [...lines, line];
}
