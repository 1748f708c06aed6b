import { HeatmapLayer } from '../../charts/heatmapLayer.ts';
import { paintCells, pixelsFor } from '../../charts/memoryImage.ts';
import { deadUnitsText, orderUnits, tanhFactorAt, type UnitOrder } from '../../charts/memorySaturation.ts';
import { pictureName, type PictureData } from '../../charts/pictureData.ts';
import { element, setText, show } from '../../dom.ts';
import { formatNorm, formatShare, groupDigits } from '../../../common/format.ts';
import { SATURATED, SATURATED_SLOPE } from '../../../network/saturation.ts';
import type { Memory } from '../../../protocol/study.ts';
import type { MirroredRun } from '../../state/mirror.ts';
import { ColorBar } from '../colorBar.ts';
import { ChoiceGroup } from '../controls.ts';
import { Figure } from '../figure.ts';
import { downwardAxis, StepPlot } from '../stepPlot.ts';
import { Inputs, type PanelContext, type View } from '../view.ts';
import { aboutWindow, windowData, charactersRead } from './window.ts';
import type { Network } from '../../../network/network.ts';
import { stepOfError } from '../../network/stepPlaces.ts';
import { wayBackOf } from '../../../network/wayBack.ts';
import { backwardSteps } from '../tape/backwardSteps.ts';

/** The colours reach over so many decades under 1, at which everything passes. */
const DECADES = 3;
/** Of a unit that is just saturated. */
const SLOPE = SATURATED_SLOPE.toFixed(3);

/** The tanh factor of every hidden unit (a row) at every time step (a column). */
export class SaturationView implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #figure: Figure;
  readonly #steps: StepPlot;
  readonly #layer = new HeatmapLayer();
  readonly #told = new Inputs();
  readonly #drawn = new Inputs();
  readonly #order: ChoiceGroup<UnitOrder>;
  readonly #bar = new ColorBar(
    `1 − a², logarithmic, from open to saturated. The notches are the decades and, at ${SLOPE}, |a| = ${SATURATED}.`,
  );
  readonly #reading = element('p', { class: 'memory-reading' });
  readonly #dead = element('p', { class: 'memory-text', 'data-testid': 'dead-units' });
  #units: Int32Array = new Int32Array(0);
  /** The row that the pointer is over. */
  #row: number | null = null;

  constructor(context: PanelContext) {
    this.#context = context;
    this.#order = new ChoiceGroup<UnitOrder>(
      'Order of the hidden units',
      'unit-order',
      [
        {
          value: 'saturation',
          label: 'most saturated first',
          title: 'Units that are saturated for the longest time at the top',
        },
        { value: 'index', label: 'by index', title: 'Units in the order of their index' },
      ],
      (unitOrder) => context.state.choose({ unitOrder }),
    );
    this.#figure = new Figure(
      {
        id: 'saturation',
        title: 'Saturation: where tanh lets no error pass',
        note: '1 − a² by hidden unit and time step',
        question: 'Where does tanh let no error pass?',
        help:
          `Every cell is the factor 1 − a(t)² by which ${slopeStep(context.network)}, multiplies the error of one hidden unit at one time step. Dark: it passes as it is. Bright: |a| is near 1, tanh is flat there and the error stops; ` +
          `below ${SLOPE} (|a| > ${SATURATED}) it counts as saturated.\n` +
          'Bright everywhere: the weights or the learning rate are too large. A row that is bright all along is a unit that hardly learns; ' +
          'a column, a character that saturates the whole network.',
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
    this.#bar.update('1', '≤ 0.001', [1 / 3, 2 / 3, position(SATURATED_SLOPE)]);
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
      this.#units = orderUnits(memory, unitOrder);
      this.#steps.setCharacters(charactersRead(run.description.facts, memory));
      setText(this.#dead, deadUnitsText(memory.deadUnits, this.#units.length, run.description.settings.batchSize));
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
    if (unit === undefined) {
      this.#bar.point(NaN);
      setText(
        this.#reading,
        t === null ? overall(memory) : `t = ${t}: ${formatShare(memory.saturation[t])} of the units saturated`,
      );
      return;
    }
    const always = `saturated at ${formatShare(memory.unitSaturation[unit])} of the steps`;
    if (t === null) {
      setText(this.#reading, `unit ${unit}, ${always}`);
      return;
    }
    const factor = tanhFactorAt(memory, unit, t);
    this.#bar.point(position(factor));
    const a = memory.a[t * this.#units.length + unit];
    setText(
      this.#reading,
      `unit ${unit} at t = ${t}: a = ${a.toFixed(3).replace('-', '−')}, 1 − a² = ${formatNorm(factor)}; ${always}`,
    );
  }

  #draw(memory: Memory): void {
    const T = memory.inputs.length;
    const H = this.#units.length;
    const { width, height } = this.#steps.plot.area;
    const columns = pixelsFor(T, width, devicePixelRatio);
    const rows = pixelsFor(H, height, devicePixelRatio);
    this.#layer.paint(columns, rows, (pixels) =>
      paintCells(pixels, columns, rows, H, T, (row, t) => position(tanhFactorAt(memory, this.#units[row], t))),
    );
    const y = downwardAxis(H, height);
    // Rows that are sorted have no numbers, for they would be no order.
    this.#steps.draw(this.#context.state.ui.unitOrder === 'index' ? y : { ...y, ticks: [] });
    this.#figure.describe(
      `The factor 1 − a² of ${H} hidden units at ${T} time steps, iteration ${groupDigits(memory.iteration)}: ${overall(memory)}.`,
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
      columns: ['unit', 'saturated_share', ...Array.from({ length: T }, (_, t) => `a(${t})`)],
      rows: Array.from({ length: H }, (_, unit) => [
        unit,
        memory.unitSaturation[unit],
        ...Array.from({ length: T }, (_, t) => memory.a[t * H + unit]),
      ]),
    };
  }
}

/** Where a tanh factor lies on the colours: 0 for one that lets everything pass, 1 for 10^−DECADES and less. */
function position(factor: number): number {
  if (Number.isNaN(factor)) return NaN;
  return factor > 0 ? Math.min(1, Math.max(0, -Math.log10(factor) / DECADES)) : 1;
}

function overall({ saturation }: Memory): string {
  const mean = saturation.reduce((sum, share) => sum + share, 0) / saturation.length;
  return `${formatShare(mean)} of all cells saturated`;
}

/** The step of side B that the slope of tanh belongs to: step 7, ∂h(t) = (1 − a(t)²) ⊙ ∂a(t). */
function slopeStep(network: Network): string {
  const way = wayBackOf(network);
  const step = stepOfError(network, way?.preActivation ?? network.states[0]);
  return `step ${step}, ${backwardSteps(network)[step - 1].formula.markup}`;
}
