import type { Plugin } from 'chart.js';
import { characterRow, characterRowHeight, charactersFit } from '../charts/characterRow.ts';
import { Plot, type Axis, type Line } from '../charts/plot.ts';
import { linearTicks } from '../../common/ranges.ts';
import { element, show } from '../dom.ts';
import type { Figure } from './figure.ts';
import { countAxis, PlotCursor } from './plotCursor.ts';
import type { PanelContext } from './view.ts';

/** Characters shown on each side of the step pointed at, where not all of them fit under the axis. */
const CONTEXT = 40;
const PIXELS_PER_ROW_TICK = 30;

/** A line of one or two points would hardly be seen without them. */
export function pointRadiusFor(points: number): number {
  return points <= 2 ? 3 : 0;
}

export interface StepPlotOptions {
  readonly xName: string;
  readonly yName?: string;
  readonly topMargin?: number;
  /** Whether the characters read stand under the axis. */
  readonly withCharacters: boolean;
  readonly plugins?: readonly Plugin<'line'>[];
  /** The step that the arrow keys start from while none is pointed at. */
  readonly from: () => number;
}

/** A chart over the time steps of a window. The step pointed at, by pointer or arrow keys, is shared by all charts. */
export class StepPlot {
  readonly plot: Plot;
  readonly #context: PanelContext;
  readonly #options: StepPlotOptions;
  readonly #cursor: PlotCursor;
  /** Where the characters do not fit under the axis: those around the step, that one marked. */
  readonly #strip = element('p', { class: 'character-strip', hidden: true });
  /** What each time step read, made visible. */
  #characters: readonly string[] = [];
  /** The step that is marked on the canvas. */
  #marked: number | null = null;

  constructor(figure: Figure, context: PanelContext, lines: Line[], options: StepPlotOptions) {
    this.#context = context;
    this.#options = options;
    const { xName, yName, topMargin, plugins = [], withCharacters } = options;
    const row = characterRow(
      () => ({ characters: withCharacters ? this.#characters : [], step: this.step }),
      () => context.theme,
    );
    this.plot = new Plot(figure.canvas, lines, {
      page: context,
      xName,
      ...(yName !== undefined && { yName }),
      ...(topMargin !== undefined && { topMargin }),
      plugins: [...plugins, row],
    });
    this.#cursor = new PlotCursor(figure, this.plot, {
      count: () => this.T,
      from: () => this.step ?? options.from(),
      point: (step) => context.state.point({ step }),
    });
    if (withCharacters) figure.footer.append(this.#strip);
  }

  get T(): number {
    return this.#characters.length;
  }

  /** The step pointed at, where the window has it. */
  get step(): number | null {
    const { step } = this.#context.state.hover;
    return step !== null && step < this.T ? step : null;
  }

  setCharacters(characters: readonly string[]): void {
    this.#characters = characters;
  }

  /** Draws the lines as they are now over the axis of time steps. */
  draw(y: Axis): void {
    const { theme } = this.#context;
    this.#marked = this.step;
    const isRow = this.#options.withCharacters && this.#fits;
    const x = countAxis(this.T, this.plot.area.width, isRow ? characterRowHeight(theme) : undefined);
    this.plot.draw(theme, { x, y });
  }

  /** Shows the step pointed at: the cursor, the character under the axis, or those around it where they do not fit. */
  point(): void {
    const { step } = this;
    this.#cursor.show(step);
    if (!this.#options.withCharacters) return;
    this.#showStrip(step ?? this.#options.from());
    if (step !== this.#marked) this.plot.redraw();
    this.#marked = step;
  }

  get #fits(): boolean {
    return charactersFit(this.T, this.plot.area.width);
  }

  #showStrip(t: number): void {
    show(this.#strip, !this.#fits);
    if (this.#fits) return;
    // In the order of the time steps, whatever way the script is written.
    const around = (from: number, to: number): HTMLElement =>
      element('bdo', { dir: 'ltr' }, this.#characters.slice(Math.max(0, from), to).join(''));
    this.#strip.replaceChildren(
      element('span', { class: 'before' }, around(t - CONTEXT, t)),
      element('mark', {}, this.#characters[t] ?? ''),
      element('span', {}, around(t + 1, t + 1 + CONTEXT)),
    );
  }
}

/** The axis of the rows of a picture, row 0 at the top: its values count downwards from 0, its numbers upwards. */
export function downwardAxis(rows: number, height: number): Axis {
  const ticks = linearTicks({ min: 0, max: rows - 1 }, Math.max(2, Math.floor(height / PIXELS_PER_ROW_TICK)), true);
  return {
    logarithmic: false,
    min: 0.5 - rows,
    max: 0.5,
    ticks: ticks.map((row) => ({ value: -row, label: String(row) })),
  };
}
