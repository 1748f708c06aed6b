import { curveSpan, updateRows } from './updatePoints.ts';
import { decadeAxis } from '../charts/decadeAxis.ts';
import { aboutRun, pictureName, type PictureData } from '../charts/pictureData.ts';
import type { Line } from '../charts/plot.ts';
import { decadeRange } from '../../common/ranges.ts';
import { show } from '../dom.ts';
import { formatNorm, groupDigits } from '../../common/format.ts';
import { shownRange } from '../state/iterationView.ts';
import type { MirroredRun } from '../state/mirror.ts';
import { nearestIndex } from '../state/nearestIndex.ts';
import { layerStyleOf } from '../../network/lineStyles.ts';
import type { Network } from '../../network/network.ts';
import type { Vitals } from '../../protocol/events.ts';
import { USUAL_UPDATE } from '../../history/health/thresholds.ts';
import { withFormulas } from './helpFormulas.ts';
import { IterationFigure } from './iterationFigure.ts';
import { LegendEntry } from './legend.ts';
import type { PanelContext, View } from './view.ts';

const MOST_DECADES = 8;
/** The line of what is usual must not lie on the edge, where it cannot be told from the axis. */
const AROUND_USUAL = [USUAL_UPDATE / 2, USUAL_UPDATE * 2];

/** How much an update changes the parameters, over iterations: ‖Δθ‖ / ‖θ‖ against the usual 10⁻³. */
export class UpdateView implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #curves: IterationFigure;
  readonly #updates: readonly [Update, ...Update[]];

  constructor(context: PanelContext) {
    this.#context = context;
    this.#updates = updatesOf(context.network);
    this.#curves = new IterationFigure(context, {
      id: 'update',
      title: 'Update size per iteration',
      note: 'share of the parameters',
      question: 'Is the learning rate sensible?',
      help: withFormulas(
        'How much an update changes the parameters, all of them together, as a share of their size; measured about twice a second. ' +
          (context.network.layers > 1 ? 'The other lines are the same of each layer alone and of the output. ' : '') +
          'The usual size is around 10⁻³, the dashed line ' +
          '(Karpathy, CS231n notes, Neural Networks Part 3: the ratio of update to weight magnitudes should be somewhere around 1e-3).\n' +
          'The learning rate scales every update: far above the line take a smaller one, far below it a larger one, unless the run is nearly done.',
        '{‖θ_after − θ_before‖|‖θ_before‖}',
      ),
      lines: this.#updates.map(({ line }) => line),
      entries: this.#updates.map(({ entry }) => entry),
      data: () => this.#data(),
    });
    this.element = this.#curves.element;
  }

  update(): void {
    const { run } = this.#context.state;
    const vitals = run?.history.of('vitals') ?? [];
    show(this.element, vitals.length > 0);
    if (run === undefined || vitals.length === 0 || !this.#curves.isDue(run, vitals.at(-1))) return;
    this.#draw(run);
    this.point();
  }

  point(): void {
    const { run, hover } = this.#context.state;
    const vitals = run?.history.of('vitals') ?? [];
    if (vitals.length === 0) return;
    const at = vitals[hover.iteration === null ? vitals.length - 1 : nearestIndex(vitals, hover.iteration)];
    this.#curves.point(at.iteration);
    for (const { entry, of } of this.#updates) {
      const share = of(at);
      entry.shown = share !== undefined;
      entry.value = formatNorm(share ?? NaN);
    }
  }

  #draw(run: MirroredRun): void {
    const { theme } = this.#context;
    const vitals = run.history.of('vitals');
    const range = this.#curves.rangeOf(run);
    const shown = vitals.slice(...curveSpan(vitals, range));
    const values: number[] = [];
    for (const { line, of, color } of this.#updates) {
      // A logarithmic axis has no place for zero: the line has a gap there, and the legend says 0.
      line.data = shown.flatMap((vitals) => {
        const share = of(vitals);
        return share === undefined ? [] : [{ x: this.#curves.place(vitals.iteration), y: share > 0 ? share : NaN }];
      });
      line.borderColor = line.pointBackgroundColor = color(theme);
      line.pointRadius = shown.length <= 2 ? 3 : 0;
      values.push(...line.data.map(({ y }) => y));
    }
    this.#curves.references = [{ value: USUAL_UPDATE, label: 'usual, 10⁻³', color: theme.reference, side: 'left' }];
    const y = decadeRange([values, AROUND_USUAL], MOST_DECADES);
    this.#curves.draw(run, (height) => decadeAxis(y, height));
    const newest = vitals[vitals.length - 1];
    this.#curves.figure.describe(
      `Size of updates as a share of the parameters over iterations ${groupDigits(range.from)} to ${groupDigits(range.to)}, ` +
        `usual is 10⁻³. Newest, at iteration ${groupDigits(newest.iteration)}: ${this.#newestText(newest)}.`,
    );
  }

  #newestText(newest: Vitals): string {
    const [{ of: ofAll }, ...others] = this.#updates;
    const texts = others.flatMap(({ label, of }) => {
      const share = of(newest);
      return share === undefined ? [] : [`${label} ${formatNorm(share)}`];
    });
    return [formatNorm(ofAll(newest) ?? NaN), ...texts].join(', ');
  }

  #data(): PictureData | undefined {
    const { run, view } = this.#context.state;
    if (run === undefined || run.history.of('vitals').length === 0) return undefined;
    const range = shownRange(view, run.history.iterations);
    const parts = this.#updates.slice(1).map(({ label }) => label.replace(' ', '_'));
    return {
      name: pictureName(run, 'update-size', Math.round(range.from), Math.round(range.to)),
      about: { ...aboutRun(run), quantity: '‖Δθ‖ / ‖θ‖, θ before the update', usual: USUAL_UPDATE },
      columns: ['iteration', 'update_to_weight', ...parts.map((part) => `update_to_weight_${part}`)],
      rows: updateRows(run.history.of('vitals'), range, parts.length),
    };
  }
}

/** A line of the chart: whose updates. */
interface Update {
  readonly label: string;
  readonly of: (vitals: Vitals) => number | undefined;
  readonly color: (theme: PanelContext['theme']) => string;
  readonly line: Line;
  readonly entry: LegendEntry;
}

/** All parameters first; of several layers each as well, and last the output. */
function updatesOf({ layers }: Network): [Update, ...Update[]] {
  const all: Update = {
    label: 'all',
    of: ({ updateToWeight }) => updateToWeight,
    color: (theme) => theme.total,
    line: { data: [], borderWidth: 1.75 },
    entry: new LegendEntry('line', 'total', layers === 1 ? '‖Δθ‖ / ‖θ‖' : 'all, ‖Δθ‖ / ‖θ‖'),
  };
  if (layers === 1) return [all];
  const output: Update = {
    label: 'output',
    of: ({ updateToWeightOfLayers }) => updateToWeightOfLayers?.[layers],
    color: (theme) => theme.lines.output,
    line: { data: [], borderWidth: 1.25 },
    entry: new LegendEntry('line', 'output', 'output'),
  };
  return [all, ...Array.from({ length: layers }, (_, index) => ofLayer(index)), output];
}

function ofLayer(index: number): Update {
  const { color, dash, mark } = layerStyleOf(index + 1);
  const label = `layer ${index + 1}`;
  return {
    label,
    of: ({ updateToWeightOfLayers }) => updateToWeightOfLayers?.[index],
    color: (theme) => theme.layers[color],
    line: { data: [], borderWidth: 1.25, borderDash: [...dash] },
    entry: new LegendEntry(mark, color, label),
  };
}
