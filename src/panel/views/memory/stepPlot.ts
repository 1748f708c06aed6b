import type { Plugin } from 'chart.js';
import { characterRow, characterRowHeight, charactersFit } from '../../charts/characterRow.ts';
import { Plot, type Axis, type Line } from '../../charts/plot.ts';
import { linearTicks } from '../../charts/ranges.ts';
import { element, show } from '../../dom.ts';
import type { Figure } from '../figure.ts';
import type { PanelContext } from '../view.ts';

/** Characters shown on each side of the step pointed at, where not all of them fit under the axis. */
const CONTEXT = 40;
const PIXELS_PER_TICK = 60;
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

/** A chart over the time steps of the window. The step pointed at, by pointer or arrow keys, is shared by all charts. */
export class StepPlot {
  readonly plot: Plot;
  readonly #figure: Figure;
  readonly #context: PanelContext;
  readonly #options: StepPlotOptions;
  readonly #cursor = element('div', { class: 'cursor', hidden: true });
  readonly #strip = element('p', { class: 'character-strip', hidden: true });
  /** What each time step read, made visible. */
  #characters: readonly string[] = [];

  constructor(figure: Figure, context: PanelContext, lines: Line[], options: StepPlotOptions) {
    this.#figure = figure;
    this.#context = context;
    this.#options = options;
    const row = characterRow(
      () => ({ characters: options.withCharacters ? this.#characters : [], step: this.step }),
      () => context.theme,
    );
    this.plot = new Plot(figure.canvas, lines, {
      resized: () => context.requestUpdate(),
      xName: options.xName,
      ...(options.yName !== undefined && { yName: options.yName }),
      ...(options.topMargin !== undefined && { topMargin: options.topMargin }),
      plugins: [...(options.plugins ?? []), row],
    });
    figure.surface.append(this.#cursor);
    if (options.withCharacters) figure.footer.append(this.#strip);
    this.#listen();
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

  /** The axis of time steps for the size that the plot has now. */
  axis(): Axis {
    const ticks = linearTicks(
      { min: 0, max: this.T - 1 },
      Math.max(2, Math.floor(this.plot.area.width / PIXELS_PER_TICK)),
      true,
    );
    return {
      logarithmic: false,
      min: -0.5,
      max: this.T - 0.5,
      ticks: ticks.map((t) => ({ value: t, label: String(t) })),
      tickPadding: this.#options.withCharacters && this.#fits ? characterRowHeight(this.#context.theme) : 4,
    };
  }

  /** Shows the step pointed at: the cursor, the character under the axis, or those around it where they do not fit. */
  point(): void {
    const { step } = this;
    this.#cursor.hidden = step === null;
    if (step !== null) {
      const { left, top, width, height } = this.plot.area;
      const x = Math.round(left + ((step + 0.5) / this.T) * width);
      this.#cursor.style.transform = `translate(${x}px, ${Math.round(top)}px)`;
      this.#cursor.style.height = `${Math.round(height)}px`;
    }
    if (!this.#options.withCharacters) return;
    this.#showStrip(step ?? this.#options.from());
    this.plot.redraw();
  }

  /** The step under a pointer; null beside the plot. */
  stepAt(event: PointerEvent): number | null {
    const { left, width } = this.plot.area;
    const share = (event.clientX - this.#figure.surface.getBoundingClientRect().left - left) / width;
    return share < 0 || share >= 1 ? null : Math.floor(share * this.T);
  }

  get #fits(): boolean {
    return charactersFit(this.T, this.plot.area.width);
  }

  #listen(): void {
    const { surface } = this.#figure;
    const { state } = this.#context;
    surface.addEventListener('pointermove', (event) => state.point({ step: this.stepAt(event) }));
    surface.addEventListener('pointerleave', () => state.point({ step: null }));
    surface.addEventListener('keydown', (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (by === undefined || this.T === 0 || event.target !== surface) return;
      event.preventDefault();
      const from = this.step ?? this.#options.from();
      state.point({ step: Math.min(Math.max(from + by, 0), this.T - 1) });
    });
  }

  #showStrip(t: number): void {
    show(this.#strip, !this.#fits);
    if (this.#fits) return;
    const around = (from: number, to: number): string => this.#characters.slice(Math.max(0, from), to).join('');
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
