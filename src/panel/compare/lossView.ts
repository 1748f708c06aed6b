import { l10n } from '../../common/l10n.ts';
import { formatLoss, inUnit } from '../../common/format.ts';
import { SMOOTHING_ITERATIONS } from '../../history/smoothedLoss.ts';
import { ChoiceGroup, Toggle } from '../views/controls.ts';
import { lossUnitChoice } from '../views/lossUnit.ts';
import { lossAxis } from './axes.ts';
import { trainingData } from './comparedData.ts';
import type { ShownRun } from './compareState.ts';
import type { CompareUiState } from './compareUiState.ts';
import type { RunLines } from './overlayChart.ts';
import { MARKERS } from './runStyle.ts';
import { curve, pairs, type Series } from './series.ts';
import { TrainingChart } from './trainingChart.ts';
import type { View } from '../views/view.ts';
import type { CompareContext } from './view.ts';

const MARKER_RADIUS = 3.5;
/** Validations of a run that get a marker; the line goes through all of them. */
const MOST_MARKERS = 14;
const VALIDATION_WIDTH = 1;

/** The losses of all runs over training. */
export class CompareLossView implements View {
  readonly element: HTMLElement;
  readonly #context: CompareContext;
  readonly #chart: TrainingChart;
  readonly #losses: ChoiceGroup<CompareUiState['losses']>;
  readonly #unit: ChoiceGroup<CompareUiState['unit']>;
  readonly #logarithmic: Toggle;

  constructor(context: CompareContext) {
    this.#context = context;
    const { state } = context;
    this.#losses = new ChoiceGroup(
      l10n.t('Which losses'),
      'losses',
      [
        { value: 'both', label: l10n.t('both'), title: l10n.t('Training and validation') },
        { value: 'training', label: l10n.t('training') },
        { value: 'validation', label: l10n.t('validation') },
      ],
      (losses) => state.choose({ losses }),
    );
    this.#unit = lossUnitChoice((unit) => state.choose({ unit }));
    this.#logarithmic = new Toggle(l10n.t('log y'), 'log-y', l10n.t('Logarithmic axis of losses'), () =>
      state.choose({ logarithmicLoss: !state.ui.logarithmicLoss }),
    );
    this.#chart = new TrainingChart(
      context,
      {
        id: 'compare-loss',
        title: l10n.t('Loss'),
        note: '',
        question: l10n.t('Which network learns better, and which sooner?'),
        help: l10n.t(
          'Cross entropy per character. Lines: training, smoothed over {count} iterations. Thin lines with markers: validation.\nOver iterations, a run with larger windows or batches has read more text at the same place; over characters seen, all have read as much; over training time, what counts is how soon a loss is reached on this machine.',
          { count: SMOOTHING_ITERATIONS },
        ),
        controls: [this.#losses.element, this.#logarithmic.element, this.#unit.element],
        data: () => this.#data(),
      },
      ['training', 'validation'],
    );
    this.element = this.#chart.overlay.figure.element;
  }

  update(): void {
    const { ui } = this.#context.state;
    this.#losses.value = ui.losses;
    this.#unit.value = ui.unit;
    this.#logarithmic.value = ui.logarithmicLoss;
    const { figure } = this.#chart.overlay;
    figure.setNote(l10n.t('{unit} per character', { unit: ui.unit }));
    if (!this.#chart.needsDrawing()) return;
    const values: number[] = [];
    let above: number | undefined;
    this.#chart.draw(
      (shown, lines) => values.push(...this.#set(shown, lines)),
      () => {
        const axis = lossAxis(values, ui.logarithmicLoss, this.#chart.overlay.plot.area.height);
        above = axis.cutAbove;
        return axis;
      },
    );
    this.#remark(values.length, above);
    this.#describe();
    this.point();
  }

  point(): void {
    const { unit, losses } = this.#context.state.ui;
    const text = (value: number): string => {
      if (!Number.isFinite(value)) return l10n.t('not finite');
      return formatLoss(unit === 'bits' ? value * Math.LN2 : value, unit);
    };
    this.#chart.point(
      ...(losses === 'validation' ? [] : [{ seriesOf: (shown: ShownRun) => this.#training(shown), format: text }]),
      ...(losses === 'training'
        ? []
        : [
            {
              seriesOf: (shown: ShownRun) => this.#validation(shown),
              format: (value: number) =>
                losses === 'both' ? l10n.t('val {loss}', { loss: text(value) }) : text(value),
            },
          ]),
    );
  }

  /** In the unit that is chosen. */
  #training(shown: ShownRun): Series {
    const { x, y } = curve(shown, 'lossSmoothedNats');
    return this.#chart.placed(shown, { x, y: this.#inUnit(y) });
  }

  #validation(shown: ShownRun): Series {
    const { x, y } = pairs(shown.run.validations);
    return this.#chart.placed(shown, { x, y: this.#inUnit(y) });
  }

  #inUnit(nats: ArrayLike<number>): number[] {
    const { unit } = this.#context.state.ui;
    return Array.from(nats, (value) => inUnit(value, unit));
  }

  /** Sets the lines of a run; returns their values. */
  #set(shown: ShownRun, { training, validation }: RunLines): number[] {
    const { losses } = this.#context.state.ui;
    if (losses !== 'validation') training.data = this.#chart.points(this.#training(shown));
    if (losses !== 'training') validation.data = this.#chart.points(this.#validation(shown));
    if (losses === 'both') {
      validation.borderWidth = VALIDATION_WIDTH;
      validation.borderDash = [];
      validation.borderColor = this.#chart.overlay.color(shown, 0.7);
    }
    const every = Math.ceil(validation.data.length / MOST_MARKERS);
    const last = validation.data.length - 1;
    validation.pointRadius = validation.data.map((_, i) => ((last - i) % every === 0 ? MARKER_RADIUS : 0));
    validation.pointStyle = MARKERS[shown.slot].style;
    validation.pointRotation = MARKERS[shown.slot].turn;
    validation.pointBackgroundColor = validation.pointBorderColor = this.#chart.overlay.color(shown);
    return [...training.data, ...validation.data].map(({ y }) => y);
  }

  #remark(values: number, above: number | undefined): void {
    const { state } = this.#context;
    const { ui } = state;
    const visible = state.visible;
    const without = visible.filter(({ run }) => run.validations.length === 0).map(({ key }) => key);
    const parts = [
      visible.length === 0 ? l10n.t('Every run is hidden: click one in the legend to show it.') : '',
      this.#chart.missing,
      visible.length > 0 && visible.every(({ run }) => run.iterations === 0)
        ? l10n.t('No loss yet: none of these runs has done an iteration.')
        : '',
      above === undefined ? '' : l10n.t('↑ Above the shown range: up to {loss}.', { loss: formatLoss(above, 'nats') }),
      ui.losses !== 'training' && without.length > 0 && values > 0
        ? l10n.t('Without validations: {runs}.', { runs: without.join(', ') })
        : '',
    ];
    this.#chart.overlay.remark(parts.filter((part) => part !== '').join(' '));
  }

  #describe(): void {
    const { state } = this.#context;
    const { unit } = state.ui;
    const texts = state.visible.map(({ key, label, run }) => {
      const best =
        run.best === undefined
          ? l10n.t('no validation')
          : l10n.t('best validation {loss}', { loss: formatLoss(run.best.lossNats, unit) });
      return `${key} ${label}: ${best}.`;
    });
    const what = l10n.t('Loss in {unit} per character of {count} runs.', { unit, count: texts.length });
    this.#chart.overlay.figure.describe(`${what} ${texts.join(' ')}`);
  }

  #data() {
    const { state } = this.#context;
    const { unit } = state.ui;
    return trainingData(
      'loss',
      state.visible,
      { unit: `${unit} per character`, smoothing: `${SMOOTHING_ITERATIONS} iterations` },
      ['training_smoothed', 'validation'],
      (shown) => {
        const training = curve(shown, 'lossSmoothedNats');
        const validation = pairs(shown.run.validations);
        const rows = [
          ...Array.from(training.x, (x, i) => [x, inUnit(training.y[i], unit), null] as const),
          ...Array.from(validation.x, (x, i) => [x, null, inUnit(validation.y[i], unit)] as const),
        ];
        return rows.sort(([one], [other]) => one - other);
      },
    );
  }
}
