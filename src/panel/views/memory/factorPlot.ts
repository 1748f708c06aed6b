import { decadeLabel } from '../../charts/decadeAxis.ts';
import type { FactorAxis } from '../../charts/memoryFactors.ts';
import type { Plot } from '../../charts/plot.ts';
import type { ChartTheme } from '../../charts/theme.ts';

const PIXELS_PER_TICK = 44;

/** Draws rows of factors over an axis; where its ticks would stand too close, those of decades alone. */
export function drawFactors(plot: Plot, theme: ChartTheme, { min, max, ticks }: FactorAxis): void {
  const most = Math.max(2, Math.floor(plot.area.width / PIXELS_PER_TICK));
  const shown = ticks.length <= most ? ticks : ticks.filter((tick) => Math.abs(Math.log10(tick) % 1) < 1e-9);
  plot.draw(theme, {
    x: { logarithmic: true, min, max, ticks: shown.map((value) => ({ value, label: decadeLabel(value) })) },
    y: { logarithmic: false, min: 0, max: 1, ticks: [] },
  });
}
