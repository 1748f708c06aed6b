import { l10n } from '../../common/l10n.ts';
import type { Axis } from '../charts/plot.ts';
import { linearTicks } from '../../common/ranges.ts';
import { formatNorm, groupDigits } from '../../common/format.ts';
import { stepNormLabelOf } from '../../network/names.ts';
import { rootsOfSquares } from '../../network/norms.ts';
import type { PictureData } from '../charts/pictureData.ts';
import { Inputs, type View } from '../views/view.ts';
import { stepRow } from '../../network/quantities.ts';
import { normAxis } from './axes.ts';
import { aboutRuns } from './comparedData.ts';
import { ComparedChooser } from './comparedChooser.ts';
import { namesOf, networksOf } from './comparedNetworks.ts';
import { comparedText, lackingText, wordsOf } from './comparedTexts.ts';
import type { ShownRun } from './compareState.ts';
import { OverlayChart } from './overlayChart.ts';
import type { CompareContext } from './view.ts';

const PIXELS_PER_TICK = 70;
/** A line of one or two points would hardly be seen without them. */
const FEW_POINTS = 2;
const POINT_RADIUS = 3;

/** The norms of the newest inspection of each run, step by step, with the last steps of all windows over each other. */
export class CompareProfilesView implements View {
  readonly element: HTMLElement;
  readonly #context: CompareContext;
  readonly #chart: OverlayChart;
  readonly #inputs = new Inputs();
  readonly #chooser: ComparedChooser;

  constructor(context: CompareContext) {
    this.#context = context;
    const { state } = context;
    this.#chooser = new ComparedChooser(context, {
      kind: 'profiles',
      label: l10n.t('Whose norm'),
      testId: 'quantity',
      chosen: () => state.ui.quantity,
      choose: (quantity) => state.choose({ quantity }),
    });
    this.#chart = new OverlayChart(context, {
      figure: {
        id: 'compare-profiles',
        title: l10n.t('Step profiles'),
        note: '',
        question: l10n.t('How much of the error arrives at early time steps?'),
        help: l10n.t(
          'What each time step contributed to the gradient in the newest inspected window of every run.\nTime steps are counted back from the end of the window, so that windows of different length line up: 0 is the last step, T − 1 steps before it the first. Errors of later steps flow back to earlier ones, so the left tells how much of them arrives after so many steps.',
        ),
        controls: this.#chooser.controls,
        data: () => this.#data(),
      },
      lines: ['profile'],
      xName: () => 't − (T − 1)',
      cursor: {
        share: () => (state.hover.step === null ? null : (this.#longest - 0.5 - state.hover.step) / this.#longest),
        point: (share) => this.#point(share === null ? null : this.#longest - 1 - Math.floor(share * this.#longest)),
        step: (by) => this.#point((state.hover.step ?? (by === 1 ? this.#longest : -1)) - by),
      },
    });
    this.element = this.#chart.figure.element;
  }

  update(): void {
    const { state, theme } = this.#context;
    this.#chooser.update();
    this.#chart.figure.setNote(l10n.t('{norm} of the newest inspection, before clipping', { norm: this.#label }));
    this.#chart.legend.update(theme);
    if (!this.#chart.figure.isVisible) return;
    const { width, height } = this.#chart.plot.area;
    if (!this.#inputs.changed(state.runs, state.ui, state.emphasised, theme, width, height)) return;
    const values: ArrayLike<number>[] = [];
    this.#chart.draw(
      (shown, { profile }) => {
        const norms = this.#normsOf(shown);
        values.push(norms);
        profile.data = Array.from(norms, (norm, t) => ({ x: t - (norms.length - 1), y: norm > 0 ? norm : NaN }));
        if (norms.length <= FEW_POINTS) profile.pointRadius = POINT_RADIUS;
        profile.pointBackgroundColor = this.#chart.color(shown);
      },
      () => ({ x: stepAxis(this.#longest, width), y: normAxis(values, height) }),
    );
    this.#remark();
    this.point();
  }

  point(): void {
    const { state } = this.#context;
    const { step } = state.hover;
    this.#chart.placeCursor();
    this.#chart.legend.at =
      step === null
        ? l10n.t('iteration:')
        : step === 0
          ? l10n.t('last step:')
          : step === 1
            ? l10n.t('1 step before the last:')
            : l10n.t('{count} steps before the last:', { count: step });
    for (const shown of state.runs) {
      const { profile, folder } = shown.run;
      const norms = this.#normsOf(shown);
      const norm = step === null ? undefined : norms[norms.length - 1 - step];
      const newest = profile === undefined ? '–' : groupDigits(profile.iteration);
      this.#chart.legend.setValue(folder, step === null ? newest : norm === undefined ? '–' : formatNorm(norm));
    }
  }

  /** What is compared: as a norm where all runs have the same of it, else in words. */
  get #label(): string {
    const networks = networksOf(this.#context.state.runs);
    const { what } = this.#chooser;
    const owner = networks.find(({ stepQuantities }) => stepQuantities.includes(what));
    return owner === undefined
      ? l10n.t('norm of {words}', { words: wordsOf(networks, what) })
      : stepNormLabelOf(owner, what);
  }

  /** (T) norms of what is compared; none before the first inspection, and of a network that lacks it. */
  #normsOf({ run, network }: ShownRun): ArrayLike<number> {
    const { profile } = run;
    if (profile === undefined) return [];
    const rows = namesOf(network, this.#chooser.what, this.#chooser.layer).map((name) =>
      stepRow(network, profile.stepNorm, name),
    );
    return rows.length === 1 ? rows[0] : rootsOfSquares(rows);
  }

  /** Steps of the longest window that is shown. */
  get #longest(): number {
    const lengths = this.#context.state.visible.map(({ run, network }) =>
      run.profile === undefined ? 0 : run.profile.stepNorm.length / network.stepQuantities.length,
    );
    return Math.max(2, ...lengths);
  }

  #point(step: number | null): void {
    this.#context.state.point({ step: step === null ? null : Math.min(Math.max(step, 0), this.#longest - 1) });
  }

  #remark(): void {
    const { visible } = this.#context.state;
    const { what, layer } = this.#chooser;
    const without = visible.filter(({ run }) => run.profile === undefined).map(({ key }) => key);
    this.#chart.remark(
      visible.length === 0
        ? l10n.t('Every run is hidden: click one in the legend to show it.')
        : without.length === visible.length
          ? l10n.t('No run has been inspected yet: the first inspection comes with the first iterations.')
          : without.length > 0
            ? l10n.t('Not inspected yet: {runs}.', { runs: without.join(', ') })
            : [comparedText(visible, what, layer), lackingText(visible, what, layer)]
                .filter((text) => text !== '')
                .join(' '),
    );
    const texts = visible.map((shown) => {
      const norms = this.#normsOf(shown);
      const run = `${shown.key} ${shown.label}`;
      if (norms.length === 0) return l10n.t('{run}: none.', { run });
      return l10n.t('{run}: {first} at the first step, {last} at the last.', {
        run,
        first: formatNorm(norms[0]),
        last: formatNorm(norms[norms.length - 1]),
      });
    });
    this.#chart.figure.describe(`${l10n.t('{norm} by time step.', { norm: this.#label })} ${texts.join(' ')}`);
  }

  #data(): PictureData | undefined {
    const { state } = this.#context;
    const { what, layer } = this.#chooser;
    const rows = state.visible.flatMap((shown) => {
      const norms = this.#normsOf(shown);
      const iteration = shown.run.profile?.iteration ?? null;
      return Array.from(norms, (norm, t) => [shown.key, iteration, t, t - (norms.length - 1), norm]);
    });
    if (rows.length === 0) return undefined;
    return {
      name: `comparison-step-profiles-${what}`,
      about: {
        ...aboutRuns(state.visible),
        quantity: what,
        ...(layer !== null && { layer }),
        norms: 'before clipping',
      },
      columns: ['run', 'iteration', 't', 'steps_from_the_last', 'norm'],
      rows,
    };
  }
}

/** The axis of so many steps that ends with 0, each as wide as the others. */
function stepAxis(steps: number, width: number): Axis {
  const most = Math.max(2, Math.floor(width / PIXELS_PER_TICK));
  const ticks = linearTicks({ min: 1 - steps, max: 0 }, most, true);
  return {
    logarithmic: false,
    min: 0.5 - steps,
    max: 0.5,
    ticks: ticks.map((value) => ({ value, label: value === 0 ? '0' : `−${-value}` })),
  };
}
