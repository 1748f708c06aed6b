import { curveOf, jointCurve, mostPointsFor } from '../charts/curve.ts';
import { decadeAxis } from '../charts/decadeAxis.ts';
import type { Line, Point } from '../charts/plot.ts';
import { decadeRange } from '../../common/ranges.ts';
import { formatNorm, groupDigits } from '../../common/format.ts';
import { shownRange } from '../state/iterationView.ts';
import type { MirroredRun } from '../state/mirror.ts';
import { totalsData } from './curveData.ts';
import { OF_TOTAL_LOSS, withFormulas } from './helpFormulas.ts';
import { IterationFigure } from './iterationFigure.ts';
import { QuantityChooser } from './quantityChooser.ts';
import { totalAt, totalsOf, type Total } from './totalLines.ts';
import type { PanelContext, View } from './view.ts';

const MOST_DECADES = 8;
const LAYERS_HELP =
  '\nSide by side, a layer and the output have a line each: the root of the sum of the squares of the norms of their parameters. ' +
  'A layer whose line lies decades below the others learns little. Where a point stands for many iterations, it is the root for their mean norms, ' +
  'a little less than the mean of the roots. Choose a layer to see its parameters.';

/** The norm of each parameter's whole gradient over iterations, and the norm that clipping compares. */
export class TotalsView implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #curves: IterationFigure;
  readonly #totals: readonly Total[];
  readonly #chooser: QuantityChooser;
  /** How far the norm of all parameters reaches, where a point stands for many iterations. */
  readonly #band: readonly [maximum: Line, minimum: Line] = [
    { data: [], borderWidth: 0, fill: '+1', order: 1 },
    { data: [], borderWidth: 0, order: 1 },
  ];

  constructor(context: PanelContext) {
    this.#context = context;
    this.#totals = totalsOf(context.network);
    this.#chooser = new QuantityChooser(context, { id: 'totals', parametersOnly: true, withTogether: true });
    this.#curves = new IterationFigure(context, {
      id: 'totals',
      title: 'Gradient norm per iteration',
      note: 'before clipping',
      question: 'Does the gradient explode, or does clipping hold it?',
      help: withFormulas(
        'The norm of every parameter’s gradient summed over all time steps, and of all parameters together (“all”).\n' +
          'Where “all” lies above the dashed line, clipping scales the gradient down to it; curves that fall to nothing or shoot up are what to look into. ' +
          `All are norms of the gradient ${OF_TOTAL_LOSS}.` +
          (context.network.layers > 1 ? LAYERS_HELP : ''),
        '‖∂P‖ = ‖Σ_t ∂P(t)‖',
        '‖g‖² = Σ_P ‖∂P‖²',
        'clipped: g ← {clipNorm|‖g‖} g',
      ),
      controls: this.#chooser.controls,
      lines: [...this.#band, ...this.#totals.map(({ line }) => line)],
      entries: this.#totals.map(({ entry }) => entry),
      remark: this.#chooser.remark,
      data: () => {
        const { run, view } = context.state;
        return run && totalsData(run, shownRange(view, run.history.iterations));
      },
    });
    this.element = this.#curves.element;
  }

  update(): void {
    const { run } = this.#context.state;
    this.#chooser.update();
    for (const total of this.#totals) total.entry.shown = this.#isShown(total);
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
    for (const total of this.#totals) {
      if (this.#isShown(total)) total.entry.value = formatNorm(totalAt(run.history, total, at));
    }
  }

  /** All of them always; beside them a line a layer, or of the layer that is opened its own and its parameters. */
  #isShown({ of }: Total): boolean {
    if (of === 'all') return true;
    const { isTogether, layer, quantities } = this.#chooser;
    if (of === 'output') return isTogether;
    if ('layer' in of) return isTogether || of.layer === layer;
    return !isTogether && quantities.includes(of.parameter);
  }

  #draw(run: MirroredRun): void {
    const { state, theme } = this.#context;
    const { history } = run;
    const { clipNorm } = run.description.settings;
    const range = this.#curves.rangeOf(run);
    const most = mostPointsFor(this.#curves.width);
    const shown: (readonly number[])[] = [];
    const logarithmic = state.ui.logarithmicIterations;
    // A logarithmic axis has no place for zero: the line has a gap there, and the legend says 0.
    const points = (iterations: readonly number[], values: readonly number[]): Point[] =>
      values.map((value, i) => ({ x: this.#curves.place(iterations[i]), y: value > 0 ? value : NaN }));
    for (const total of this.#totals) {
      const { line, columns } = total;
      line.hidden = !this.#isShown(total);
      if (line.hidden) continue;
      const { iteration, mean } = jointCurve(history, columns, range, logarithmic, most);
      shown.push(mean);
      line.data = points(iteration, mean);
      line.borderColor = total.color(theme);
    }
    const all = curveOf(history, 'gradNorm', range, logarithmic, most);
    const [maximum, minimum] = this.#band;
    maximum.data = all.isThinned ? points(all.iteration, all.maximum) : [];
    minimum.data = all.isThinned ? points(all.iteration, all.minimum) : [];
    maximum.backgroundColor = theme.totalBand;
    shown.push(all.maximum);
    const isClipped = clipNorm > 0;
    this.#curves.references = isClipped
      ? [{ value: clipNorm, label: `clips at ${clipNorm}`, color: theme.reference }]
      : [];
    const y = decadeRange(isClipped ? [...shown, [clipNorm]] : shown, MOST_DECADES);
    this.#curves.draw(run, (height) => decadeAxis(y, height));
    const newest = this.#totals
      .filter((total) => this.#isShown(total))
      .map((total) => `${total.label} ${formatNorm(totalAt(history, total, history.iterations - 1))}`);
    this.#curves.figure.describe(
      `Gradient norms before clipping over iterations ${groupDigits(range.from)} to ${groupDigits(range.to)}. ` +
        `Newest: ${newest.join(', ')}. ${isClipped ? `Clipping at ${clipNorm}.` : 'Clipping is off.'}`,
    );
  }
}
