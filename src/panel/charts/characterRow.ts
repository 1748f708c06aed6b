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
