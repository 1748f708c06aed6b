import { curveSpan, updateRows } from './updatePoints.ts';
import { decadeAxis } from '../charts/decadeAxis.ts';
import { IterationGestures, ITERATION_KEYS } from '../charts/gestures.ts';
import { iterationAxis } from '../charts/iterationAxis.ts';
import { aboutRun, pictureName, type PictureData } from '../charts/pictureData.ts';
import { Plot, type Line } from '../charts/plot.ts';
import { decadeRange } from '../charts/ranges.ts';
import { referenceLines, type Reference } from '../charts/references.ts';
import { element, setText, show } from '../dom.ts';
import { formatNorm, groupDigits } from '../format.ts';
import { shownRange, toAxis } from '../state/iterationView.ts';
import type { MirroredRun } from '../state/mirror.ts';
import { nearestIndex } from '../state/panelState.ts';
import { Figure } from './figure.ts';
import { USUAL_UPDATE } from './health/thresholds.ts';
import { withFormulas } from './helpFormulas.ts';
import { LegendEntry } from './legend.ts';
import { followButton } from './rangeControls.ts';
import { Inputs, type PanelContext, type View } from './view.ts';

const MOST_DECADES = 8;
/** The line of what is usual must not lie on the edge, where it cannot be told from the axis. */
const AROUND_USUAL = [USUAL_UPDATE / 2, USUAL_UPDATE * 2];

/** How much an update changes the parameters, over iterations: ‖Δθ‖ / ‖θ‖ against the usual 10⁻³. */
export class UpdateView implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #figure: Figure;
  readonly #plot: Plot;
  readonly #gestures: IterationGestures;
  readonly #inputs = new Inputs();
  readonly #line: Line = { data: [], borderWidth: 1.75 };
  readonly #at = element('span', { class: 'legend-at' });
  readonly #entry = new LegendEntry('line', 'total', '‖Δθ‖ / ‖θ‖');
  readonly #follow: HTMLButtonElement;
  #usual: Reference[] = [];

  constructor(context: PanelContext) {
    this.#context = context;
    this.#follow = followButton(context);
    this.#figure = new Figure(
      {
        id: 'update',
        title: 'Update size per iteration',
        note: 'share of the parameters',
        help: withFormulas(
          'How much an update changes the parameters, all of them together, as a share of their size; measured about twice a second. The usual size is around 10⁻³, the dashed line ' +
            '(Karpathy, CS231n notes, Neural Networks Part 3: the ratio of update to weight magnitudes should be somewhere around 1e-3). ' +
            'The learning rate scales every update: far above the line take a smaller one, far below it a larger one, unless the run is nearly done.',
          '{‖θ_after − θ_before‖|‖θ_before‖}',
        ),
        controls: [this.#follow],
        keys: ITERATION_KEYS,
        data: () => this.#data(),
      },
      context,
    );
    this.element = this.#figure.element;
    this.#figure.legend.append(this.#at, this.#entry.element);
    this.#plot = new Plot(this.#figure.canvas, [this.#line], {
      resized: () => context.requestUpdate(),
      xName: 'iteration',
      plugins: [
        referenceLines(
          () => this.#usual,
          () => `${context.theme.fontSize}px ${context.theme.font}`,
          () => context.theme.background,
        ),
      ],
    });
    this.#gestures = new IterationGestures(this.#figure.surface, this.#plot, context.state);
  }

  update(): void {
    const { state, theme } = this.#context;
    const { run, ui, view } = state;
    const vitals = run?.history.vitals ?? [];
    show(this.element, vitals.length > 0);
    if (run === undefined || vitals.length === 0) return;
    show(this.#follow, view.mode === 'range');
    if (!this.#figure.isVisible) return;
    const { width, height } = this.#plot.area;
    const { from, to } = shownRange(view, run.history.iterations);
    if (!this.#inputs.changed(run.description.runId, vitals.at(-1), from, to, ui, theme, width, height)) return;
    this.#draw(run);
    this.point();
  }

  point(): void {
    const { run, hover } = this.#context.state;
    const vitals = run?.history.vitals ?? [];
    if (vitals.length === 0) return;
    this.#gestures.placeCursor();
    const at = vitals[hover.iteration === null ? vitals.length - 1 : nearestIndex(vitals, hover.iteration)];
    setText(this.#at, `iteration ${groupDigits(at.iteration)}`);
    this.#entry.value = formatNorm(at.updateToWeight);
  }

  #draw(run: MirroredRun): void {
    const { state, theme } = this.#context;
    const logarithmic = state.ui.logarithmicIterations;
    const range = shownRange(state.view, run.history.iterations);
    const { vitals } = run.history;
    const shown = vitals.slice(...curveSpan(vitals, range));
    // A logarithmic axis has no place for zero: the line has a gap there, and the legend says 0.
    this.#line.data = shown.map(({ iteration, updateToWeight }) => ({
      x: toAxis(iteration, logarithmic),
      y: updateToWeight > 0 ? updateToWeight : NaN,
    }));
    this.#line.borderColor = this.#line.pointBackgroundColor = theme.total;
    this.#line.pointRadius = shown.length <= 2 ? 3 : 0;
    this.#usual = [{ value: USUAL_UPDATE, label: 'usual, 10⁻³', color: theme.reference, side: 'left' }];
    const y = decadeRange([shown.map(({ updateToWeight }) => updateToWeight), AROUND_USUAL], MOST_DECADES);
    const { width, height } = this.#plot.area;
    this.#plot.draw(theme, { x: iterationAxis(range, logarithmic, width), y: decadeAxis(y, height) });
    const newest = vitals[vitals.length - 1];
    this.#figure.describe(
      `Size of updates as a share of the parameters over iterations ${groupDigits(range.from)} to ${groupDigits(range.to)}, ` +
        `usual is 10⁻³. Newest, at iteration ${groupDigits(newest.iteration)}: ${formatNorm(newest.updateToWeight)}.`,
    );
  }

  #data(): PictureData | undefined {
    const { run, view } = this.#context.state;
    if (run === undefined || run.history.vitals.length === 0) return undefined;
    const range = shownRange(view, run.history.iterations);
    return {
      name: pictureName(run, 'update-size', Math.round(range.from), Math.round(range.to)),
      about: { ...aboutRun(run), quantity: '‖Δθ‖ / ‖θ‖, θ before the update', usual: USUAL_UPDATE },
      columns: ['iteration', 'update_to_weight'],
      rows: updateRows(run.history.vitals, range),
    };
  }
}
