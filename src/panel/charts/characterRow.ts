import type { Plugin } from 'chart.js';
import type { ChartTheme } from './theme.ts';

/** Below this many pixels a step, characters would run into each other. */
const SMALLEST_STEP_PIXELS = 6.5;
const TOP_GAP = 5;

export interface CharacterRow {
  /** What each time step read, already made visible. */
  readonly characters: readonly string[];
  /** The time step pointed at. */
  readonly step: number | null;
}

/** The height that the row of characters needs between the axis and its numbers. */
export function characterRowHeight(theme: ChartTheme): number {
  return theme.fontSize + TOP_GAP + 5;
}

export function charactersFit(T: number, width: number): boolean {
  return width / T >= SMALLEST_STEP_PIXELS;
}

/** Writes the character of every time step under the axis, where there is room. */
export function characterRow(row: () => CharacterRow, theme: () => ChartTheme): Plugin<'line'> {
  return {
    id: 'characters',
    afterDraw: ({ ctx, chartArea, scales }) => {
      const { characters, step } = row();
      if (!charactersFit(characters.length, chartArea.width)) return;
      const { ink, muted, background, monospace, fontSize } = theme();
      const stepWidth = chartArea.width / characters.length;
      const top = chartArea.bottom + TOP_GAP;
      ctx.save();
      ctx.font = `${Math.min(fontSize + 1, Math.round(stepWidth * 1.6))}px ${monospace}`;
      ctx.textAlign = 'center';
      ctx.textBaseline = 'top';
      characters.forEach((character, t) => {
        const x = scales.x.getPixelForValue(t);
        if (t === step) {
          ctx.fillStyle = ink;
          ctx.fillRect(x - stepWidth / 2, top - 2, stepWidth, fontSize + 5);
        }
        const isWhitespace = /^[␣⏎⇥⍽]$/.test(character);
        ctx.fillStyle = t === step ? background : isWhitespace ? muted : ink;
        ctx.fillText(character, x, top);
      });
      ctx.restore();
    },
  };
}

/** A ring around one point, with its name beside it. */
export function ringAt(
  point: () => { x: number; y: number; label: string } | undefined,
  theme: () => ChartTheme,
): Plugin<'line'> {
  return {
    id: 'ring',
    afterDatasetsDraw: ({ ctx, chartArea, scales }) => {
      const at = point();
      if (at === undefined) return;
      const x = scales.x.getPixelForValue(at.x);
      const y = scales.y.getPixelForValue(at.y);
      const { ink, background, font, fontSize } = theme();
      ctx.save();
      ctx.lineWidth = 1.5;
      ctx.strokeStyle = ink;
      ctx.beginPath();
      ctx.arc(x, y, 4.5, 0, 2 * Math.PI);
      ctx.stroke();
      ctx.font = `${fontSize}px ${font}`;
      const onLeft = x > (chartArea.left + chartArea.right) / 2;
      ctx.textAlign = onLeft ? 'right' : 'left';
      ctx.textBaseline = y - chartArea.top < fontSize ? 'top' : 'bottom';
      const label: [string, number, number] = [
        at.label,
        x + (onLeft ? -8 : 8),
        y - (ctx.textBaseline === 'top' ? 0 : 3),
      ];
      ctx.lineWidth = 3;
      ctx.lineJoin = 'round';
      ctx.strokeStyle = background;
      ctx.strokeText(...label);
      ctx.fillStyle = ink;
      ctx.fillText(...label);
      ctx.restore();
    },
  };
}
