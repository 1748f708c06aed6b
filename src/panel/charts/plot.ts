import {
  Chart,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  type ChartArea,
  type ChartDataset,
  type Plugin,
  type Scale,
  type ScaleOptionsByType,
} from 'chart.js';
import type { DisposableStore } from '../../common/disposable.ts';
import type { ChartTheme } from './theme.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale, Filler);

export interface Point {
  readonly x: number;
  readonly y: number;
}
export type Line = ChartDataset<'line', Point[]>;

export interface Tick {
  readonly value: number;
  readonly label: string;
}
export interface Axis {
  readonly logarithmic: boolean;
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly Tick[];
  /** Room between the axis and its numbers, for what a plugin draws there. */
  readonly tickPadding?: number;
}
export interface Axes {
  readonly x: Axis;
  readonly y: Axis;
}
/** What a chart is part of. */
interface PlotPage {
  /** Ends with the page; Chart.js keeps every chart, with its canvas and its points, until it is destroyed. */
  readonly owned: DisposableStore;
  /** Called when Chart.js has taken a new size, which is later than the page has it: what depends on `area` is stale. */
  requestUpdate(): void;
}
export interface PlotOptions {
  readonly page: PlotPage;
  /** What x is; it stands at the right end of the numbers of the axis. */
  readonly xName: string;
  /** What y is, where the title does not say it; it stands at the upper end of the axis. */
  readonly yName?: string;
  /** Room above the plot, for what a plugin writes there. */
  readonly topMargin?: number;
  readonly plugins?: readonly Plugin<'line'>[];
}

/** Every y-axis has the same width, so that charts over the same iterations line up under each other. */
const Y_AXIS_WIDTH = 46;
const RIGHT_MARGIN = 14;
const TOP_MARGIN = 8;
const TICK_LENGTH = 4;
const TICK_PADDING = 4;
/** Height of a line of text in font sizes, as Chart.js lays out its numbers. */
const LINE_HEIGHT = 1.2;
/** Distance of the axis name from the number before it. */
const NAME_GAP = 26;
const NAME_MARGIN = 4;
const NO_AXIS: Axis = { logarithmic: false, min: 0, max: 1, ticks: [] };

type CartesianOptions = ScaleOptionsByType<'linear'>;

/** A Chart.js line chart whose axes, ticks and points are given: nothing is animated, parsed or guessed. */
export class Plot {
  readonly lines: Line[];
  readonly #chart: Chart<'line', Point[]>;
  readonly #options: PlotOptions;
  #theme: ChartTheme | undefined;
  #axes: Axes = { x: NO_AXIS, y: NO_AXIS };

  constructor(canvas: HTMLCanvasElement, lines: Line[], options: PlotOptions) {
    this.lines = lines;
    this.#options = options;
    this.#chart = new Chart(canvas, {
      type: 'line',
      data: { datasets: lines },
      options: {
        animation: false,
        parsing: false,
        normalized: true,
        responsive: true,
        maintainAspectRatio: false,
        onResize: () => options.page.requestUpdate(),
        events: [],
        layout: { padding: { top: options.topMargin ?? TOP_MARGIN, right: RIGHT_MARGIN, bottom: 0, left: 0 } },
        elements: { point: { radius: 0 }, line: { borderWidth: 1.5, tension: 0, borderJoinStyle: 'round' } },
        scales: { x: this.#scale('x'), y: this.#scale('y') },
      },
      plugins: [...(options.plugins ?? []), this.#axisNames()],
    });
    options.page.owned.add({ dispose: () => this.#chart.destroy() });
  }

  /** The rectangle between the axes, in CSS pixels of the canvas. */
  get area(): { left: number; top: number; width: number; height: number } {
    // A chart that was built while hidden has no size yet, and hears of one too late for the first drawing.
    if (this.#chart.width === 0) this.#chart.resize();
    const area = this.#chart.chartArea as ChartArea | undefined;
    return area ?? { left: 0, top: 0, width: 0, height: 0 };
  }

  /** Of the whole chart, in CSS pixels. */
  get width(): number {
    return this.#chart.width;
  }

  get theme(): ChartTheme | undefined {
    return this.#theme;
  }

  /** Draws `lines` as their data and styles are now. */
  draw(theme: ChartTheme, axes: Axes): void {
    this.#theme = theme;
    this.#axes = axes;
    const { options } = this.#chart;
    options.scales = { x: this.#scale('x'), y: this.#scale('y') };
    // With the mode 'none', Chart.js 4.6 would keep the points as they were styled first.
    this.#chart.update();
  }

  /** Draws again what is there, for plugins whose input changed. */
  redraw(): void {
    this.#chart.draw();
  }

  /** Draws the name of the x-axis in the row of its numbers, at the right end, and that of the y-axis at its top. */
  #axisNames(): Plugin<'line'> {
    return {
      id: 'axis-names',
      afterDraw: ({ ctx, chartArea, scales }) => {
        if (this.#theme === undefined) return;
        ctx.save();
        ctx.font = fontOf(this.#theme);
        ctx.fillStyle = this.#theme.muted;
        ctx.textAlign = 'right';
        ctx.textBaseline = 'middle';
        const top = scales.x.top + TICK_LENGTH + (this.#axes.x.tickPadding ?? TICK_PADDING);
        ctx.fillText(this.#options.xName, chartArea.right, top + (this.#theme.fontSize * LINE_HEIGHT) / 2);
        ctx.textAlign = 'left';
        ctx.textBaseline = 'top';
        ctx.fillText(this.#options.yName ?? '', NAME_MARGIN, chartArea.top);
        ctx.restore();
      },
    };
  }

  /** The number at a tick; none where the axis name stands. */
  #label(id: 'x' | 'y', index: number): string {
    const axis = this.#axes[id];
    const tick = axis.ticks[index];
    if (tick === undefined || id === 'y' || this.#theme === undefined) return tick?.label ?? '';
    const place = (value: number): number => (axis.logarithmic ? Math.log(value) : value);
    const share = (place(tick.value) - place(axis.min)) / (place(axis.max) - place(axis.min));
    const nameWidth = this.#options.xName.length * this.#theme.fontSize * 0.6;
    const width = this.#chart.width - Y_AXIS_WIDTH - RIGHT_MARGIN;
    return (1 - share) * width < nameWidth + NAME_GAP ? '' : tick.label;
  }

  #scale(id: 'x' | 'y'): CartesianOptions {
    const axis = this.#axes[id];
    const theme = this.#theme;
    const font = theme && { family: theme.font, size: theme.fontSize };
    const options = {
      type: axis.logarithmic ? 'logarithmic' : 'linear',
      bounds: 'data',
      min: axis.min,
      max: axis.max,
      border: { display: true, color: theme?.grid ?? 'transparent' },
      grid: {
        color: id === 'y' ? (theme?.grid ?? 'transparent') : 'transparent',
        tickLength: TICK_LENGTH,
        tickColor: theme?.grid,
      },
      ticks: {
        autoSkip: false,
        maxRotation: 0,
        color: theme?.muted,
        font,
        padding: axis.tickPadding ?? TICK_PADDING,
        callback: (_value: unknown, index: number) => this.#label(id, index),
      },
      afterBuildTicks: (scale: Scale) => {
        scale.ticks = this.#axes[id].ticks.map(({ value }) => ({ value }));
      },
      afterFit: (scale: Scale) => {
        if (id === 'y') scale.width = Y_AXIS_WIDTH;
        // Chart.js counts the padding twice, which would leave a gap under the numbers.
        else scale.height = TICK_LENGTH + (axis.tickPadding ?? TICK_PADDING) + (font?.size ?? 0) * LINE_HEIGHT + 2;
      },
    };
    // Chart.js types a scale's options by its kind; here the kind is chosen as the axis says.
    return options as unknown as CartesianOptions;
  }
}

function fontOf({ fontSize, font }: ChartTheme): string {
  return `${fontSize}px ${font}`;
}
