import type { Plugin } from 'chart.js';
import { haloText } from './memoryMarkers.ts';
import type { ChartTheme } from './theme.ts';

/** One line of a chart of factors: what they are, all of them as ticks, and those that have a name as points. */
export interface FactorRow {
  readonly label: string;
  readonly color: string;
  readonly ticks: ArrayLike<number>;
  /** The index of a tick to stand out, such as that of the time step pointed at. */
  readonly marked?: number | null;
  readonly points: readonly { readonly factor: number; readonly name: string; readonly isOpen?: boolean }[];
}

const ROW_TOP = 15;
const TICK_HEIGHT = 13;
const POINT_RADIUS = 4;
const DENSE_TICKS = 100;

/** Draws rows of factors over a logarithmic x-axis, and the line of ×1, at which an error keeps its size. */
export function factorRows(rows: () => readonly FactorRow[], theme: () => ChartTheme): Plugin<'line'> {
  return {
    id: 'factor-rows',
    afterDatasetsDraw: ({ ctx, chartArea, scales }) => {
      const { ink, muted, background, font, fontSize } = theme();
      const list = rows();
      const rowHeight = chartArea.height / Math.max(1, list.length);
      const place = (factor: number): number => scales.x.getPixelForValue(factor);
      ctx.save();
      ctx.font = `${fontSize}px ${font}`;
      line(ctx, place(1), chartArea.top, chartArea.bottom, muted, 1.5);
      list.forEach((row, index) => {
        const top = chartArea.top + index * rowHeight;
        const middle = top + ROW_TOP + fontSize / 2 + TICK_HEIGHT / 2;
        ctx.textAlign = 'left';
        ctx.textBaseline = 'top';
        writtenOver(ctx, row.label, chartArea.left + 4, top + 1, fontSize, ink, background);
        ctx.globalAlpha = row.ticks.length > DENSE_TICKS ? 0.4 : 0.6;
        for (let i = 0; i < row.ticks.length; i++) {
          const x = place(row.ticks[i]);
          if (x >= chartArea.left) line(ctx, x, middle - TICK_HEIGHT / 2, middle + TICK_HEIGHT / 2, row.color, 1);
        }
        ctx.globalAlpha = 1;
        const marked = row.marked === null || row.marked === undefined ? NaN : row.ticks[row.marked];
        if (marked > 0) line(ctx, place(marked), middle - TICK_HEIGHT / 2 - 3, middle + TICK_HEIGHT / 2 + 3, ink, 2);
        drawPoints(ctx, row, place, middle, { ...chartArea, barrier: place(1) }, theme());
      });
      ctx.restore();
    },
  };
}

/** The named points of a row; their names stand in a line under them. */
function drawPoints(
  ctx: CanvasRenderingContext2D,
  row: FactorRow,
  place: (factor: number) => number,
  middle: number,
  room: NameRoom,
  { background, fontSize }: ChartTheme,
): void {
  const sorted = [...row.points].sort((a, b) => a.factor - b.factor);
  for (const { factor, isOpen } of sorted) {
    ctx.beginPath();
    ctx.arc(place(factor), middle, POINT_RADIUS, 0, 2 * Math.PI);
    ctx.lineWidth = 2;
    ctx.strokeStyle = isOpen === true ? row.color : background;
    ctx.fillStyle = isOpen === true ? background : row.color;
    ctx.fill();
    ctx.stroke();
  }
  const widths = sorted.map(({ name }) => ctx.measureText(name).width);
  const starts = placeBeside(
    sorted.map(({ factor }) => place(factor)),
    widths,
    fontSize * 0.7,
    room,
  );
  ctx.textAlign = 'left';
  ctx.textBaseline = 'top';
  sorted.forEach(({ name }, index) => {
    writtenOver(ctx, name, starts[index], middle + TICK_HEIGHT / 2 + 3, fontSize, row.color, background);
  });
}

/** Text on a patch of the ground's colour, so that no line runs through it. */
function writtenOver(
  ctx: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  fontSize: number,
  color: string,
  ground: string,
): void {
  ctx.fillStyle = ground;
  ctx.fillRect(x - 2, y, ctx.measureText(text).width + 4, fontSize + 1);
  haloText(ctx, text, x, y, color, ground);
}

/** The pixels from `left` to `right`, and a line across them that names had better not lie on. */
export interface NameRoom {
  readonly left: number;
  readonly right: number;
  readonly barrier: number;
}

/** As `placeNames`, with each name on the side of the barrier that its place is on, where that side has the room. */
export function placeBeside(
  places: readonly number[],
  widths: readonly number[],
  gap: number,
  { left, right, barrier }: NameRoom,
): number[] {
  const before = places.filter((place) => place < barrier).length;
  const sides = [
    { from: 0, to: before, left, right: barrier - gap },
    { from: before, to: places.length, left: barrier + gap, right },
  ];
  const fits = sides.every(
    (side) =>
      widths.slice(side.from, side.to).reduce((sum, width) => sum + width + gap, -gap) <= side.right - side.left,
  );
  if (!fits) return placeNames(places, widths, gap, left, right);
  return sides.flatMap((side) =>
    placeNames(places.slice(side.from, side.to), widths.slice(side.from, side.to), gap, side.left, side.right),
  );
}

/**
 * Where names start in one line so that each is centred at its place as far as none lies over another or beyond the ends.
 * Places ascend.
 */
export function placeNames(
  places: readonly number[],
  widths: readonly number[],
  gap: number,
  left: number,
  right: number,
): number[] {
  const starts: number[] = [];
  let free = left;
  places.forEach((place, index) => {
    starts.push(Math.max(free, place - widths[index] / 2));
    free = starts[index] + widths[index] + gap;
  });
  let end = right;
  for (let index = starts.length - 1; index >= 0; index--) {
    starts[index] = Math.min(starts[index], end - widths[index]);
    end = starts[index] - gap;
  }
  return starts;
}

function line(
  ctx: CanvasRenderingContext2D,
  x: number,
  top: number,
  bottom: number,
  color: string,
  width: number,
): void {
  ctx.strokeStyle = color;
  ctx.lineWidth = width;
  ctx.beginPath();
  ctx.moveTo(x, top);
  ctx.lineTo(x, bottom);
  ctx.stroke();
}
