import { groupDigits } from '../../common/format.ts';
import { extremesOf, FollowedScale, type Decades, type Extremes } from '../charts/followedScale.ts';
import type { Inspection } from '../../protocol/run.ts';
import { element, setAttribute, setText, show } from '../dom.ts';
import type { IterationRange } from '../state/iterationView.ts';
import { decadeLabel } from '../charts/decadeAxis.ts';
import { ColorBar } from './colorBar.ts';
import { ChoiceGroup } from './controls.ts';
import { Inputs, type PanelContext } from './view.ts';

const CHOICES = [
  { value: 'fit', label: 'Fit', title: 'The colours follow what is on the screen, by whole decades' },
  { value: 'hold', label: 'Hold', title: 'The colours stay as they are now, to compare what comes with what was' },
] as const;

/** What is shown of a run: the iterations and the quantity. */
interface Shown {
  readonly runId: string;
  readonly quantity: string;
  readonly range: IterationRange;
  readonly inspections: readonly Inspection[];
  /** (T): the norms of the quantity in an inspection. */
  readonly norms: (inspection: Inspection) => ArrayLike<number>;
}

/** The colours of the heat map: their scale, which follows what is on the screen unless a person holds it, and the bar that says so. */
export class HeatmapScale {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #scale = new FollowedScale();
  readonly #bar: ColorBar;
  readonly #choice: ChoiceGroup<'fit' | 'hold'>;
  readonly #moved = element('span', { class: 'scale-moved', 'data-testid': 'heatmap-moved', hidden: true });
  readonly #inputs = new Inputs();
  readonly #of = new Inputs();
  /** An inspection does not change. */
  #extremes = new WeakMap<Inspection, Extremes | 'none'>();
  #quantity = '';

  constructor(context: PanelContext) {
    this.#context = context;
    this.#choice = new ChoiceGroup('Colours of the heat map', 'heatmap-scale', CHOICES, (value) => this.#choose(value));
    this.#bar = new ColorBar(
      'Logarithmic, by whole decades; values beyond an end have its colour.',
      this.#choice.element,
      this.#moved,
    );
    this.element = this.#bar.element;
  }

  get ends(): Decades {
    return this.#scale.ends;
  }

  position(value: number): number {
    return this.#scale.position(value);
  }

  /** Marks the place of a norm in the bar. */
  point(norm: number): void {
    this.#bar.point(this.#scale.position(norm));
  }

  /** Takes up what is on the screen. */
  update({ runId, quantity, range, inspections, norms }: Shown): void {
    if (this.#of.changed(runId, quantity)) {
      this.#quantity = quantity;
      this.#extremes = new WeakMap();
      this.#scale.reset();
    }
    const held = this.#held;
    this.#choice.value = held === undefined ? 'fit' : 'hold';
    const newest = inspections.at(-1);
    if (!this.#inputs.changed(runId, quantity, range.from, range.to, newest, inspections.length, held)) return;
    const before = this.#scale.before;
    this.#scale.show(this.#columns(inspections, range, norms), held);
    const { low, high } = this.#scale.ends;
    const { isCutBelow, isCutAbove } = this.#scale;
    const notches = Array.from({ length: Math.max(0, high - low - 1) }, (_, i) => (i + 1) / (high - low));
    const [from, to] = labels({ low, high });
    this.#bar.update(`${isCutBelow ? '≤ ' : ''}${from}`, `${isCutAbove ? '≥ ' : ''}${to}`, notches);
    if (this.#scale.before !== before) this.#tellMoved(newest?.iteration ?? 0);
    show(this.#moved, this.#scale.before !== undefined);
  }

  #columns(
    inspections: readonly Inspection[],
    { from, to }: IterationRange,
    norms: (inspection: Inspection) => ArrayLike<number>,
  ): Extremes[] {
    return inspections.flatMap((inspection) => {
      if (inspection.iteration < from || inspection.iteration > to) return [];
      let extremes = this.#extremes.get(inspection);
      if (extremes === undefined) {
        extremes = extremesOf(norms(inspection)) ?? 'none';
        this.#extremes.set(inspection, extremes);
      }
      return extremes === 'none' ? [] : [extremes];
    });
  }

  /** The ends that a person holds the colours of this quantity at. */
  get #held(): Decades | undefined {
    const held = this.#context.state.choices?.heldScale;
    return held?.quantity === this.#quantity ? held : undefined;
  }

  #choose(value: 'fit' | 'hold'): void {
    this.#scale.settle();
    show(this.#moved, false);
    this.#context.state.chooseForRun({
      heldScale: value === 'hold' ? { quantity: this.#quantity, ...this.#scale.ends } : null,
    });
  }

  #tellMoved(iteration: number): void {
    const { before, ends } = this.#scale;
    if (before === undefined) return;
    const [was, is] = [labels(before), labels(ends)].map(([from, to]) => `${from} to ${to}`);
    setText(this.#moved, `scale moved; before ${was}`);
    setAttribute(
      this.#moved,
      'title',
      `The colours follow what is on the screen: at iteration ${groupDigits(iteration)} they moved from ${was} to ${is}. Hold keeps them where they are.`,
    );
  }
}

function labels({ low, high }: Decades): [string, string] {
  return [decadeLabel(10 ** low), decadeLabel(10 ** high)];
}
