import { l10n } from '../../common/l10n.ts';
import { formatNorm } from '../../common/format.ts';
import { normAxis } from './axes.ts';
import { trainingData } from './comparedData.ts';
import { ComparedChooser } from './comparedChooser.ts';
import { namesOf } from './comparedNetworks.ts';
import { comparedText, lackingText } from './comparedTexts.ts';
import type { ShownRun } from './compareState.ts';
import { binned, jointCurve, lastOf, type Series } from './series.ts';
import { TrainingChart } from './trainingChart.ts';
import type { View } from '../views/view.ts';
import type { CompareContext } from './view.ts';
import { borders } from './xAxis.ts';

/** Norms jump from iteration to iteration: lines of eight runs can only be followed as means over stretches this wide. */
const PIXELS_PER_MEAN = 6;

/** The norms of the gradients of all runs over training. */
export class CompareNormsView implements View {
  readonly element: HTMLElement;
  readonly #context: CompareContext;
  readonly #chart: TrainingChart;
  readonly #chooser: ComparedChooser;
  /** What is drawn, by run. */
  #means = new Map<string, Series>();

  constructor(context: CompareContext) {
    this.#context = context;
    const { state } = context;
    this.#chooser = new ComparedChooser(context, {
      kind: 'norms',
      label: l10n.t('Whose gradient'),
      testId: 'norm',
      chosen: () => state.ui.norm,
      choose: (norm) => state.choose({ norm }),
    });
    this.#chart = new TrainingChart(
      context,
      {
        id: 'compare-norms',
        title: l10n.t('Gradient norm'),
        note: l10n.t('before clipping'),
        question: l10n.t('Whose gradient dies away, and whose explodes?'),
        help: l10n.t(
          'The norm of the gradient of one parameter, or of all of them together, over training. Each point is the mean over a short stretch of iterations, since single ones scatter; what stands in the legend is of the last iteration alone.\nNetworks with different cells are compared by role: the weights of all gates that do the same together, as the root of the sum of the squares of their norms, which is their norm as one stacked matrix.\nA run whose norm dies away learns no more; one whose norm grows by decades is about to diverge, or is held by clipping alone.',
        ),
        controls: this.#chooser.controls,
        data: () => this.#data(),
      },
      ['norm'],
    );
    this.element = this.#chart.overlay.figure.element;
  }

  /** The columns whose norms are taken together. */
  #columnsOf({ network }: Pick<ShownRun, 'network'>): string[] {
    const { what, layer } = this.#chooser;
    if (what === 'all' && layer === null) return ['gradNorm'];
    return namesOf(network, what, layer).map((name) => `gradNorm_${name}`);
  }

  #curveOf(shown: ShownRun): Series {
    return jointCurve(shown, this.#columnsOf(shown));
  }

  update(): void {
    const { state } = this.#context;
    this.#chooser.update();
    if (!this.#chart.needsDrawing()) return;
    this.#means = new Map();
    const { width, height } = this.#chart.overlay.plot.area;
    const stretches = Math.max(20, Math.round(width / PIXELS_PER_MEAN));
    this.#chart.draw(
      (shown, { norm }) => {
        const series = this.#chart.placed(shown, this.#curveOf(shown));
        const means = binned(series, borders(this.#chart.scale, stretches));
        this.#means.set(shown.run.folder, means);
        norm.data = this.#chart.points({ x: means.x, y: means.y.map((value) => (value > 0 ? value : NaN)) });
      },
      () =>
        normAxis(
          Array.from(this.#means.values(), ({ y }) => y),
          height,
        ),
    );
    const isEmpty = state.visible.every(({ run }) => run.iterations === 0);
    this.#chart.overlay.remark(
      state.visible.length === 0
        ? l10n.t('Every run is hidden: click one in the legend to show it.')
        : isEmpty
          ? l10n.t('No gradient yet: none of these runs has done an iteration.')
          : [this.#comparedText, this.#chart.missing, this.#lackingText].filter((text) => text !== '').join(' '),
    );
    const texts = state.visible.map((shown) => `${shown.key} ${shown.label}: ${this.#newest(shown)}.`);
    this.#chart.overlay.figure.describe(
      l10n.t('Gradient norms of {count} runs over training, newest: {norms}', {
        count: texts.length,
        norms: texts.join(' '),
      }),
    );
    this.point();
  }

  point(): void {
    const nothing: Series = { x: [], y: [] };
    this.#chart.point({
      seriesOf: ({ run }) => this.#means.get(run.folder) ?? nothing,
      format: formatNorm,
      // The last mean would depend on how wide the page is.
      atEnd: (shown) => lastOf(this.#curveOf(shown)),
    });
  }

  #newest(shown: ShownRun): string {
    const newest = lastOf(this.#curveOf(shown));
    return newest === undefined ? l10n.t('none') : formatNorm(newest);
  }

  get #comparedText(): string {
    return comparedText(this.#context.state.visible, this.#chooser.what, this.#chooser.layer);
  }

  get #lackingText(): string {
    return lackingText(this.#context.state.visible, this.#chooser.what, this.#chooser.layer);
  }

  #data() {
    const { state } = this.#context;
    const { what, layer } = this.#chooser;
    const rowsOf = (shown: ShownRun) => {
      const { x, y } = this.#curveOf(shown);
      return Array.from(x, (iteration, i) => [iteration, y[i]] as const);
    };
    const about = { norm: `${what}, before clipping`, ...(layer !== null && { layer }) };
    return trainingData('gradient-norms', state.visible, about, ['norm'], rowsOf);
  }
}
