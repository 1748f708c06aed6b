import { writeFileSync } from 'node:fs';
import { PNG } from 'pngjs';

/*
 * Draws media/icon.png: `node media/drawIcon.ts`. The cells of an unrolled recurrent network stand in a row, the newest
 * at the right; what the error says hops back from cell to cell and fades. Brightness falls along with hue, so the order
 * is there for every kind of colour vision, and the tile brings its own ground for dark and light themes.
 */

const SIZE = 256;
/** Samples along each side of a pixel. */
const SAMPLES = 4;

type Color = readonly [red: number, green: number, blue: number];

/** A shape by its signed distance (pixels, negative inside), with the colour and opacity at each point. */
interface Layer {
  distance(x: number, y: number): number;
  color(x: number, y: number): Color;
  opacity: number;
  /** Width over which the edge fades, pixels; 0: a sharp edge. */
  softness: number;
}

interface Cell {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly color: Color;
}

const GROUND_TOP = rgb('#373a80');
const GROUND_BOTTOM = rgb('#141533');
const TILE_RADIUS = 54;
const BASE_LINE = 204;
/** Into how many pieces the line of a hop is cut; few enough to be quick, enough to be smooth. */
const HOP_POINTS = 96;
/** The height of a hop over its feet, in half widths. */
const HOP_HEIGHT = 1.85;

/** From the newest cell back in time; each darker than the one before it in this list. */
const CELLS: readonly Cell[] = [cell(188, 42, '#fde25c'), cell(100, 27, '#fb8d4a'), cell(42, 17, '#d65f9e')];

function cell(x: number, radius: number, color: string): Cell {
  return { x, y: BASE_LINE - radius, radius, color: rgb(color) };
}

function tile(): Layer {
  return {
    distance: (x, y) => {
      const dx = Math.abs(x - SIZE / 2) - SIZE / 2 + TILE_RADIUS;
      const dy = Math.abs(y - SIZE / 2) - SIZE / 2 + TILE_RADIUS;
      return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - TILE_RADIUS;
    },
    color: (_, y) => mix(GROUND_TOP, GROUND_BOTTOM, y / SIZE),
    opacity: 1,
    softness: 0,
  };
}

function disc({ x, y, radius, color }: Cell): Layer {
  return {
    distance: (px, py) => Math.hypot(px - x, py - y) - radius,
    color: (px, py) => mix(mix(color, [1, 1, 1], 0.35), color, clamp((px - x + py - y) / radius / 1.6 + 0.6)),
    opacity: 1,
    softness: 0,
  };
}

function glow({ x, y, radius, color }: Cell): Layer {
  return {
    distance: (px, py) => Math.hypot(px - x, py - y) - radius,
    color: () => color,
    opacity: 0.42,
    softness: 0.85 * radius,
  };
}

/** The hop from one cell back to the one before it: half an ellipse that narrows on its way, and its arrow head. */
function hop(from: Cell, to: Cell): Layer {
  const start = { x: from.x - 0.42 * from.radius, y: from.y - 1.24 * from.radius };
  const end = { x: to.x + 0.4 * to.radius, y: to.y - 1.8 * to.radius };
  const reach = (start.x - end.x) / 2;
  const points = Array.from({ length: HOP_POINTS + 1 }, (_, i) => {
    const share = i / HOP_POINTS;
    return {
      x: end.x + reach * (1 + Math.cos(share * Math.PI)),
      y: mixNumber(start.y, end.y, share) - HOP_HEIGHT * reach * Math.sin(share * Math.PI),
      half: 0.14 * mixNumber(from.radius, to.radius, share),
    };
  });
  const head = arrowHead(end.x, to);
  return {
    distance: (x, y) => {
      // Only near the line is the distance worth measuring; elsewhere any large one will do.
      if (x < end.x - to.radius || x > start.x + from.radius || y > from.y) return SIZE;
      return Math.min(head(x, y), ...points.map((point) => Math.hypot(x - point.x, y - point.y) - point.half));
    },
    color: (x) => mix(to.color, from.color, clamp((x - end.x) / (2 * reach))),
    opacity: 1,
    softness: 0,
  };
}

/** The distance to a triangle that points down at a cell, its corners rounded. */
function arrowHead(x: number, { y, radius }: Cell): Layer['distance'] {
  const rounding = 0.08 * radius;
  const tip = y - 1.2 * radius;
  const half = 0.42 * radius;
  const length = 0.62 * radius;
  return (px, py) => {
    const across = Math.abs(px - x) - (half * (tip - py)) / length;
    const slanted = (across * length) / Math.hypot(length, half);
    return Math.max(slanted, tip - length - py) - rounding;
  };
}

function rgb(hex: string): Color {
  const channel = (at: number) => toLinear(parseInt(hex.slice(at, at + 2), 16) / 255);
  return [channel(1), channel(3), channel(5)];
}

function toLinear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function fromLinear(value: number): number {
  return value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function mixNumber(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}

function mix(a: Color, b: Color, share: number): Color {
  return [mixNumber(a[0], b[0], share), mixNumber(a[1], b[1], share), mixNumber(a[2], b[2], share)];
}

/** How much of the layer covers a point, 0 to 1. */
function coverage(layer: Layer, x: number, y: number): number {
  const distance = layer.distance(x, y);
  if (distance <= 0) return layer.opacity;
  return layer.softness === 0 ? 0 : layer.opacity * clamp(1 - distance / layer.softness) ** 2;
}

/** The colour of a point, premultiplied by its opacity, in linear light. */
function sample(layers: readonly Layer[], x: number, y: number): [number, number, number, number] {
  const result: [number, number, number, number] = [0, 0, 0, 0];
  for (const layer of layers) {
    const over = coverage(layer, x, y);
    if (over === 0) continue;
    const color = layer.color(x, y);
    for (let channel = 0; channel < 3; channel++)
      result[channel] = result[channel] * (1 - over) + color[channel] * over;
    result[3] = result[3] * (1 - over) + over;
  }
  return result;
}

function draw(layers: readonly Layer[]): PNG {
  const png = new PNG({ width: SIZE, height: SIZE });
  for (let row = 0; row < SIZE; row++) {
    for (let column = 0; column < SIZE; column++) {
      const sum = [0, 0, 0, 0];
      for (let i = 0; i < SAMPLES * SAMPLES; i++) {
        const x = column + ((i % SAMPLES) + 0.5) / SAMPLES;
        const y = row + (Math.floor(i / SAMPLES) + 0.5) / SAMPLES;
        sample(layers, x, y).forEach((value, channel) => (sum[channel] += value));
      }
      const at = 4 * (row * SIZE + column);
      const opacity = sum[3];
      for (let channel = 0; channel < 3; channel++) {
        png.data[at + channel] = opacity === 0 ? 0 : Math.round(255 * fromLinear(sum[channel] / opacity));
      }
      png.data[at + 3] = Math.round((255 * opacity) / SAMPLES ** 2);
    }
  }
  return png;
}

const hops = CELLS.slice(1).map((to, k) => hop(CELLS[k], to));
const icon = draw([tile(), glow(CELLS[0]), ...hops, ...CELLS.map(disc)]);
writeFileSync(new URL('icon.png', import.meta.url), PNG.sync.write(icon));
