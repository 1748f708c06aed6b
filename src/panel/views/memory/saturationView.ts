import { HeatmapLayer } from '../../charts/heatmapLayer.ts';
import { paintCells, pixelsFor } from '../../charts/memoryImage.ts';
import { deadUnitsText, orderUnits, slopeAt, type UnitOrder } from '../../charts/memorySaturation.ts';
import { pictureName, type PictureData } from '../../charts/pictureData.ts';
import { element, setText, show } from '../../dom.ts';
import { formatNorm, formatShare, groupDigits } from '../../../common/format.ts';
import { SATURATED_SLOPE } from '../../../network/saturation.ts';
import { SATURATION } from '../../../network/slopes.ts';
import type { WayWords } from '../../../network/wayWords.ts';
import type { Memory } from '../../../protocol/study.ts';
import type { MirroredRun } from '../../state/mirror.ts';
import { ColorBar } from '../colorBar.ts';
import { ChoiceGroup } from '../controls.ts';
import { Figure } from '../figure.ts';
import { downwardAxis, StepPlot } from '../stepPlot.ts';
import { Inputs, type PanelContext, type View } from '../view.ts';
import { saturationTexts } from './saturationTexts.ts';
import { aboutWindow, windowData, charactersRead } from './window.ts';

/** The colours reach over so many decades under 1, at which everything passes. */
const DECADES = 3;

/** The slope of the activation of every hidden unit (a row) at every time step (a column). */
export class SaturationView implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #figure: Figure;
  readonly #steps: StepPlot;
  readonly #layer = new HeatmapLayer();
  readonly #told = new Inputs();
  readonly #drawn = new Inputs();
  readonly #order: ChoiceGroup<UnitOrder>;
  readonly #words: WayWords;
  readonly #bar: ColorBar;
  readonly #reading = element('p', { class: 'memory-reading' });
  readonly #dead = element('p', { class: 'memory-text', 'data-testid': 'dead-units' });
  #units: Int32Array = new Int32Array(0);
  /** The row that the pointer is over. */
  #row: number | null = null;

  constructor(context: PanelContext, words: WayWords) {
    this.#context = context;
    this.#words = words;
    const texts = saturationTexts(context.network, words);
    this.#bar = new ColorBar(texts.bar);
    this.#order = new ChoiceGroup<UnitOrder>(
      'Order of the hidden units',
      'unit-order',
      [
        {
          value: 'saturation',
          label: `most ${texts.often} first`,
          title: `Units that are ${words.stopped} for the longest time at the top`,
        },
        { value: 'index', label: 'by index', title: 'Units in the order of their index' },
      ],
      (unitOrder) => context.state.choose({ unitOrder }),
    );
    this.#figure = new Figure(
      {
        id: 'saturation',
        title: texts.title,
        note: `${words.slope} by hidden unit and time step`,
        question: `Where does ${words.activation} let no error pass?`,
        help: texts.help,
        controls: [this.#order.element],
        keys: 'Left and right arrow read time steps, up and down arrow hidden units.',
        data: windowData(context, (memory, run) => this.#data(memory, run)),
      },
      context,
    );
    this.element = this.#figure.element;
    this.element.dataset.testid = 'saturation';
    this.#figure.legend.append(this.#bar.element);
    this.#figure.footer.append(this.#reading, this.#dead);
    if (SATURATION[words.of].passesNothing) this.#bar.update('on', words.stopped, []);
    else this.#bar.update('1', '≤ 0.001', [1 / 3, 2 / 3, position(SATURATED_SLOPE)]);
    this.#steps = new StepPlot(this.#figure, context, [], {
      xName: 't',
      yName: 'unit',
      withCharacters: false,
      from: () => 0,
      plugins: [this.#layer.plugin],
    });
    this.#listen();
  }

  get #memory(): Memory | undefined {
    return this.#context.state.study.memory;
  }

  update(): void {
    const { state, theme } = this.#context;
    const { run } = state;
    const memory = this.#memory;
    show(this.element, memory !== undefined);
    if (run === undefined || memory === undefined) return;
    const { unitOrder } = state.ui;
    this.#order.value = unitOrder;
    if (this.#told.changed(memory, unitOrder)) {
      this.#units = orderUnits(memory, unitOrder, this.#words.of);
      this.#steps.setCharacters(charactersRead(run.description.facts, memory));
      const { batchSize } = run.description.settings;
      setText(this.#dead, deadUnitsText(memory.deadUnits, this.#units.length, batchSize, this.#words));
      this.#dead.dataset.value = String(memory.deadUnits.length);
    }
    if (!this.#figure.isVisible) return;
    const { width, height } = this.#steps.plot.area;
    if (!this.#drawn.changed(memory, this.#units, theme, width, height)) return;
    this.#draw(memory);
    this.point();
  }

  point(): void {
    const memory = this.#memory;
    if (memory === undefined) return;
    this.#steps.point();
    const t = this.#steps.step;
    const unit = this.#row === null ? undefined : this.#units[this.#row];
    const { of, slope, stopped } = this.#words;
    if (unit === undefined) {
      this.#bar.point(NaN);
      setText(
        this.#reading,
        t === null ? this.#overall(memory) : `t = ${t}: ${formatShare(memory.saturation[t])} of the units ${stopped}`,
      );
      return;
    }
    const always = `${stopped} at ${formatShare(memory.unitSaturation[unit])} of the steps`;
    if (t === null) {
      setText(this.#reading, `unit ${unit}, ${always}`);
      return;
    }
    const factor = slopeAt(memory, unit, t, of);
    this.#bar.point(position(factor));
    const a = memory.a[t * this.#units.length + unit];
    setText(
      this.#reading,
      `unit ${unit} at t = ${t}: a = ${a.toFixed(3).replace('-', '−')}, ${slope} = ${formatNorm(factor)}; ${always}`,
    );
  }

  #overall({ saturation }: Memory): string {
    const mean = saturation.reduce((sum, share) => sum + share, 0) / saturation.length;
    return `${formatShare(mean)} of all cells ${this.#words.stopped}`;
  }

  #draw(memory: Memory): void {
    const T = memory.inputs.length;
    const H = this.#units.length;
    const { width, height } = this.#steps.plot.area;
    const columns = pixelsFor(T, width, devicePixelRatio);
    const rows = pixelsFor(H, height, devicePixelRatio);
    this.#layer.paint(columns, rows, (pixels) =>
      paintCells(pixels, columns, rows, H, T, (row, t) =>
        position(slopeAt(memory, this.#units[row], t, this.#words.of)),
      ),
    );
    const y = downwardAxis(H, height);
    // Rows that are sorted have no numbers, for they would be no order.
    this.#steps.draw(this.#context.state.ui.unitOrder === 'index' ? y : { ...y, ticks: [] });
    this.#figure.describe(
      `The factor ${this.#words.slope} of ${H} hidden units at ${T} time steps, iteration ${groupDigits(memory.iteration)}: ${this.#overall(memory)}.`,
    );
  }

  #listen(): void {
    const { surface } = this.#figure;
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

  #data(memory: Memory, run: MirroredRun): PictureData {
    const H = memory.unitSaturation.length;
    const T = memory.inputs.length;
    return {
      name: pictureName(run, 'activations', memory.iteration, 'stream', memory.stream),
      about: aboutWindow(run, memory, { quantity: 'a(t)', dead_units: Array.from(memory.deadUnits).join(' ') }),
      columns: ['unit', `${this.#words.stopped}_share`, ...Array.from({ length: T }, (_, t) => `a(${t})`)],
      rows: Array.from({ length: H }, (_, unit) => [
        unit,
        memory.unitSaturation[unit],
        ...Array.from({ length: T }, (_, t) => memory.a[t * H + unit]),
      ]),
    };
  }
}

/** Where a slope lies on the colours: 0 for one that lets everything pass, 1 for 10^−DECADES and less. */
function position(factor: number): number {
  if (Number.isNaN(factor)) return NaN;
  return factor > 0 ? Math.min(1, Math.max(0, -Math.log10(factor) / DECADES)) : 1;
}
