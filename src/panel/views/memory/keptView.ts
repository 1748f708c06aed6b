import { keptSentences, splitKept, type KeptSplit, type KeptWords } from '../../charts/directPath.ts';
import { factorAxis, formatFactor } from '../../charts/memoryFactors.ts';
import { factorRows, type FactorRow } from '../../charts/memoryFactorRows.ts';
import { pictureName, type PictureData } from '../../charts/pictureData.ts';
import { Plot } from '../../charts/plot.ts';
import { element, setText } from '../../dom.ts';
import { keptMarkup, keptWords, type DirectPath } from '../../../network/directPath.ts';
import { written } from '../../../network/names.ts';
import { weightNames } from '../../network/choices.ts';
import type { Network } from '../../../network/network.ts';
import type { Memory } from '../../../protocol/study.ts';
import type { MirroredRun } from '../../state/mirror.ts';
import type { PanelContext } from '../view.ts';
import { Fact, factList } from './fact.ts';
import { BESIDE_DECAY, tellLyapunov } from './lyapunov.ts';
import { aboutWindow } from './window.ts';
import { drawFactors } from './factorPlot.ts';
import { MemoryView } from './windowView.ts';

/** Units that keep less of a state forget it at once: the axis need not reach them. */
const SMALLEST_SHOWN = 0.05;

/** Why errors of a state fade that is carried over by itself: what its gate keeps at every step, and of every unit. */
export class KeptView extends MemoryView {
  readonly #plot: Plot;
  readonly #path: DirectPath;
  readonly #words: KeptWords;
  readonly #sentences = element('p', { class: 'memory-text', 'data-testid': 'kept-sentence' });
  /** Where no other picture says it. */
  readonly #lyapunov: Fact | undefined;
  #split: KeptSplit | undefined;
  /** Where the axis begins, and how many units keep too little for it. */
  #least = SMALLEST_SHOWN;
  #beyond = 0;

  /** @param saysLyapunov where there is no picture of a spectrum, which says it else. */
  constructor(
    context: PanelContext,
    { path, saysLyapunov }: { readonly path: DirectPath; readonly saysLyapunov: boolean },
    controls: readonly HTMLElement[],
  ) {
    const words = keptWordsOf(context.network, path);
    const { state, kept } = words;
    const options = {
      id: 'decay-split',
      title: `Why errors fade: what ${kept} keeps of ${state}`,
      note: 'factors per step back, on the direct path',
      question: `How long does ${state} remember, and is it ${kept} that ends it?`,
      help:
        `A state that is carried over by itself has a direct path: ${state}(s) = ${kept} ⊙ ${state}(s−1) + …, so that one step back along it multiplies its error by ${kept}, unit by unit, and by no matrix. ` +
        `A tanh cell has no such path: there every step back multiplies by the recurrent weight and by a slope, which is why its errors fade or explode sooner.\n` +
        `Factors below ×1 forget geometrically: after k steps f to the power of k is left, half of it after ln ½ / ln f steps (0.5: 1 step, 0.9: 6.6, 0.99: 69). Factors near ×1 remember.\n` +
        `The ticks are ${kept} at every time step, its mean over the units, and of every unit, its geometric mean over time. Units differ, and the error does not enter all alike: a unit that the layer hardly gives out, or whose function is saturated, gets none of it, however much it keeps.\n` +
        `All units far below ×1 where the text needs a long memory: begin with biases by which the gates keep more (the setting initialBias). A few units near ×1 are enough to remember by, as long as errors enter them.${saysLyapunov ? `\nOf the Lyapunov exponent: ${BESIDE_DECAY}` : ''}`,
      keys: 'The factors are in the text above.',
    };
    super(context, options, controls);
    this.#path = path;
    this.#words = words;
    this.figure.legend.before(this.#sentences);
    if (saysLyapunov) {
      this.#lyapunov = new Fact(
        'Lyapunov exponent, all states',
        'lyapunov',
        'The mean growth of the logarithm of a vector over all states of all layers, pushed back through the window again and again; the first time is not counted',
      );
      this.figure.legend.before(factList('kept-facts', this.#lyapunov));
    }
    this.figure.legend.remove();
    this.#plot = new Plot(this.figure.canvas, [], {
      page: context,
      xName: '× per step',
      plugins: [
        factorRows(
          () => this.#rows(),
          () => context.theme,
        ),
      ],
    });
  }

  protected override get area(): Plot['area'] {
    return this.#plot.area;
  }

  protected override tell(memory: Memory): void {
    const { state } = this.#path;
    this.#split = splitKept(memory.directPaths[state], memory.reaches[state]);
    setText(this.#sentences, keptSentences(this.#split, this.#words).join(' '));
    if (this.#lyapunov !== undefined) tellLyapunov(this.#lyapunov, memory);
  }

  override point(): void {
    if (this.figure.isVisible && this.measured !== undefined) this.#plot.redraw();
  }

  #rows(): FactorRow[] {
    const memory = this.measured;
    const split = this.#split;
    if (memory === undefined || split === undefined) return [];
    const { theme, state } = this.context;
    const { kept } = this.#words;
    const beyond = this.#beyond === 0 ? '' : ` (${this.#beyond} more to the left)`;
    const named = (factor: number | null, name: string, isOpen = false): FactorRow['points'] =>
      factor !== null && factor >= this.#least && Number.isFinite(factor)
        ? [{ factor, name: `${name}${formatFactor(factor)}`, isOpen }]
        : [];
    return [
      {
        label: `${kept}, its mean over units at every time step`,
        color: theme.train,
        ticks: split.byStep,
        marked: state.hover.step !== null && state.hover.step < memory.inputs.length ? state.hover.step : null,
        points: named(split.mean, 'mean '),
      },
      {
        label: `${kept} of every unit, its geometric mean over time${beyond}`,
        color: theme.lines.bias,
        ticks: split.byUnit,
        points: [
          ...named(split.geometricMean, 'all units '),
          ...named(split.whereEntered, 'where errors enter ', true),
          ...named(split.longest.kept, `unit ${split.longest.unit} `),
        ],
      },
      {
        label: 'one step back, as measured',
        color: theme.total,
        ticks: [],
        points: [
          ...named(split.direct, `by ${kept} alone `, true),
          ...(split.isOnly ? [] : named(split.whole, 'by all ways ')),
        ],
      },
    ];
  }

  protected override draw(): void {
    const { theme } = this.context;
    const split = this.#split;
    if (split === undefined) return;
    const { byStep, byUnit, direct, whole, longest } = split;
    const least = (values: Float64Array): number => values.reduce((a, b) => Math.min(a, b), 1);
    const smallest = Math.max(SMALLEST_SHOWN, Math.min(least(byStep), least(byUnit)));
    const axis = factorAxis([smallest, direct, whole, longest.kept]);
    this.#least = axis.min;
    this.#beyond = byUnit.filter((value) => value < axis.min).length;
    drawFactors(this.#plot, theme, axis);
    this.figure.describe(keptSentences(split, this.#words).join(' '));
  }

  protected override data(memory: Memory, run: MirroredRun): PictureData | undefined {
    const split = this.#split;
    if (split === undefined) return undefined;
    const { state } = this.#path;
    const { kept } = this.#words;
    return {
      name: pictureName(run, 'kept-of', state, memory.iteration, 'stream', memory.stream),
      about: aboutWindow(run, memory, {
        kept,
        mean: split.mean,
        geometric_mean: split.geometricMean,
        mean_weighted_by_error: split.whereEntered,
        half_life_steps: finiteOrNull(split.halfLife),
        median_unit_half_life_steps: finiteOrNull(split.medianHalfLife),
        longest_unit: split.longest.unit,
        longest_unit_half_life_steps: finiteOrNull(split.longest.halfLife),
        decay_of_direct_path_per_step: split.direct,
        decay_of_all_ways_per_step: split.whole,
        lyapunov_nats_per_step: memory.lyapunov,
      }),
      columns: ['of', 'index', 'kept', 'share_of_error'],
      rows: [
        ...Array.from(split.byStep, (value, t) => ['time step, mean over units', t, value, null]),
        ...Array.from(split.byUnit, (value, unit) => [
          'unit, geometric mean over time',
          unit,
          value,
          memory.directPaths[state].enteredByUnit[unit],
        ]),
      ],
    };
  }
}

/** How the direct path of a state and the ways beside it are called. */
export function keptWordsOf(network: Network, path: DirectPath): KeptWords {
  return {
    state: written(path.state),
    kept: keptMarkup(path),
    keptWords: keptWords(network, path),
    others: othersOf(network, path),
  };
}

/** The ways beside the direct path: where no weight of the layer reads a state, an error leaves it by the layers above alone. */
function othersOf(network: Network, { layer }: DirectPath): string | undefined {
  const above = network.layers > layer ? 'the layers above' : undefined;
  if (weightNames(network, layer).length === 0) return above;
  return above === undefined ? 'the gates and the candidate' : `the gates, the candidate and ${above}`;
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
