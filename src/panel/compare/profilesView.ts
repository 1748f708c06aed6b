import type { Axis } from '../charts/plot.ts';
import { linearTicks } from '../../common/ranges.ts';
import { formatNorm, groupDigits } from '../../common/format.ts';
import { stepNormLabelOf } from '../../network/names.ts';
import type { PictureData } from '../charts/pictureData.ts';
import { ChoiceGroup } from '../views/controls.ts';
import { Inputs, type View } from '../views/view.ts';
import { stepRow } from '../../network/quantities.ts';
import { normAxis } from './axes.ts';
import { aboutRuns } from './comparedData.ts';
import { comparedQuantity, lackingText, networksOf, quantityOptions } from './comparedNetworks.ts';
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
  readonly #quantity: ChoiceGroup<string>;

  constructor(context: CompareContext) {
    this.#context = context;
    const { state } = context;
    this.#quantity = new ChoiceGroup('Whose norm', 'quantity', quantityOptions(networksOf(state.runs)), (quantity) =>
      state.choose({ quantity }),
    );
    this.#chart = new OverlayChart(context, {
      figure: {
        id: 'compare-profiles',
        title: 'Step profiles',
        note: '',
        question: 'How much of the error arrives at early time steps?',
        help:
          'What each time step contributed to the gradient in the newest inspected window of every run.\n' +
          'Time steps are counted back from the end of the window, so that windows of different length line up: ' +
          '0 is the last step, T − 1 steps before it the first. Errors of later steps flow back to earlier ones, so the left tells how much of them arrives after so many steps.',
        controls: [this.#quantity.element],
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
    const quantity = this.#shown;
    this.#quantity.options = quantityOptions(networksOf(state.runs));
    this.#quantity.value = quantity;
    this.#chart.figure.setNote(`${this.#label} of the newest inspection, before clipping`);
    this.#chart.legend.update(theme);
    if (!this.#chart.figure.isVisible) return;
    const { width, height } = this.#chart.plot.area;
    if (!this.#inputs.changed(state.runs, state.ui, state.emphasised, theme, width, height)) return;
    const values: Float32Array[] = [];
    this.#chart.draw(
      (shown, { profile }) => {
        const norms = normsOf(shown, quantity);
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
        ? 'iteration:'
        : step === 0
          ? 'last step:'
          : `${step} ${step === 1 ? 'step' : 'steps'} before the last:`;
    for (const shown of state.runs) {
      const { profile, folder } = shown.run;
      const norms = normsOf(shown, this.#shown);
      const norm = step === null ? undefined : norms[norms.length - 1 - step];
      const newest = profile === undefined ? '–' : groupDigits(profile.iteration);
      this.#chart.legend.setValue(folder, step === null ? newest : norm === undefined ? '–' : formatNorm(norm));
    }
  }

  /** The quantity whose norm is shown. */
  get #shown(): string {
    const { state } = this.#context;
    return comparedQuantity(networksOf(state.runs), state.ui.quantity);
  }

  get #label(): string {
    const networks = networksOf(this.#context.state.runs);
    const owner = networks.find(({ stepQuantities }) => stepQuantities.includes(this.#shown));
    return stepNormLabelOf(owner ?? networks[0], this.#shown);
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
    const without = visible.filter(({ run }) => run.profile === undefined).map(({ key }) => key);
    this.#chart.remark(
      visible.length === 0
        ? 'Every run is hidden: click one in the legend to show it.'
        : without.length === visible.length
          ? 'No run has been inspected yet: the first inspection comes with the first iterations.'
          : without.length > 0
            ? `Not inspected yet: ${without.join(', ')}.`
            : lackingText(visible, this.#shown),
    );
    const quantity = this.#shown;
    const texts = visible.map((shown) => {
      const norms = normsOf(shown, quantity);
      if (norms.length === 0) return `${shown.key} ${shown.label}: none.`;
      return `${shown.key} ${shown.label}: ${formatNorm(norms[0])} at the first step, ${formatNorm(norms[norms.length - 1])} at the last.`;
    });
    this.#chart.figure.describe(`${this.#label} by time step. ${texts.join(' ')}`);
  }

  #data(): PictureData | undefined {
    const { state } = this.#context;
    const quantity = this.#shown;
    const rows = state.visible.flatMap((shown) => {
      const norms = normsOf(shown, quantity);
      const iteration = shown.run.profile?.iteration ?? null;
      return Array.from(norms, (norm, t) => [shown.key, iteration, t, t - (norms.length - 1), norm]);
    });
    if (rows.length === 0) return undefined;
    return {
      name: `comparison-step-profiles-${quantity}`,
      about: { ...aboutRuns(state.visible), quantity, norms: 'before clipping' },
      columns: ['run', 'iteration', 't', 'steps_from_the_last', 'norm'],
      rows,
    };
  }
}

/** (T) norms of a quantity; none before the first inspection, and of a network that lacks it. */
function normsOf({ run, network }: ShownRun, quantity: string): Float32Array {
  return run.profile === undefined ? new Float32Array(0) : stepRow(network, run.profile.stepNorm, quantity);
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
