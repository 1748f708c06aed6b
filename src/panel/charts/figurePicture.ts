import { Chart } from 'chart.js';

/** Pixels of the picture per pixel of the page. */
const SCALE = 2;
const MARGIN = 12;
const CAPTION_GAP = 8;
const CAPTION_LINE = 1.5;
/** What belongs to working with a figure, not to the picture. */
const LEFT_OUT =
  '.figure-controls, .help, .help-button, .cursor, .brush, .lookback, .figure-menu, .generate, .scale .toggle, .not-in-picture';

/**
 * Paints a figure as it is on the page: its title, note, legend, every canvas and what stands around it, at twice the size.
 * Charts are drawn anew for that, other canvases are enlarged.
 * @param caption where the picture comes from; it stands under it.
 * @param ground the colour behind it.
 */
export function paintFigure(figure: HTMLElement, caption: string, ground: string): HTMLCanvasElement {
  const restore = sharpenCharts(figure);
  try {
    return new Painter(figure, caption, ground).canvas;
  } finally {
    restore();
  }
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

class Painter {
  readonly canvas = document.createElement('canvas');
  readonly #context: CanvasRenderingContext2D;
  readonly #origin: DOMRect;

  constructor(figure: HTMLElement, caption: string, ground: string) {
    const context = this.canvas.getContext('2d');
    if (context === null) throw new Error('The browser has no canvas to paint the picture on.');
    this.#context = context;
    this.#origin = figure.getBoundingClientRect();
    const { width, height } = this.#origin;
    const style = getComputedStyle(figure);
    const captionFont = `${Math.round(parseFloat(style.fontSize) * 0.85)}px ${style.fontFamily}`;
    const captionHeight = Math.round(parseFloat(style.fontSize) * 0.85 * CAPTION_LINE);
    context.font = captionFont;
    const lines = wrapped(caption, width, (text) => context.measureText(text).width);
    this.canvas.width = Math.round((width + 2 * MARGIN) * SCALE);
    this.canvas.height = Math.round((height + 2 * MARGIN + CAPTION_GAP + lines.length * captionHeight) * SCALE);
    context.scale(SCALE, SCALE);
    context.fillStyle = ground;
    context.fillRect(0, 0, this.canvas.width, this.canvas.height);
    context.translate(MARGIN, MARGIN);
    this.#paint(figure);
    context.font = captionFont;
    context.fillStyle = style.color;
    context.globalAlpha = 0.7;
    context.textBaseline = 'middle';
    lines.forEach((line, index) => context.fillText(line, 0, height + CAPTION_GAP + (index + 0.5) * captionHeight));
  }

  /** Where a rectangle of the page lies in the picture. */
  #place({ left, top, width, height }: DOMRect): [x: number, y: number, width: number, height: number] {
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
    if (style.overflow !== 'visible') {
      context.beginPath();
      context.rect(...this.#place(rect));
      context.clip();
    }
    if (element instanceof HTMLCanvasElement) this.#paintCanvas(element, rect);
    else this.#paintChildren(element, style);
    context.restore();
  }

  #paintChildren(element: Element, style: CSSStyleDeclaration): void {
    for (const child of element.childNodes) {
      if (child instanceof Text) this.#paintText(child, style);
      else if (child instanceof Element) this.#paint(child);
    }
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
      context.moveTo(fromX, fromY);
      context.lineTo(toX, toY);
      context.stroke();
    }
  }

  #paintCanvas(canvas: HTMLCanvasElement, rect: DOMRect): void {
    if (canvas.width === 0 || canvas.height === 0 || rect.width === 0) return;
    // What was drawn with fewer pixels keeps its edges: they are cells, not a photograph.
    this.#context.imageSmoothingEnabled = canvas.width > rect.width * SCALE;
    this.#context.drawImage(canvas, ...this.#place(rect));
  }

  /** Writes a text word by word where the page has it, so that its lines break there as well. */
  #paintText(text: Text, style: CSSStyleDeclaration): void {
    const context = this.#context;
    context.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    context.fillStyle = style.color;
    context.textBaseline = 'middle';
    const range = document.createRange();
    for (const word of text.data.matchAll(/\S+/g)) {
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const rect = range.getBoundingClientRect();
      if (rect.width === 0) continue;
      const [x, y, width, height] = this.#place(rect);
      context.fillText(word[0], x, y + height / 2, width + 1);
    }
  }
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
