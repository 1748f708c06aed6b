import { formatNorm } from '../../common/format.ts';
import { ChoiceGroup, type Option } from '../views/controls.ts';
import { normAxis } from './axes.ts';
import { trainingData } from './comparedData.ts';
import { comparedNorm, lackingText, networksOf, parameterOptions } from './comparedNetworks.ts';
import type { ShownRun } from './compareState.ts';
import { binned, curve, type Series } from './series.ts';
import { TrainingChart } from './trainingChart.ts';
import type { View } from '../views/view.ts';
import type { CompareContext } from './view.ts';
import { borders } from './xAxis.ts';

/** Norms jump from iteration to iteration: lines of eight runs can only be followed as means over stretches this wide. */
const PIXELS_PER_MEAN = 6;

const ALL: Option<string> = { value: 'all', label: 'all', title: 'The global norm: all parameters together' };

/** The norms of the gradients of all runs over training. */
export class CompareNormsView implements View {
  readonly element: HTMLElement;
  readonly #context: CompareContext;
  readonly #chart: TrainingChart;
  readonly #norm: ChoiceGroup<string>;
  /** What is drawn, by run. */
  #means = new Map<string, Series>();

  constructor(context: CompareContext) {
    this.#context = context;
    const { state } = context;
    this.#norm = new ChoiceGroup('Whose gradient', 'norm', [ALL, ...parameterOptions(networksOf(state.runs))], (norm) =>
      state.choose({ norm }),
    );
    this.#chart = new TrainingChart(
      context,
      {
        id: 'compare-norms',
        title: 'Gradient norm',
        note: 'before clipping',
        question: 'Whose gradient dies away, and whose explodes?',
        help:
          'The norm of the gradient of one parameter, or of all of them together, over training. Each point is the mean over a short stretch of iterations, since single ones scatter.\n' +
          'A run whose norm dies away learns no more; one whose norm grows by decades is about to diverge, or is held by clipping alone.',
        controls: [this.#norm.element],
        data: () => this.#data(),
      },
      ['norm'],
    );
    this.element = this.#chart.overlay.figure.element;
  }

  /** The parameter whose gradient is shown. */
  get #shown(): string {
    const { state } = this.#context;
    return comparedNorm(networksOf(state.runs), state.ui.norm);
  }

  get #column(): string {
    const norm = this.#shown;
    return norm === 'all' ? 'gradNorm' : `gradNorm_${norm}`;
  }

  update(): void {
    const { state } = this.#context;
    this.#norm.options = [ALL, ...parameterOptions(networksOf(state.runs))];
    this.#norm.value = this.#shown;
    if (!this.#chart.needsDrawing()) return;
    this.#means = new Map();
    const { width, height } = this.#chart.overlay.plot.area;
    const stretches = Math.max(20, Math.round(width / PIXELS_PER_MEAN));
    this.#chart.draw(
      (shown, { norm }) => {
        const series = this.#chart.placed(shown, curve(shown, this.#column));
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
        ? 'Every run is hidden: click one in the legend to show it.'
        : isEmpty
          ? 'No gradient yet: none of these runs has done an iteration.'
          : [this.#chart.missing, this.#shown === 'all' ? '' : lackingText(state.visible, this.#shown)]
              .filter((text) => text !== '')
              .join(' '),
    );
    const texts = state.visible.map(({ key, label, run }) => `${key} ${label}: ${this.#newest(run.folder)}.`);
    this.#chart.overlay.figure.describe(
      `Gradient norms of ${texts.length} runs over training, newest: ${texts.join(' ')}`,
    );
    this.point();
  }

  point(): void {
    const nothing: Series = { x: [], y: [] };
    this.#chart.point({ seriesOf: ({ run }) => this.#means.get(run.folder) ?? nothing, format: formatNorm });
  }

  #newest(folder: string): string {
    const y = this.#means.get(folder)?.y;
    return y === undefined || y.length === 0 ? 'none' : formatNorm(y[y.length - 1]);
  }

  #data() {
    const { state } = this.#context;
    const norm = this.#shown;
    const rowsOf = (shown: ShownRun) => {
      const { x, y } = curve(shown, this.#column);
      return Array.from(x, (iteration, i) => [iteration, y[i]] as const);
    };
    return trainingData('gradient-norms', state.visible, { norm: `${norm}, before clipping` }, ['norm'], rowsOf);
  }
}
