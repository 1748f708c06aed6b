import type { Plugin } from 'chart.js';
import type { ChartTheme } from './theme.ts';

type Context = CanvasRenderingContext2D;

/** Text that stays readable on whatever it lies on. */
export function haloText(ctx: Context, text: string, x: number, y: number, color: string, halo: string): void {
  ctx.lineWidth = 3;
  ctx.lineJoin = 'round';
  ctx.strokeStyle = halo;
  ctx.strokeText(text, x, y);
  ctx.fillStyle = color;
  ctx.fillText(text, x, y);
}

/** The outline of one row of a lower triangular picture, whose row t has its cells at s = 0 … t. */
export function rowOutline(row: () => number | undefined, theme: () => ChartTheme): Plugin<'line'> {
  return {
    id: 'row-outline',
    afterDatasetsDraw: ({ ctx, scales }) => {
      const t = row();
      if (t === undefined) return;
      const left = scales.x.getPixelForValue(-0.5);
      const right = scales.x.getPixelForValue(t + 0.5);
      const top = scales.y.getPixelForValue(0.5 - t);
      const height = Math.max(3, scales.y.getPixelForValue(-0.5 - t) - top);
      const { ink, background } = theme();
      ctx.save();
      for (const [color, lineWidth, margin] of [
        [background, 3, 1.5],
        [ink, 1, 1.5],
      ] as const) {
        ctx.strokeStyle = color;
        ctx.lineWidth = lineWidth;
        ctx.strokeRect(left - margin, top - margin, right - left + 2 * margin, height + 2 * margin);
      }
      ctx.restore();
    },
  };
}

/** A place on a curve with a line down to the axis. */
export interface Drop {
  readonly x: number;
  readonly y: number;
  readonly label: string;
  readonly color: string;
}

const LABEL_GAP = 6;

/** Lines from points of a curve down to the axis, with their names beside the points. */
export function drops(list: () => readonly Drop[], theme: () => ChartTheme): Plugin<'line'> {
  return {
    id: 'drops',
    afterDatasetsDraw: ({ ctx, chartArea, scales }) => {
      const { background, font, fontSize } = theme();
      ctx.save();
      ctx.font = `${fontSize}px ${font}`;
      ctx.textBaseline = 'bottom';
      for (const { x, y, label, color } of list()) {
        const at = { x: scales.x.getPixelForValue(x), y: scales.y.getPixelForValue(y) };
        ctx.strokeStyle = color;
        ctx.lineWidth = 1;
        ctx.setLineDash([2, 3]);
        ctx.beginPath();
        ctx.moveTo(at.x, at.y);
        ctx.lineTo(at.x, chartArea.bottom);
        ctx.stroke();
        ctx.setLineDash([]);
        ctx.fillStyle = color;
        ctx.beginPath();
        ctx.arc(at.x, at.y, 3.5, 0, 2 * Math.PI);
        ctx.fill();
        const fits = at.x + LABEL_GAP + ctx.measureText(label).width < chartArea.right;
        ctx.textAlign = fits ? 'left' : 'right';
        haloText(ctx, label, at.x + (fits ? LABEL_GAP : -LABEL_GAP), at.y - 2, color, background);
      }
      ctx.restore();
    },
  };
}

export interface Circle {
  readonly radius: number;
  readonly color: string;
  readonly dashed: boolean;
}

/** Circles around 0 of a plane, and the axes through 0. */
export function circles(list: () => readonly Circle[], theme: () => ChartTheme): Plugin<'line'> {
  return {
    id: 'circles',
    beforeDatasetsDraw: ({ ctx, chartArea, scales }) => {
      const centre = { x: scales.x.getPixelForValue(0), y: scales.y.getPixelForValue(0) };
      ctx.save();
      ctx.beginPath();
      ctx.rect(chartArea.left, chartArea.top, chartArea.width, chartArea.height);
      ctx.clip();
      ctx.lineWidth = 1;
      ctx.strokeStyle = theme().grid;
      ctx.beginPath();
      ctx.moveTo(chartArea.left, centre.y);
      ctx.lineTo(chartArea.right, centre.y);
      ctx.moveTo(centre.x, chartArea.top);
      ctx.lineTo(centre.x, chartArea.bottom);
      ctx.stroke();
      for (const { radius, color, dashed } of list()) {
        ctx.strokeStyle = color;
        ctx.lineWidth = dashed ? 1 : 1.5;
        ctx.setLineDash(dashed ? [4, 4] : []);
        ctx.beginPath();
        ctx.arc(centre.x, centre.y, Math.abs(scales.x.getPixelForValue(radius) - centre.x), 0, 2 * Math.PI);
        ctx.stroke();
      }
      ctx.restore();
    },
  };
}
