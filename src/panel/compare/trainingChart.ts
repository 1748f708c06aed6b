import { l10n } from '../../common/l10n.ts';
import type { Axis } from '../charts/plot.ts';
import type { FigureOptions } from '../views/figure.ts';
import { Inputs } from '../views/view.ts';
import type { ShownRun } from './compareState.ts';
import { OverlayChart, type RunLines } from './overlayChart.ts';
import { lastOf, valueAt, type Series } from './series.ts';
import type { CompareContext } from './view.ts';
import { hasClock, placeAt, placeText, positions, shareOf, X_NAMES, xScale, type XScale } from './xAxis.ts';

/** Pixels that an arrow key moves the cursor by. */
const KEY_PIXELS = 4;

/** A value in the legend: where it comes from, and how it is written. */
export interface Reading {
  readonly seriesOf: (shown: ShownRun) => Series;
  /** Nothing where there is nothing to say. */
  readonly format: (value: number, shown: ShownRun) => string;
  /** What stands there while nothing is pointed at, where that is not the last value of the series. */
  readonly atEnd?: (shown: ShownRun) => number | undefined;
}

/** A chart over training: iterations, characters or time, as chosen for all of them; they share one cursor. */
export class TrainingChart {
  readonly overlay: OverlayChart;
  readonly #context: CompareContext;
  readonly #inputs = new Inputs();
  #scale: XScale;

  constructor(context: CompareContext, figure: Omit<FigureOptions, 'keys'>, lines: readonly string[]) {
    this.#context = context;
    const { state } = context;
    this.#scale = xScale('iteration', [], false, 1);
    this.overlay = new OverlayChart(context, {
      figure,
      lines,
      xName: () => X_NAMES[state.ui.x],
      cursor: {
        share: () => (state.hover.x === null ? null : shareOf(this.#scale, state.hover.x)),
        point: (share) => state.point({ x: share === null ? null : Math.max(0, placeAt(this.#scale, share)) }),
        step: (by) => this.#step(by),
      },
    });
  }

  get scale(): XScale {
    return this.#scale;
  }

  /** Whether anything differs from what was drawn last, or else there is nothing to do. */
  needsDrawing(...inputs: readonly unknown[]): boolean {
    const { state, theme } = this.#context;
    this.overlay.legend.update(theme);
    if (!this.overlay.figure.isVisible) return false;
    const { width, height } = this.overlay.plot.area;
    return this.#inputs.changed(state.runs, state.ui, state.emphasised, theme, width, height, ...inputs);
  }

  draw(draw: (shown: ShownRun, lines: RunLines) => void, yAxis: () => Axis): void {
    const { state } = this.#context;
    const shown = state.visible.length > 0 ? state.visible : state.runs;
    const { width } = this.overlay.plot.area;
    const { x, logarithmicX } = state.ui;
    const runs = shown.map(({ run }) => run);
    this.#scale = xScale(x, runs, logarithmicX, width);
    this.overlay.draw(draw, () => ({ x: this.#scale.axis, y: yAxis() }));
  }

  /** Which visible runs have no place on the axis, for the remark under the chart; empty where all have. */
  get missing(): string {
    const { visible, ui } = this.#context.state;
    if (ui.x !== 'time') return '';
    const keys = visible.filter(({ run }) => run.iterations > 0 && !hasClock(run)).map(({ key }) => key);
    return keys.length === 0 ? '' : l10n.t('The training time is not known of {runs}.', { runs: keys.join(', ') });
  }

  /** A series over iterations, over what the axis counts. */
  placed({ run }: ShownRun, { x, y }: Series): Series {
    return { x: positions(run, this.#context.state.ui.x, x), y };
  }

  /** Points for a line; a value that cannot be drawn makes a gap. */
  points({ x, y }: Series): { x: number; y: number }[] {
    const { offset } = this.#scale;
    const points = Array.from(x, (place, i) => ({ x: place + offset, y: y[i] }));
    return points.filter(({ x: place }) => Number.isFinite(place));
  }

  /** Puts the cursor and the values where the pointer is, else the newest of every run. */
  point(...curves: readonly Reading[]): void {
    const { state } = this.#context;
    this.overlay.placeCursor();
    const { x } = state.hover;
    this.overlay.legend.at = x === null ? l10n.t('at the end:') : `${X_NAMES[state.ui.x]} ${placeText(state.ui.x, x)}:`;
    for (const shown of state.runs) {
      const texts = curves.flatMap(({ seriesOf, format, atEnd }) => {
        const series = seriesOf(shown);
        const value = x !== null ? valueAt(series, x) : atEnd === undefined ? lastOf(series) : atEnd(shown);
        const text = value === undefined ? '' : format(value, shown);
        return text === '' ? [] : [text];
      });
      this.overlay.legend.setValue(shown.run.folder, texts.length === 0 ? '–' : texts.join(' · '));
    }
  }

  /** The next place: from the ends while none is pointed at. */
  #step(by: 1 | -1): void {
    const { state } = this.#context;
    const start = state.hover.x === null ? (by === 1 ? 0 : 1) : shareOf(this.#scale, state.hover.x);
    const { width } = this.overlay.plot.area;
    const share = Math.min(Math.max(start + (by * KEY_PIXELS) / Math.max(1, width), 0), 1);
    state.point({ x: Math.max(0, placeAt(this.#scale, share)) });
  }
}
