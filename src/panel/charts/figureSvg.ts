import { BasicPlatform, Chart, type ChartConfiguration } from 'chart.js';
import { FigurePainter, layoutOf } from './figurePainter.ts';
import { drawingOn } from './sheetDrawing.ts';
import { SvgContext } from './svgContext.ts';
import { roundedNumbers, withoutControls } from './svgText.ts';

/** Attributes that hold numbers of the drawing. */
const MEASURES = ['d', 'x', 'y', 'width', 'height', 'textLength', 'transform'];

export interface SvgWords {
  readonly title: string;
  /** The picture in words. */
  readonly description: string;
  /** Where the picture comes from; it stands under it. */
  readonly caption: string;
}

/**
 * A figure as it is on the page as an SVG file, in CSS pixels: charts and drawings are lines and text, what is made of cells is
 * an image in it. It needs no other file.
 * @param ground the colour behind it.
 */
export function figureSvg(figure: HTMLElement, { title, description, caption }: SvgWords, ground: string): string {
  const layout = layoutOf(figure, caption);
  const { width, height } = layout;
  const context = new SvgContext(width, height);
  const painter = new FigurePainter(figure, context, (canvas, ...place) =>
    context.drawImage(vectorsOf(canvas) ?? canvas, ...place),
  );
  painter.paint(layout, ground);
  const svg = context.getSvg();
  tidy(svg);
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  svg.setAttribute('role', 'img');
  svg.prepend(worded('title', title), worded('desc', description));
  // Browsers ask for the one, older viewers for the other, and what has an inline style here the page's policy forbids.
  const text = new XMLSerializer()
    .serializeToString(svg)
    .replaceAll('image-rendering="pixelated"', 'image-rendering="optimizeSpeed" style="image-rendering:pixelated"');
  return `<?xml version="1.0" encoding="UTF-8"?>\n${text}\n`;
}

/** What is on a canvas as SVG; undefined where it is an image. */
function vectorsOf(canvas: HTMLCanvasElement): SvgContext | undefined {
  const chart = Chart.getChart(canvas);
  if (chart !== undefined) return chartVectors(chart);
  const drawing = drawingOn(canvas);
  if (drawing === undefined) return undefined;
  const { width, height, draw } = drawing;
  const context = new SvgContext(width, height);
  draw({ context, width, height });
  return context;
}

/** Draws a chart once more: a second chart of the same lines, options and plugins, at the same size. */
function chartVectors(chart: Chart): SvgContext {
  const context = new SvgContext(chart.width, chart.height);
  const { data, options, plugins } = chart.config as ChartConfiguration<'line'>;
  const copy = new Chart(context, {
    type: 'line',
    platform: BasicPlatform,
    data,
    options: {
      ...options,
      responsive: false,
      devicePixelRatio: 1,
      // Lines with options for their segments are drawn step by step; else they come as paths that tell nobody their points.
      datasets: { line: { segment: {} } },
    },
    ...(plugins && { plugins }),
  });
  copy.destroy();
  return context;
}

function worded(name: 'title' | 'desc', text: string): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  element.textContent = withoutControls(text);
  return element;
}

/** Leaves out what draws nothing, rounds the numbers, and names the clips in their order: the same picture is the same file. */
function tidy(svg: SVGSVGElement): void {
  svg.querySelectorAll('path:not([d])').forEach((path) => path.remove());
  const groups = [...svg.querySelectorAll('g')].reverse();
  for (const group of groups) {
    if (group.childElementCount === 0) group.remove();
    else if (group.attributes.length === 0) group.replaceWith(...group.childNodes);
  }
  const used = new Set([...svg.querySelectorAll('[clip-path]')].map((clipped) => clipped.getAttribute('clip-path')));
  let clips = 0;
  for (const clip of svg.querySelectorAll('clipPath')) {
    const reference = `url(#${clip.id})`;
    if (!used.has(reference)) {
      clip.remove();
      continue;
    }
    clip.id = `clip${++clips}`;
    svg.querySelectorAll(`[clip-path="${reference}"]`).forEach((clipped) => {
      clipped.setAttribute('clip-path', `url(#${clip.id})`);
    });
  }
  for (const name of MEASURES) {
    for (const element of svg.querySelectorAll(`[${name}]`)) {
      const value = roundedNumbers(element.getAttribute(name) ?? '');
      if (name === 'transform' && value === 'matrix(1 0 0 1 0 0)') element.removeAttribute(name);
      else element.setAttribute(name, value);
    }
  }
}
