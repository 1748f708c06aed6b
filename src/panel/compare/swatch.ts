import { element } from '../dom.ts';
import { DASHES, MARKERS, type CompareTheme } from './runStyle.ts';

const WIDTH = 30;
const HEIGHT = 12;
/** Pixels of the drawing per pixel of the page: as many as a saved picture has. */
const SCALE = 2;
const RADIUS = 3.5;

/** A run's line and marker as the charts draw them; a canvas, so that saved pictures have it too. */
export class Swatch {
  readonly element = element('canvas', {
    class: 'swatch',
    width: String(WIDTH * SCALE),
    height: String(HEIGHT * SCALE),
    'aria-hidden': 'true',
  });
  readonly #slot: number;
  #drawnFor: CompareTheme | undefined;

  constructor(slot: number) {
    this.#slot = slot;
  }

  draw(theme: CompareTheme): void {
    if (theme === this.#drawnFor) return;
    this.#drawnFor = theme;
    const context = this.element.getContext('2d');
    if (context === null) return;
    context.setTransform(SCALE, 0, 0, SCALE, 0, 0);
    context.clearRect(0, 0, WIDTH, HEIGHT);
    const color = theme.runs[this.#slot];
    // Nodes are compared by their attributes, and a swatch in the colour of another theme is not the same.
    this.element.setAttribute('data-color', color);
    context.strokeStyle = context.fillStyle = color;
    context.lineWidth = 2;
    context.setLineDash([...DASHES[this.#slot]]);
    context.beginPath();
    context.moveTo(0, HEIGHT / 2);
    context.lineTo(WIDTH, HEIGHT / 2);
    context.stroke();
    context.setLineDash([]);
    context.translate(WIDTH / 2, HEIGHT / 2);
    drawMarker(context, MARKERS[this.#slot]);
  }
}

/** The markers of Chart.js, as far as runs have them. */
function drawMarker(context: CanvasRenderingContext2D, { style, turn }: (typeof MARKERS)[number]): void {
  context.rotate((turn * Math.PI) / 180);
  context.beginPath();
  const line = (angle: number): void => {
    const [x, y] = [Math.cos(angle) * (RADIUS + 1), Math.sin(angle) * (RADIUS + 1)];
    context.moveTo(-x, -y);
    context.lineTo(x, y);
  };
  const polygon = (corners: number, from: number, radius: number): void => {
    for (let corner = 0; corner < corners; corner++) {
      const angle = from + (2 * Math.PI * corner) / corners;
      context.lineTo(Math.cos(angle) * radius, Math.sin(angle) * radius);
    }
    context.closePath();
  };
  const quarter = Math.PI / 4;
  if (style === 'circle') context.arc(0, 0, RADIUS, 0, 2 * Math.PI);
  else if (style === 'rect') polygon(4, quarter, RADIUS * 1.3);
  else if (style === 'rectRot') polygon(4, 0, RADIUS * 1.35);
  else if (style === 'triangle') polygon(3, -Math.PI / 2, RADIUS * 1.25);
  if (style === 'cross' || style === 'star') [0, 2 * quarter].forEach(line);
  if (style === 'crossRot' || style === 'star') [quarter, 3 * quarter].forEach(line);
  context.fill();
  context.stroke();
}
