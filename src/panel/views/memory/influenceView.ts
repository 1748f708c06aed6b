import { decadeLabel } from '../../charts/decadeAxis.ts';
import { DecadeScale } from '../../../common/decadeScale.ts';
import { HeatmapLayer } from '../../charts/heatmapLayer.ts';
import { paintCells, pixelsFor } from '../../charts/memoryImage.ts';
import { rowOutline } from '../../charts/memoryMarkers.ts';
import { rowShares, type InfluenceMode } from '../../charts/memoryMatrix.ts';
import type { Network } from '../../../network/network.ts';
import { pictureName, type PictureData } from '../../charts/pictureData.ts';
import { element, setText, show } from '../../dom.ts';
import { formatNorm, groupDigits } from '../../../common/format.ts';
import type { Memory, Reach } from '../../../protocol/study.ts';
import type { MirroredRun } from '../../state/mirror.ts';
import { DecadeColorBar } from '../colorBar.ts';
import { ChoiceGroup } from '../controls.ts';
import { Figure } from '../figure.ts';
import { downwardAxis, StepPlot } from '../stepPlot.ts';
import { layerOfReach, reachMarkup, reachWords } from '../../../network/reach.ts';
import { written } from '../../../network/names.ts';
import { wayWordsOf } from '../../../network/wayWords.ts';
import { Inputs, type PanelContext, type View } from '../view.ts';
import { aboutWindow, influenceStem, windowData, charactersRead, chosenRow, errorText, stepLabel } from './window.ts';

const KEYS =
  'Up and down arrow choose the error that is followed, Home and End the first and the last; left and right arrow read its way back.';

const NOTES: Readonly<Record<InfluenceMode, string>> = {
  absolute: 'L(t) not divided by N',
  row: 'L(t) not divided by N, share of the row’s largest',
};

/** The influence of the error of every time step (a row) on the state at every step before it (a column). */
export class InfluenceView implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  /** Where the errors are measured. */
  readonly #name: string;
  /** Of the norms as they are; the axis of the chosen row has it too. */
  readonly #absolute: DecadeScale;
  readonly #relative = new DecadeScale();
  readonly #figure: Figure;
  readonly #steps: StepPlot;
  readonly #layer = new HeatmapLayer();
  readonly #painted = new Inputs();
  readonly #drawn = new Inputs();
  readonly #modes: ChoiceGroup<InfluenceMode>;
  readonly #bar: DecadeColorBar;
  readonly #reading = element('p', { class: 'memory-reading', 'data-testid': 'influence-reading' });
  /** The row that the pointer is over. */
  #row: number | null = null;
  #scaledRun: string | undefined;
  /** The numbers that are coloured: as they are, or with every row divided by its largest. */
  #shown: Float64Array = new Float64Array(0);
  readonly #computed = new Inputs();

  /** @param name of the state or the pre-activations at which errors are measured. */
  constructor(context: PanelContext, name: string, colors: DecadeScale, choosers: readonly HTMLElement[]) {
    this.#context = context;
    this.#name = name;
    const { network } = context;
    const influence = reachMarkup(name);
    this.#absolute = colors;
    this.#modes = new ChoiceGroup<InfluenceMode>(
      'Colours of the influence matrix',
      'influence-mode',
      [
        { value: 'absolute', label: 'absolute', title: 'Norms as they are: rows and windows can be compared' },
        {
          value: 'row',
          label: 'per row',
          title: 'Every row divided by its largest value: how each error fades, however large it is',
        },
      ],
      (influenceMode) => context.state.choose({ influenceMode }),
    );
    this.#bar = new DecadeColorBar('this window', 'influence-fit', () => this.#fit());
    this.#figure = new Figure(
      {
        id: 'influence',
        title: 'Influence: how far errors reach back',
        note: `${influence}, ${NOTES.absolute}`,
        question: 'How far does an error reach?',
        help:
          `Row t is the error L(t) of one prediction; from the diagonal, where it arises, it travels to the left, to the states ${written(name)}(s) of earlier steps s ≤ t. ` +
          `Colour is ${influence}${influenceFormula(network, name)}, of one stream, with L(t) not divided by N; ` +
          'it is computed by the float64 reference on the weights of this iteration.\n' +
          'A thin bright band along the diagonal: only the last few characters teach. A row that stays bright to the left: that error reaches far back, so what was read there can be learned from. ' +
          'Brighter to the left than at the diagonal: the error explodes.\n' +
          'Click a row to follow that error.',
        controls: [...choosers, this.#modes.element],
        keys: KEYS,
        data: windowData(context, (memory, run) => this.#data(memory, run)),
      },
      context,
    );
    this.element = this.#figure.element;
    this.element.dataset.testid = 'influence';
    this.#figure.legend.append(this.#bar.element);
    this.#figure.footer.append(this.#reading);
    this.#steps = new StepPlot(this.#figure, context, [], {
      xName: 's',
      yName: 't',
      withCharacters: false,
      from: () => this.#chosen,
      plugins: [
        this.#layer.plugin,
        rowOutline(
          () => (this.#memory === undefined ? undefined : this.#chosen),
          () => context.theme,
        ),
      ],
    });
    this.#listen();
  }

  get #memory(): Memory | undefined {
    return this.#context.state.study.memory;
  }

  #reachOf(memory: Memory): Reach {
    return memory.reaches[this.#name];
  }

  get #chosen(): number {
    return chosenRow(this.#context.state, this.#steps.T);
  }

  get #mode(): InfluenceMode {
    return this.#context.state.ui.influenceMode;
  }

  get #colors(): DecadeScale {
    return this.#mode === 'absolute' ? this.#absolute : this.#relative;
  }

  update(): void {
    const { state, theme } = this.#context;
    const { run } = state;
    const memory = this.#memory;
    show(this.element, memory !== undefined);
    if (run === undefined || memory === undefined) return;
    this.#modes.value = state.ui.influenceMode;
    this.#take(memory, run.description.runId);
    if (!this.#figure.isVisible) return;
    const { width, height } = this.#steps.plot.area;
    const { low, high } = this.#colors;
    const isPainted = !this.#painted.changed(
      memory,
      state.ui.influenceMode,
      low,
      high,
      width,
      height,
      devicePixelRatio,
    );
    if (!isPainted) this.#paint();
    if (!this.#drawn.changed(theme, this.#chosen) && isPainted) return;
    this.#draw(memory);
    this.point();
  }

  point(): void {
    const { run } = this.#context.state;
    const memory = this.#memory;
    if (run === undefined || memory === undefined) return;
    this.#steps.point();
    const t = this.#row ?? this.#chosen;
    const s = this.#steps.step;
    const { facts } = run.description;
    if (s === null || s > t) {
      this.#bar.point(NaN);
      const name = errorText(facts, memory, t);
      setText(
        this.#reading,
        s === null ? `follows the error at ${name}` : `the error at ${name} does not reach later steps`,
      );
      return;
    }
    const at = t * this.#steps.T + s;
    this.#bar.point(this.#colors.position(this.#shown[at]));
    const share = this.#mode === 'row' ? `, ${formatNorm(this.#shown[at])} of the row’s largest` : '';
    setText(
      this.#reading,
      `error at ${errorText(facts, memory, t)} reaches ${stepLabel(facts, memory, s, 's')}, lag ${t - s}: ${formatNorm(this.#reachOf(memory).influence[at])}${share}`,
    );
  }

  /** Takes a window that is new into the scales; another run starts them anew. */
  #take(memory: Memory, runId: string): void {
    if (this.#scaledRun !== runId) {
      this.#scaledRun = runId;
      this.#absolute.reset();
      this.#relative.reset();
    }
    const mode = this.#mode;
    if (!this.#computed.changed(memory, mode)) return;
    this.#steps.setCharacters(charactersRead(this.#context.state.run?.description.facts, memory));
    const { influence } = this.#reachOf(memory);
    this.#absolute.include(influence);
    this.#shown = mode === 'row' ? rowShares(influence) : influence;
    if (mode === 'row') this.#relative.include(this.#shown);
  }

  #fit(): void {
    this.#colors.reset();
    this.#colors.include(this.#shown);
    this.#context.requestUpdate();
  }

  #paint(): void {
    const { T } = this.#steps;
    const { width, height } = this.#steps.plot.area;
    const columns = pixelsFor(T, width, devicePixelRatio);
    const rows = pixelsFor(T, height, devicePixelRatio);
    const scale = this.#colors;
    const shown = this.#shown;
    this.#layer.paint(columns, rows, (pixels) =>
      paintCells(pixels, columns, rows, T, T, (t, s) => (s > t ? NaN : scale.position(shown[t * T + s]))),
    );
    this.#bar.show(scale);
  }

  #draw(memory: Memory): void {
    const { T } = this.#steps;
    const scale = this.#colors;
    this.#steps.draw(downwardAxis(T, this.#steps.plot.area.height));
    this.#figure.setNote(`${reachMarkup(this.#name)}, ${NOTES[this.#mode]}`);
    this.#figure.describe(
      `Influence of the error of each of ${T} time steps on the states before it, at iteration ${groupDigits(memory.iteration)}. ` +
        `Colours are logarithmic, from ${decadeLabel(10 ** scale.low)} to ${decadeLabel(10 ** scale.high)}. Chosen: t = ${this.#chosen}.`,
    );
  }

  #listen(): void {
    const { surface } = this.#figure;
    const { study } = this.#context.state;
    surface.addEventListener('pointermove', (event) => {
      this.#row = this.#rowAt(event);
      this.point();
    });
    surface.addEventListener('pointerleave', () => {
      this.#row = null;
      this.point();
    });
    surface.addEventListener('click', (event) => {
      const row = this.#rowAt(event);
      if (row !== null) study.chooseStep(row);
    });
    surface.addEventListener('keydown', (event) => {
      const to = { ArrowUp: this.#chosen - 1, ArrowDown: this.#chosen + 1, Home: 0, End: this.#steps.T - 1 }[event.key];
      if (to === undefined || this.#steps.T === 0) return;
      event.preventDefault();
      study.chooseStep(Math.min(Math.max(to, 0), this.#steps.T - 1));
    });
  }

  #rowAt(event: MouseEvent): number | null {
    const { top, height } = this.#steps.plot.area;
    const share = (event.clientY - this.#figure.surface.getBoundingClientRect().top - top) / height;
    return share < 0 || share >= 1 ? null : Math.floor(share * this.#steps.T);
  }

  #data(memory: Memory, run: MirroredRun): PictureData {
    const { T } = this.#steps;
    const { influence } = this.#reachOf(memory);
    const symbol = (id: number): string => run.description.facts?.vocabulary[id] ?? '';
    const rows: (string | number)[][] = [];
    for (let t = 0; t < T; t++) {
      for (let s = 0; s <= t; s++) {
        rows.push([
          t,
          s,
          t - s,
          symbol(memory.inputs[t]),
          symbol(memory.targets[t]),
          symbol(memory.inputs[s]),
          influence[t * T + s],
        ]);
      }
    }
    return {
      name: pictureName(run, ...influenceStem(run.network, this.#name), memory.iteration, 'stream', memory.stream),
      about: aboutWindow(run, memory, { quantity: reachMarkup(this.#name) }),
      columns: ['t', 's', 'lag', 'input_t', 'target_t', 'input_s', 'influence'],
      rows,
    };
  }
}

/** What the influence is a product of, where errors go back by a single way; else what the name means. */
function influenceFormula(network: Network, name: string): string {
  const way = wayWordsOf(network, layerOfReach(network, name));
  if (way === undefined) return `, the ${reachWords(network, name)}`;
  // Errors of a layer above come down at every step as well.
  if (network.layers > 1) return '';
  return ` = ‖Π ${way.factors} ∂L(t)/∂${written(name)}(t)‖ over r = s … t − 1`;
}
