import { IterationGestures, ITERATION_KEYS } from '../charts/gestures.ts';
import { paintHeatmap } from '../charts/heatmapImage.ts';
import { HeatmapLayer } from '../charts/heatmapLayer.ts';
import { profileText } from '../charts/summaries.ts';
import { iterationAxis } from '../charts/iterationAxis.ts';
import { Plot, type Axis } from '../charts/plot.ts';
import { indexOfLargest, linearTicks } from '../../common/ranges.ts';
import { element, setText, show } from '../dom.ts';
import { formatNorm, groupDigits, powerOfTen } from '../../common/format.ts';
import type { Inspection } from '../../protocol/run.ts';
import { shareAt, shownRange } from '../state/iterationView.ts';
import type { MirroredRun } from '../state/mirror.ts';
import { stepText } from '../state/stepNorms.ts';
import { ChoiceGroup } from './controls.ts';
import { Figure } from './figure.ts';
import { HeatmapScale } from './heatmapScale.ts';
import { followButton } from './rangeControls.ts';
import { heatmapData } from './stepData.ts';
import { backThroughACell, contributionFormulas, errorNorms, OF_TOTAL_LOSS, withFormulas } from './helpFormulas.ts';
import { memberOptions, QuantityChooser } from './quantityChooser.ts';
import { Inputs, type PanelContext, type View } from './view.ts';
import { stepNormLabelOf } from '../../network/names.ts';
import type { Network } from '../../network/network.ts';
import { shownQuantity } from '../network/quantities.ts';
import { listed, parametersOfRole, stepRow } from '../../network/quantities.ts';

/** The norm of one quantity at every time step (upwards) of every inspected iteration (to the right). */
export class HeatmapView implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #figure: Figure;
  readonly #plot: Plot;
  readonly #layer = new HeatmapLayer();
  readonly #gestures: IterationGestures;
  readonly #inputs = new Inputs();
  readonly #scale: HeatmapScale;
  readonly #chooser: QuantityChooser;
  readonly #quantity: ChoiceGroup<string>;
  readonly #follow: HTMLButtonElement;
  readonly #reading = element('span', { class: 'reading-out' });
  readonly #marker = element('div', { class: 'marker', hidden: true });

  constructor(context: PanelContext) {
    this.#context = context;
    const { state, network } = context;
    this.#chooser = new QuantityChooser(context, { id: 'heatmap' });
    this.#quantity = new ChoiceGroup(
      'Quantity whose norm is shown',
      'quantity',
      memberOptions(context, this.#chooser.quantities),
      (quantity) => state.choose({ quantity }),
    );
    this.#follow = followButton(context);
    this.#scale = new HeatmapScale(context);
    this.#figure = new Figure(
      {
        id: 'heatmap',
        title: 'Gradient norm by time step',
        note: 'of the total loss L, before clipping',
        question: 'Where does the gradient come from?',
        help: withFormulas(
          'Every column is one inspected iteration, every row a time step of its window; colour is the norm of that step’s contribution to the gradient. ' +
            `All norms, ${errorNorms(network)} too, are ${OF_TOTAL_LOSS}.\n` +
            'The last step gets only its own error; every earlier one also what comes back from the steps after it. Brighter and brighter towards t = 0: ' +
            'the error explodes on its way back. Level but for the last few steps: it fades within those few, so only near characters teach.\n' +
            darkAtTheStart(network) +
            'The colours follow what is on the screen; where they were before stands beside them once they have moved, and Hold keeps them.\n' +
            'Click a column to look into it.',
          '∂P = Σ_t ∂P(t)',
          ...contributionFormulas(network, 'recurrent'),
          ...backThroughACell(network),
        ),
        controls: [this.#follow, ...this.#chooser.controls, this.#quantity.element],
        keys: `${ITERATION_KEYS} Enter chooses the iteration.`,
        data: () => {
          const { run, view } = state;
          return run && heatmapData(run, this.#shown, shownRange(view, run.history.iterations));
        },
      },
      context,
    );
    this.element = this.#figure.element;
    this.#figure.legend.append(this.#reading, this.#scale.element);
    this.#plot = new Plot(this.#figure.canvas, [], {
      page: context,
      xName: 'iteration',
      yName: 't',
      plugins: [this.#layer.plugin],
    });
    this.#gestures = new IterationGestures(this.#figure.surface, this.#plot, state, (iteration) =>
      state.lookBack(iteration),
    );
    this.#figure.surface.append(this.#marker);
    this.#figure.surface.addEventListener('pointermove', (event) => this.#pointStep(event));
  }

  update(): void {
    const { state, theme } = this.#context;
    const { run, ui, view } = state;
    if (run === undefined) return;
    this.#chooser.update();
    this.#quantity.options = memberOptions(this.#context, this.#chooser.quantities);
    this.#quantity.value = this.#shown;
    show(this.#follow, view.mode === 'range');
    this.#scale.update({
      runId: run.description.runId,
      quantity: this.#shown,
      range: shownRange(view, run.history.iterations),
      inspections: run.history.of('inspection'),
      norms: (inspection) => this.#norms(inspection),
    });
    // Out of sight too: left where it was in a wider panel, it would make the page as wide.
    this.#placeMarker();
    if (!this.#figure.isVisible) return;
    const { width, height } = this.#plot.area;
    const newest = run.history.of('inspection').at(-1);
    const { low, high } = this.#scale.ends;
    if (!this.#inputs.changed(newest, run.history.iterations, ui, theme, width, height, low, high)) return;
    this.#draw(run);
    this.point();
  }

  point(): void {
    const { state } = this.#context;
    const { run } = state;
    if (run === undefined) return;
    this.#gestures.placeCursor();
    this.#placeMarker();
    const at = this.#pointed();
    const norm = at === undefined ? NaN : this.#norms(at.inspection)[at.t];
    this.#scale.point(norm);
    setText(
      this.#reading,
      at === undefined
        ? ''
        : `iteration ${groupDigits(at.inspection.iteration)}, ${stepText(run.description.facts, at.inspection, at.t)}: ` +
            `${at.isLargest ? 'largest ' : ''}${stepNormLabelOf(run.network, this.#shown)} = ${formatNorm(norm)}`,
    );
  }

  /** The quantity whose norm is shown. */
  get #shown(): string {
    return shownQuantity(this.#context.network, this.#context.state.ui.quantity, this.#chooser.layer);
  }

  /** (T): its norms in an inspection. */
  #norms({ stepNorm }: Inspection): Float32Array {
    return stepRow(this.#context.network, stepNorm, this.#shown);
  }

  /** The cell pointed at; else the largest one of the chosen iteration. */
  #pointed(): { inspection: Inspection; t: number; isLargest: boolean } | undefined {
    const { state } = this.#context;
    const { hover } = state;
    const inspection = hover.iteration === null ? state.inspection : state.nearestInspection(hover.iteration);
    if (inspection === undefined) return undefined;
    const isLargest = hover.iteration === null || hover.step === null || hover.step >= inspection.inputs.length;
    const t = isLargest ? indexOfLargest(this.#norms(inspection)) : (hover.step ?? 0);
    return { inspection, t, isLargest };
  }

  #pointStep(event: PointerEvent): void {
    const T = this.#context.state.run?.description.settings.sequenceLength ?? 0;
    const { top, height } = this.#plot.area;
    const share = (event.clientY - this.#figure.surface.getBoundingClientRect().top - top) / height;
    this.#context.state.point({ step: share < 0 || share >= 1 ? null : Math.floor((1 - share) * T) });
  }

  #placeMarker(): void {
    const { state } = this.#context;
    const { inspection, run } = state;
    const range = shownRange(state.view, run?.history.iterations ?? 0);
    const share = inspection === undefined ? NaN : shareAt(range, inspection.iteration, state.ui.logarithmicIterations);
    this.#marker.hidden = !(share >= 0 && share <= 1);
    if (this.#marker.hidden) return;
    const { left, top, width, height } = this.#plot.area;
    this.#marker.style.transform = `translate(${Math.round(left + share * width)}px, ${Math.round(top)}px)`;
    this.#marker.style.height = `${Math.round(height)}px`;
  }

  #draw(run: MirroredRun): void {
    const { state, theme } = this.#context;
    const { logarithmicIterations: logarithmic } = state.ui;
    const quantity = this.#shown;
    const T = run.description.settings.sequenceLength;
    const range = shownRange(state.view, run.history.iterations);
    const { width, height } = this.#plot.area;
    const rows = Math.min(T, Math.max(1, Math.round(height * devicePixelRatio)));
    const columns = Math.max(1, Math.round(width * devicePixelRatio));
    this.#layer.paint(columns, rows, (pixels) =>
      paintHeatmap(
        pixels,
        columns,
        rows,
        run.history.of('inspection'),
        run.network,
        quantity,
        this.#scale,
        range,
        logarithmic,
      ),
    );
    this.#plot.draw(theme, { x: iterationAxis(range, logarithmic, width), y: stepAxis(T, height) });
    const newest = state.inspection;
    this.#figure.describe(
      `Heat map of ${stepNormLabelOf(run.network, quantity)} before clipping: time steps 0 to ${T - 1} over iterations ` +
        `${groupDigits(range.from)} to ${groupDigits(range.to)}, colours from ${powerOfTen(this.#scale.ends.low)} to ${powerOfTen(this.#scale.ends.high)}.` +
        (newest === undefined
          ? ''
          : ` At iteration ${groupDigits(newest.iteration)}: ${profileText(this.#norms(newest))}`),
    );
  }
}

/** The axis of time steps: each has a row one step high. */
function stepAxis(T: number, height: number): Axis {
  const ticks = linearTicks({ min: 0, max: T - 1 }, Math.max(2, Math.floor(height / 30)), true);
  return {
    logarithmic: false,
    min: -0.5,
    max: T - 0.5,
    ticks: ticks.map((value) => ({ value, label: String(value) })),
  };
}

/** What the state carried in multiplies: at the start of the text nothing, so that it has no contribution there. */
function darkAtTheStart(network: Network): string {
  const recurrent = parametersOfRole(network, 'recurrent');
  if (recurrent.length === 0) return '';
  const are = recurrent.length === 1 ? 'is' : 'are';
  return `${listed(recurrent)} ${are} dark at t = 0 where the state carried in is zero, at the start of the text. `;
}
