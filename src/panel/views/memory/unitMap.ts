import { HeatmapLayer } from '../../charts/heatmapLayer.ts';
import { paintCells, pixelsFor } from '../../charts/memoryImage.ts';
import type { UnitOrder } from '../../charts/memorySaturation.ts';
import type { PictureData } from '../../charts/pictureData.ts';
import { element, setText, show } from '../../dom.ts';
import type { Memory, Units } from '../../../protocol/study.ts';
import type { MirroredRun } from '../../state/mirror.ts';
import type { ColorBar } from '../colorBar.ts';
import { ChoiceGroup } from '../controls.ts';
import { Figure, type FigureOptions } from '../figure.ts';
import { downwardAxis, StepPlot } from '../stepPlot.ts';
import { Inputs, type PanelContext, type View } from '../view.ts';
import { windowData, charactersRead } from './window.ts';

export interface UnitMapOptions extends Pick<FigureOptions, 'id' | 'title' | 'note' | 'question' | 'help'> {
  /** The quantity whose hidden units are shown. */
  readonly quantity: string;
  readonly controls: readonly HTMLElement[];
  readonly bar: ColorBar;
  /** The order that is not that of the indices. */
  readonly sorted: { readonly label: string; readonly title: string };
  readonly orderTestId: string;
}

/** A picture of every hidden unit (a row) at every time step (a column) of what a function gave. */
export abstract class UnitMap implements View {
  readonly element: HTMLElement;
  protected readonly context: PanelContext;
  protected readonly figure: Figure;
  readonly #quantity: string;
  readonly #steps: StepPlot;
  readonly #layer = new HeatmapLayer();
  readonly #told = new Inputs();
  readonly #drawn = new Inputs();
  readonly #order: ChoiceGroup<UnitOrder>;
  readonly #bar: ColorBar;
  readonly #reading = element('p', { class: 'memory-reading' });
  /** The units from the first row to the last. */
  #units: Int32Array = new Int32Array(0);
  /** The row that the pointer is over. */
  #row: number | null = null;

  constructor(context: PanelContext, options: UnitMapOptions) {
    const { id, quantity, controls, bar, sorted, orderTestId } = options;
    this.context = context;
    this.#quantity = quantity;
    this.#bar = bar;
    this.#order = new ChoiceGroup<UnitOrder>(
      'Order of the hidden units',
      orderTestId,
      [
        { value: 'saturation', ...sorted },
        { value: 'index', label: 'by index', title: 'Units in the order of their index' },
      ],
      (unitOrder) => context.state.choose({ unitOrder }),
    );
    this.figure = new Figure(
      {
        ...options,
        controls: [...controls, this.#order.element],
        keys: 'Left and right arrow read time steps, up and down arrow hidden units.',
        data: windowData(context, (memory, run) => this.data(memory, this.unitsOf(memory), run)),
      },
      context,
    );
    this.element = this.figure.element;
    this.element.dataset.testid = id;
    this.figure.legend.append(this.#bar.element);
    this.figure.footer.append(this.#reading);
    this.#steps = new StepPlot(this.figure, context, [], {
      xName: 't',
      yName: 'unit',
      withCharacters: false,
      from: () => 0,
      plugins: [this.#layer.plugin],
    });
    this.#listen();
  }

  /** Where a number that the function gave lies on the colours, 0 … 1. */
  protected abstract position(value: number): number;

  protected abstract sort(units: Units, order: UnitOrder): Int32Array;

  /** Says what there is to say of the whole window. */
  protected tell?(memory: Memory, units: Units): void;

  /** In a sentence: of all cells, of a time step, of a unit, and of one cell. */
  protected abstract overall(units: Units): string;
  protected abstract atStep(units: Units, t: number): string;
  protected abstract ofUnit(units: Units, unit: number): string;
  protected abstract ofCell(units: Units, unit: number, t: number): string;

  protected abstract describe(memory: Memory, units: Units): string;

  protected abstract data(memory: Memory, units: Units, run: MirroredRun): PictureData;

  get #memory(): Memory | undefined {
    return this.context.state.study.memory;
  }

  protected unitsOf(memory: Memory): Units {
    return memory.units[this.#quantity];
  }

  update(): void {
    const { state, theme } = this.context;
    const { run } = state;
    const memory = this.#memory;
    show(this.element, memory !== undefined);
    if (run === undefined || memory === undefined) return;
    const { unitOrder } = state.ui;
    this.#order.value = unitOrder;
    if (this.#told.changed(memory, unitOrder)) {
      this.#units = this.sort(this.unitsOf(memory), unitOrder);
      this.#steps.setCharacters(charactersRead(run.description.facts, memory));
      this.tell?.(memory, this.unitsOf(memory));
    }
    if (!this.figure.isVisible) return;
    const { width, height } = this.#steps.plot.area;
    if (!this.#drawn.changed(memory, this.#units, theme, width, height)) return;
    this.#draw(memory);
    this.point();
  }

  point(): void {
    const memory = this.#memory;
    if (memory === undefined) return;
    this.#steps.point();
    const units = this.unitsOf(memory);
    const t = this.#steps.step;
    const unit = this.#row === null ? undefined : this.#units[this.#row];
    if (unit === undefined) {
      this.#bar.point(NaN);
      setText(this.#reading, t === null ? this.overall(units) : `t = ${t}: ${this.atStep(units, t)}`);
      return;
    }
    if (t === null) {
      setText(this.#reading, `unit ${unit}, ${this.ofUnit(units, unit)}`);
      return;
    }
    this.#bar.point(this.position(units.values[t * this.#units.length + unit]));
    setText(this.#reading, `unit ${unit} at t = ${t}: ${this.ofCell(units, unit, t)}; ${this.ofUnit(units, unit)}`);
  }

  #draw(memory: Memory): void {
    const { values } = this.unitsOf(memory);
    const T = memory.inputs.length;
    const H = this.#units.length;
    const { width, height } = this.#steps.plot.area;
    const columns = pixelsFor(T, width, devicePixelRatio);
    const rows = pixelsFor(H, height, devicePixelRatio);
    this.#layer.paint(columns, rows, (pixels) =>
      paintCells(pixels, columns, rows, H, T, (row, t) => this.position(values[t * H + this.#units[row]])),
    );
    const y = downwardAxis(H, height);
    // Rows that are sorted have no numbers, for they would be no order.
    this.#steps.draw(this.context.state.ui.unitOrder === 'index' ? y : { ...y, ticks: [] });
    this.figure.describe(this.describe(memory, this.unitsOf(memory)));
  }

  #listen(): void {
    const { surface } = this.figure;
    const to = (row: number | null): void => {
      this.#row = row;
      this.point();
    };
    surface.addEventListener('pointermove', (event) => {
      const { top, height } = this.#steps.plot.area;
      const share = (event.clientY - surface.getBoundingClientRect().top - top) / height;
      to(share < 0 || share >= 1 ? null : Math.floor(share * this.#units.length));
    });
    surface.addEventListener('pointerleave', () => to(null));
    surface.addEventListener('keydown', (event) => {
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (by === undefined || this.#units.length === 0) return;
      event.preventDefault();
      to(Math.min(Math.max((this.#row ?? (by > 0 ? -1 : 1)) + by, 0), this.#units.length - 1));
    });
  }
}

/** A table with a row a unit: what is said of each, then its numbers over time. */
export function unitTable(
  { values, unitSaturation }: Units,
  name: string,
  said: readonly (readonly [column: string, of: (unit: number) => number])[],
): Pick<PictureData, 'columns' | 'rows'> {
  const H = unitSaturation.length;
  const steps = Array.from({ length: values.length / H }, (_, t) => t);
  return {
    columns: ['unit', ...said.map(([column]) => column), ...steps.map((t) => `${name}(${t})`)],
    rows: Array.from({ length: H }, (_, unit) => [
      unit,
      ...said.map(([, of]) => of(unit)),
      ...steps.map((t) => values[t * H + unit]),
    ]),
  };
}
