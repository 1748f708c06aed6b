import type { Plugin } from 'chart.js';
import { labelPlaces } from '../../common/labelPlaces.ts';
import type { ChartTheme } from '../charts/theme.ts';

/** The name of a line, at its end. */
export interface EndLabel {
  /** In the values of the axes. */
  readonly x: number;
  readonly y: number;
  readonly text: string;
  /** For a line that ends before the others, where its name would cover them. */
  readonly short: string;
  readonly color: string;
}

const GAP = 10;
const LINE_HEIGHT = 1.25;
const RIGHT_MARGIN = 14;
/** Lines that end nearer to each other than this share a column of names. */
const COLUMN_WIDTH = 24;
const HALO = 3;

interface Placed extends EndLabel {
  readonly left: number;
  readonly top: number;
}

/** Writes names at the right ends of lines, with room right of the plot; names that would meet move apart. */
export function endLabels(labels: () => readonly EndLabel[], theme: () => ChartTheme): Plugin<'line'> {
  const fontOf = ({ fontSize, font }: ChartTheme): string => `600 ${fontSize}px ${font}`;
  return {
    id: 'end-labels',
    beforeLayout: ({ ctx, options }) => {
      ctx.save();
      ctx.font = fontOf(theme());
      const widest = Math.max(0, ...labels().map(({ text }) => ctx.measureText(text).width));
      ctx.restore();
      const padding = options.layout?.padding;
      if (typeof padding !== 'object' || !('right' in padding)) return;
      padding.right = widest === 0 ? RIGHT_MARGIN : Math.max(RIGHT_MARGIN, Math.ceil(GAP + widest) + 2);
    },
    afterDatasetsDraw: ({ ctx, chartArea, scales }) => {
      const { fontSize, background } = theme();
      const ends = labels()
        .map((label) => ({
          ...label,
          left: Math.min(chartArea.right, scales.x.getPixelForValue(label.x)),
          top: Math.min(Math.max(scales.y.getPixelForValue(label.y), chartArea.top), chartArea.bottom),
        }))
        .sort((one, other) => one.left - other.left);
      ctx.save();
      ctx.font = fontOf(theme());
      ctx.textAlign = 'left';
      ctx.textBaseline = 'middle';
      ctx.lineJoin = 'round';
      for (const column of columnsOf(ends)) {
        column.sort((one, other) => one.top - other.top);
        const height = Math.round(fontSize * LINE_HEIGHT);
        const wanted = column.map(({ top }) => top);
        const places = labelPlaces(wanted, height, chartArea.top - height / 2, chartArea.bottom + height / 2);
        const left = Math.max(...column.map((label) => label.left));
        const isLast = left > chartArea.right - COLUMN_WIDTH;
        column.forEach((label, index) => {
          const text = isLast ? label.text : label.short;
          ctx.strokeStyle = label.color;
          ctx.lineWidth = 1;
          if (Math.abs(places[index] - label.top) > 2) {
            ctx.beginPath();
            ctx.moveTo(label.left + 2, label.top);
            ctx.lineTo(left + GAP - 2, places[index]);
            ctx.stroke();
          }
          ctx.strokeStyle = background;
          ctx.lineWidth = HALO;
          ctx.strokeText(text, left + GAP, places[index]);
          ctx.fillStyle = label.color;
          ctx.fillText(text, left + GAP, places[index]);
        });
      }
      ctx.restore();
    },
  };
}

/** Ends from left to right in columns of those that are near each other. */
function columnsOf(ends: readonly Placed[]): Placed[][] {
  const columns: Placed[][] = [];
  for (const end of ends) {
    const column = columns.at(-1);
    if (column !== undefined && end.left - column[column.length - 1].left < COLUMN_WIDTH) column.push(end);
    else columns.push([end]);
  }
  return columns;
}
