import { valueAt } from '../../history/metrics.ts';
import { curveOf, mostPointsFor } from '../charts/curve.ts';
import { decadeAxis } from '../charts/decadeAxis.ts';
import type { Line, Point } from '../charts/plot.ts';
import { decadeRange } from '../../common/ranges.ts';
import { formatNorm, groupDigits } from '../../common/format.ts';
import { labelOf, titleOf } from '../../network/names.ts';
import type { Network } from '../../network/network.ts';
import type { MetricName } from '../../protocol/run.ts';
import { lineStyleOf } from '../../network/lineStyles.ts';
import { shownRange } from '../state/iterationView.ts';
import type { MirroredRun } from '../state/mirror.ts';
import { totalsData } from './curveData.ts';
import { withFormulas } from './helpFormulas.ts';
import { IterationFigure } from './iterationFigure.ts';
import { LayerChoice } from './layerChoice.ts';
import { LegendEntry } from './legend.ts';
import type { PanelContext, View } from './view.ts';

const MOST_DECADES = 8;

interface Total {
  /** The parameter; of all of them together there is none. */
  readonly quantity?: string;
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
  readonly #curves: IterationFigure;
  readonly #totals: readonly Total[];
  readonly #layer: LayerChoice;
  /** How far the norm of all parameters reaches, where a point stands for many iterations. */
  readonly #band: readonly [maximum: Line, minimum: Line] = [
    { data: [], borderWidth: 0, fill: '+1', order: 1 },
    { data: [], borderWidth: 0, order: 1 },
  ];

  constructor(context: PanelContext) {
    this.#context = context;
    this.#totals = totalsOf(context.network);
    this.#layer = new LayerChoice(context, 'totals');
    this.#curves = new IterationFigure(context, {
      id: 'totals',
      title: 'Gradient norm per iteration',
      note: 'before clipping',
      question: 'Does the gradient explode, or does clipping hold it?',
      help: withFormulas(
        'The norm of every parameter’s gradient summed over all time steps, and of all parameters together (“all”).\n' +
          'Where “all” lies above the dashed line, clipping scales the gradient down to it; curves that fall to nothing or shoot up are what to look into. ' +
          'All are norms of the gradient of the total loss L (divided by N).',
        '‖∂P‖ = ‖Σ_t ∂P(t)‖',
        '‖g‖² = Σ_P ‖∂P‖²',
        'clipped: g ← {clipNorm|‖g‖} g',
      ),
      controls: this.#layer.controls,
      lines: [...this.#band, ...this.#totals.map(({ line }) => line)],
      entries: this.#totals.map(({ entry }) => entry),
      data: () => {
        const { run, view } = context.state;
        return run && totalsData(run, shownRange(view, run.history.iterations));
      },
    });
    this.element = this.#curves.element;
  }

  update(): void {
    const { run } = this.#context.state;
    this.#layer.update();
    for (const { quantity, entry } of this.#totals) entry.shown = this.#isShown(quantity);
    if (run === undefined || !this.#curves.isDue(run, run.history.iterations)) return;
    this.#draw(run);
    this.point();
  }

  point(): void {
    const { run, hover } = this.#context.state;
    const newest = (run?.history.iterations ?? 0) - 1;
    if (run === undefined || newest < 0) return;
    const at = Math.min(hover.iteration ?? newest, newest);
    this.#curves.point(at);
    for (const { column, entry } of this.#totals) {
      entry.value = formatNorm(valueAt(run.history, column, at));
    }
  }

  #isShown(quantity: string | undefined): boolean {
    return quantity === undefined || this.#layer.quantities.includes(quantity);
  }

  #draw(run: MirroredRun): void {
    const { state, theme } = this.#context;
    const { history } = run;
    const { clipNorm } = run.description.settings;
    const range = this.#curves.rangeOf(run);
    const most = mostPointsFor(this.#curves.width);
    const shown: (readonly number[])[] = [];
    for (const { column, line, color, quantity } of this.#totals) {
      line.hidden = !this.#isShown(quantity);
      if (line.hidden) continue;
      const curve = curveOf(history, column, range, state.ui.logarithmicIterations, most);
      shown.push(curve.mean);
      // A logarithmic axis has no place for zero: the line has a gap there, and the legend says 0.
      const points = (values: readonly number[]): Point[] =>
        values.map((value, i) => ({ x: this.#curves.place(curve.iteration[i]), y: value > 0 ? value : NaN }));
      line.data = points(curve.mean);
      line.borderColor = color(theme);
      if (column !== 'gradNorm') continue;
      const [maximum, minimum] = this.#band;
      maximum.data = curve.isThinned ? points(curve.maximum) : [];
      minimum.data = curve.isThinned ? points(curve.minimum) : [];
      maximum.backgroundColor = theme.totalBand;
      shown.push(curve.maximum);
    }
    const isClipped = clipNorm > 0;
    this.#curves.references = isClipped
      ? [{ value: clipNorm, label: `clips at ${clipNorm}`, color: theme.reference }]
      : [];
    const y = decadeRange(isClipped ? [...shown, [clipNorm]] : shown, MOST_DECADES);
    this.#curves.draw(run, (height) => decadeAxis(y, height));
    const newest = this.#totals
      .filter(({ quantity }) => this.#isShown(quantity))
      .map(({ column, label }) => `${label} ${formatNorm(history.newest(column))}`);
    this.#curves.figure.describe(
      `Gradient norms before clipping over iterations ${groupDigits(range.from)} to ${groupDigits(range.to)}. ` +
        `Newest: ${newest.join(', ')}. ${isClipped ? `Clipping at ${clipNorm}.` : 'Clipping is off.'}`,
    );
  }
}

function totalsOf(network: Network): Total[] {
  const parameters = network.parameterNames.map((name): Total => {
    const label = labelOf(network, name);
    const { color, dash, mark } = lineStyleOf(network, name);
    const entry = new LegendEntry(mark, color, label);
    entry.element.title = titleOf(network, name);
    return {
      quantity: name,
      column: `gradNorm_${name}`,
      label,
      color: (theme) => theme.lines[color],
      line: { data: [], borderWidth: 1.25, borderDash: [...dash] },
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
