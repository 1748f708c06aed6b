import { l10n } from '../../common/l10n.ts';
import { written } from '../../network/names.ts';
import { comparedReaches } from '../../network/reach.ts';
import { lagAxis } from './axes.ts';
import { trainingData } from './comparedData.ts';
import type { ShownRun } from './compareState.ts';
import { pairs, runningMedian, type Series } from './series.ts';
import { TrainingChart } from './trainingChart.ts';
import type { View } from '../views/view.ts';
import type { CompareContext } from './view.ts';

/** Windows of one stream each scatter with their text: the line is the median of so many neighbours. */
const SPAN = 9;
const POINT_RADIUS = 1.75;
const BEYOND_RADIUS = 3.5;
const POINT_ALPHA = 0.45;
const MOST_POINTS = 300;

/** How far back the errors of all runs reach, over training. */
export class CompareHorizonsView implements View {
  readonly element: HTMLElement;
  readonly #context: CompareContext;
  readonly #chart: TrainingChart;

  constructor(context: CompareContext) {
    this.#context = context;
    this.#chart = new TrainingChart(
      context,
      {
        id: 'compare-horizons',
        title: l10n.t('Memory horizon'),
        note: l10n.t('steps back, 1 %'),
        question: l10n.t('Which network is taught from further back?'),
        help: l10n.t(
          'The lag at which the errors that reach back fall under 1 % of what they are at their own step, of every window that was measured. Points are windows of one stream each and scatter with their text; the line is the median of {count} neighbouring windows, and the legend has the window that was measured next to the cursor, as it was measured, and behind it, where the runs differ in that, what errors were followed to: a state such as c, or the pre-activations h. A triangle stands for a horizon beyond the window, at the longest lag that the window has; runs with longer windows can show longer horizons. Windows are measured from time to time while the panel of a run is in sight.',
          { count: SPAN },
        ),
        controls: [],
        data: () => this.#data(),
      },
      ['median', 'windows'],
    );
    this.element = this.#chart.overlay.figure.element;
  }

  update(): void {
    if (!this.#chart.needsDrawing()) return;
    let largest = 1;
    this.#chart.draw(
      (shown, { median, windows }) => {
        const beyond = shown.run.settings.sequenceLength - 1;
        const lags = this.#lags(shown);
        const line = this.#medians(shown);
        const lagOf = (lag: number): number => (Number.isNaN(lag) ? beyond : lag);
        const every = Math.ceil(lags.x.length / MOST_POINTS);
        const kept = Array.from(lags.x, (_, i) => i).filter((i) => (lags.x.length - 1 - i) % every === 0);
        windows.data = this.#chart.points({
          x: kept.map((i) => lags.x[i]),
          y: kept.map((i) => lagOf(lags.y[i])),
        });
        median.data = this.#chart.points({ x: line.x, y: Array.from(line.y, lagOf) });
        const isBeyond = kept.map((i) => Number.isNaN(lags.y[i]));
        windows.showLine = false;
        windows.pointStyle = isBeyond.map((is) => (is ? 'triangle' : 'circle'));
        windows.pointRadius = isBeyond.map((is) => (is ? BEYOND_RADIUS : POINT_RADIUS));
        windows.pointBackgroundColor = windows.pointBorderColor = this.#chart.overlay.color(shown, POINT_ALPHA);
        windows.pointBorderWidth = 0;
        for (const { y } of [...windows.data, ...median.data]) largest = Math.max(largest, y);
      },
      () => lagAxis(largest, this.#chart.overlay.plot.area.height),
    );
    this.#remark();
    this.point();
  }

  point(): void {
    // What was measured, not the median: that would tell of no window.
    const { runs } = this.#context.state;
    const differ = (of: (shown: ShownRun) => unknown): boolean => new Set(runs.map(of)).size > 1;
    const hasWindows = differ(({ run }) => run.settings.sequenceLength);
    const beyond = ({ run: { settings } }: ShownRun): string =>
      hasWindows
        ? l10n.t('beyond its {count} steps', { count: settings.sequenceLength - 1 })
        : l10n.t('beyond the window');
    const hasReaches =
      differ(({ network }) => comparedReaches(network).join()) ||
      runs.some(({ network }) => comparedReaches(network).length > 1);
    this.#chart.point(
      {
        seriesOf: (shown) => this.#lags(shown),
        format: (lag, shown) => (Number.isNaN(lag) ? beyond(shown) : String(lag)),
      },
      {
        // Of each window its number.
        seriesOf: (shown) => {
          const { x } = this.#lags(shown);
          return { x, y: Array.from(x, (_, window) => window) };
        },
        format: (window, { run }) => (hasReaches ? (run.horizonsOf?.[window] ?? []).map(written).join(', ') : ''),
      },
    );
  }

  #lags(shown: ShownRun): Series {
    return this.#chart.placed(shown, pairs(shown.run.horizons));
  }

  #medians(shown: ShownRun): Series {
    const { x, y } = this.#lags(shown);
    return { x, y: runningMedian(y, SPAN) };
  }

  #remark(): void {
    const { visible } = this.#context.state;
    const without = visible.filter(({ run }) => run.horizons.length === 0).map(({ key }) => key);
    const text =
      visible.length === 0
        ? l10n.t('Every run is hidden: click one in the legend to show it.')
        : without.length === visible.length
          ? l10n.t('No run has a measured horizon: horizons are measured while the panel of a run is in sight.')
          : without.length > 0
            ? l10n.t(
                'Without a measured horizon: {runs}; horizons are measured while the panel of a run is in sight.',
                { runs: without.join(', ') },
              )
            : '';
    this.#chart.overlay.remark(`${text} ${this.#chart.missing}`.trim());
    const counts = visible.map(({ key, label, run }) =>
      l10n.t('{run}: {count} windows.', { run: `${key} ${label}`, count: run.horizons.length >> 1 }),
    );
    this.#chart.overlay.figure.describe(`${l10n.t('Memory horizons over training.')} ${counts.join(' ')}`);
  }

  #data() {
    return trainingData(
      'memory-horizons',
      this.#context.state.visible,
      { empty_horizon: 'beyond the window' },
      ['horizon_one_percent'],
      ({ run }) => {
        const { x, y } = pairs(run.horizons);
        return Array.from(x, (iteration, i) => [iteration, Number.isNaN(y[i]) ? null : y[i]] as const);
      },
    );
  }
}
