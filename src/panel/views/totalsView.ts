import { curveOf, mostPointsFor, valueAt } from '../charts/curve.ts';
import { IterationGestures, ITERATION_KEYS } from '../charts/gestures.ts';
import { iterationAxis } from '../charts/iterationAxis.ts';
import { decadeAxis } from '../charts/decadeAxis.ts';
import { Plot, type Line, type Point } from '../charts/plot.ts';
import { decadeRange } from '../charts/ranges.ts';
import { referenceLines, type Reference } from '../charts/references.ts';
import { element, setText, show } from '../dom.ts';
import { formatNorm, groupDigits } from '../format.ts';
import { PARAMETER_NAMES, quantityTitle } from '../names.ts';
import type { MetricName } from '../../protocol/run.ts';
import { shownRange, toAxis } from '../state/iterationView.ts';
import type { MirroredRun } from '../state/mirror.ts';
import { totalsData } from './curveData.ts';
import { Figure } from './figure.ts';
import { withFormulas } from './helpFormulas.ts';
import { LegendEntry } from './legend.ts';
import { followButton } from './rangeControls.ts';
import { Inputs, type PanelContext, type View } from './view.ts';

const MOST_DECADES = 8;

interface Total {
  readonly column: MetricName;
  readonly label: string;
  readonly color: (theme: PanelContext['theme']) => string;
  readonly line: Line;
  readonly entry: LegendEntry;
}

/** The norm of each parameter's whole gradient over iterations, and the norm that clipping compares. */
export class TotalsView implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #figure: Figure;
  readonly #plot: Plot;
  readonly #gestures: IterationGestures;
  readonly #inputs = new Inputs();
  readonly #totals = totals();
  /** How far the norm of all parameters reaches, where a point stands for many iterations. */
  readonly #band: readonly [maximum: Line, minimum: Line] = [
    { data: [], borderWidth: 0, fill: '+1', order: 1 },
    { data: [], borderWidth: 0, order: 1 },
  ];
  readonly #at = element('span', { class: 'legend-at' });
  readonly #follow: HTMLButtonElement;
  #clip: Reference[] = [];

  constructor(context: PanelContext) {
    this.#context = context;
    this.#follow = followButton(context);
    this.#figure = new Figure(
      {
        id: 'totals',
        title: 'Gradient norm per iteration',
        note: 'before clipping',
        help: withFormulas(
          'The norm of every parameter’s gradient summed over all time steps, and of all parameters together (“all”). ' +
            'Where “all” lies above the dashed line, clipping scales the gradient down to it; curves that fall to nothing or shoot up are what to look into. ' +
            'All are norms of the gradient of the total loss L (divided by N).',
          '‖∂P‖ = ‖Σ_t ∂P(t)‖',
          '‖g‖² = Σ_P ‖∂P‖²',
          'clipped: g ← {clipNorm|‖g‖} g',
        ),
        controls: [this.#follow],
        keys: ITERATION_KEYS,
        data: () => {
          const { run, view } = context.state;
          return run && totalsData(run, shownRange(view, run.history.iterations));
        },
      },
      context,
    );
    this.element = this.#figure.element;
    this.#figure.legend.append(this.#at, ...this.#totals.map(({ entry }) => entry.element));
    this.#plot = new Plot(this.#figure.canvas, [...this.#band, ...this.#totals.map(({ line }) => line)], {
      resized: () => context.requestUpdate(),
      xName: 'iteration',
      plugins: [
        referenceLines(
          () => this.#clip,
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
    if (run === undefined) return;
    show(this.#follow, view.mode === 'range');
    if (!this.#figure.isVisible) return;
    const { width, height } = this.#plot.area;
    if (!this.#inputs.changed(run.description.runId, run.history.iterations, ui, theme, width, height)) return;
    this.#draw(run);
    this.point();
  }

  point(): void {
    const { state } = this.#context;
    const { run, hover } = state;
    if (run === undefined) return;
    this.#gestures.placeCursor();
    const newest = run.history.iterations - 1;
    if (newest < 0) return;
    const at = Math.min(hover.iteration ?? newest, newest);
    setText(this.#at, `iteration ${groupDigits(at)}`);
    for (const { column, entry } of this.#totals) {
      entry.value = formatNorm(valueAt(run.history, column, at));
    }
  }

  #draw(run: MirroredRun): void {
    const { state, theme } = this.#context;
    const { history } = run;
    const { clipNorm } = run.description.settings;
    const logarithmic = state.ui.logarithmicIterations;
    const range = shownRange(state.view, history.iterations);
    const { width, height } = this.#plot.area;
    const shown: (readonly number[])[] = [];
    for (const { column, line, color } of this.#totals) {
      const curve = curveOf(history, column, range, logarithmic, mostPointsFor(width));
      shown.push(curve.mean);
      // A logarithmic axis has no place for zero: the line has a gap there, and the legend says 0.
      const points = (values: readonly number[]): Point[] =>
        values.map((value, i) => ({ x: toAxis(curve.iteration[i], logarithmic), y: value > 0 ? value : NaN }));
      line.data = points(curve.mean);
      line.borderColor = color(theme);
      if (column !== 'gradNorm') continue;
      const [maximum, minimum] = this.#band;
      maximum.data = curve.isThinned ? points(curve.maximum) : [];
      minimum.data = curve.isThinned ? points(curve.minimum) : [];
      maximum.backgroundColor = theme.totalBand;
      shown.push(curve.maximum);
    }
    this.#clip = clipNorm > 0 ? [{ value: clipNorm, label: `clips at ${clipNorm}`, color: theme.reference }] : [];
    const y = decadeRange(clipNorm > 0 ? [...shown, [clipNorm]] : shown, MOST_DECADES);
    this.#plot.draw(theme, { x: iterationAxis(range, logarithmic, width), y: decadeAxis(y, height) });
    const newest = this.#totals.map(({ column, label }) => `${label} ${formatNorm(history.newest(column))}`);
    this.#figure.describe(
      `Gradient norms before clipping over iterations ${groupDigits(range.from)} to ${groupDigits(range.to)}. ` +
        `Newest: ${newest.join(', ')}. ${clipNorm > 0 ? `Clipping at ${clipNorm}.` : 'Clipping is off.'}`,
    );
  }
}

function totals(): Total[] {
  const parameters = PARAMETER_NAMES.map((name): Total => {
    const entry = new LegendEntry('line', name, name);
    entry.element.title = quantityTitle(name);
    return {
      column: `gradNorm_${name}`,
      label: name,
      color: (theme) => theme.quantity[name],
      line: { data: [], borderWidth: 1.25 },
      entry,
    };
  });
  const all: Total = {
    column: 'gradNorm',
    label: 'all',
    color: (theme) => theme.total,
    line: { data: [], borderWidth: 2 },
    entry: new LegendEntry('line', 'total', 'all'),
  };
  return [all, ...parameters];
}
