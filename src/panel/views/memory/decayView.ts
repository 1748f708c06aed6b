import { decaySentences, factorAxis, formatFactor, splitDecay, type DecaySplit } from '../../charts/memoryFactors.ts';
import { factorRows, type FactorRow } from '../../charts/memoryFactorRows.ts';
import { pictureName, type PictureData } from '../../charts/pictureData.ts';
import { Plot } from '../../charts/plot.ts';
import { element, setText } from '../../dom.ts';
import { groupDigits } from '../../../common/format.ts';
import type { Memory, Spectrum } from '../../../protocol/study.ts';
import type { MirroredRun } from '../../state/mirror.ts';
import { layerOfReach } from '../../../network/reach.ts';
import type { WayBack } from '../../../network/wayBack.ts';
import { SATURATION } from '../../../network/slopes.ts';
import type { WayWords } from '../../../network/wayWords.ts';
import type { PanelContext } from '../view.ts';
import { aboutWindow } from './window.ts';
import { drawFactors } from './factorPlot.ts';
import { MemoryView } from './windowView.ts';

/** The axis need not reach singular values under this: they carry nothing. */
const SMALLEST_SHOWN = 0.1;

/** The single way of errors through a layer, what is called how on it, and where the decay is measured. */
interface DecayOptions {
  readonly way: WayBack;
  readonly words: WayWords;
  readonly reach: string;
}

/** The decay of errors split into its two causes: the activation and the recurrent weight. */
export class DecayView extends MemoryView {
  readonly #plot: Plot;
  readonly #way: WayBack;
  /** Where the decay is measured: the pre-activation in the middle of the way. */
  readonly #reach: string;
  readonly #words: WayWords;
  readonly #sentences = element('p', { class: 'memory-text', 'data-testid': 'decay-sentence' });
  #split: DecaySplit | undefined;
  /** How many singular values are too small for the axis. */
  #beyond = 0;

  constructor(context: PanelContext, { way, words, reach }: DecayOptions, controls: readonly HTMLElement[]) {
    const { weight, activation, slope, oneStep, stopped } = words;
    const { passesNothing } = SATURATION[words.of];
    const options = {
      id: 'decay-split',
      title: `Why errors fade: ${activation} and ${weight}`,
      note: 'factors per step back',
      question: `Why do errors fade: is it the ${activation} or ${weight}?`,
      help:
        `One step back is ${oneStep}. Left of ×1 a factor shrinks the error, right of it the error grows.\n` +
        `The ticks are the ${meanWords(words)} of ${slope} at every time step, and every singular value of ${weight}, ` +
        `by which it stretches one direction; “left for ${weight}” is not measured by itself: it is the fitted decay divided by that ${meanWords(words)}.${passesNothing ? ' The split of a tanh run takes the mean of its slopes: the two are not to be compared.' : ''}\n` +
        `A small ${activation} factor: ${passesNothing ? 'many ' : ''}units are ${stopped}, ` +
        `${passesNothing ? 'a smaller learning rate helps' : 'smaller weights or a smaller learning rate help'}. Singular values far under 1: ${weight} is too small, an orthogonal start keeps more.`,
      keys: 'The factors are in the text above.',
    };
    super(context, options, controls);
    this.#way = way;
    this.#reach = reach;
    this.#words = words;
    this.figure.legend.before(this.#sentences);
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

  get #spectrum(): Spectrum | undefined {
    const { spectrum } = this.context.state.study;
    return spectrum?.name === this.#way.weight ? spectrum : undefined;
  }

  protected override get area(): Plot['area'] {
    return this.#plot.area;
  }

  protected override get toldOf(): readonly unknown[] {
    return [this.#spectrum];
  }

  protected override get drawnOf(): readonly unknown[] {
    return [this.#spectrum];
  }

  protected override tell(memory: Memory): void {
    const { network } = this.context;
    const isFed = layerOfReach(network, this.#reach) < network.layers;
    this.#split = splitDecay(measuredOf(memory, this.#way, this.#reach), this.#spectrum, this.#words.of, isFed);
    const { iteration } = this.#spectrum ?? memory;
    const of = iteration === memory.iteration ? '' : `, ${this.#words.weight} of iteration ${groupDigits(iteration)}`;
    this.figure.setNote(`factors per step back${of}`);
    setText(this.#sentences, decaySentences(this.#split, this.#words).join(' '));
  }

  override point(): void {
    if (this.figure.isVisible && this.measured !== undefined) this.#plot.redraw();
  }

  #rows(): FactorRow[] {
    const memory = this.measured;
    const split = this.#split;
    if (memory === undefined || split === undefined) return [];
    const { theme, state } = this.context;
    const { weight, activation, slope } = this.#words;
    const named = (factor: number | null | undefined, name: string, isOpen = false): FactorRow['points'] =>
      typeof factor === 'number' && factor > 0 && Number.isFinite(factor)
        ? [{ factor, name: `${name}${formatFactor(factor)}`, isOpen }]
        : [];
    return [
      {
        label: `${activation} factor ${slope}, its ${meanWords(this.#words)} at every time step`,
        color: theme.train,
        ticks: split.slopes,
        marked: state.hover.step !== null && state.hover.step < memory.inputs.length ? state.hover.step : null,
        points: named(split.slopeMean, 'mean '),
      },
      {
        label: `${weight}, its singular values${this.#beyond === 0 ? '' : ` (${this.#beyond} more to the left)`}`,
        color: theme.lines.recurrent,
        ticks: this.#spectrum?.singularValues ?? [],
        points: [...named(split.sigmaRms, 'rms '), ...named(split.sigmaMax, 'σ_max ')],
      },
      {
        label: 'one step back, as measured',
        color: theme.total,
        ticks: [],
        points: [...named(split.measured, 'fitted decay '), ...named(split.leftForW, `left for ${weight} `, true)],
      },
    ];
  }

  protected override draw(): void {
    const { theme } = this.context;
    const split = this.#split;
    if (split === undefined) return;
    const { slopeLeast, sigmaMax, sigmaRms, measured, leftForW } = split;
    const singularValues = this.#spectrum?.singularValues ?? new Float64Array(0);
    const smallest = Math.max(SMALLEST_SHOWN, singularValues.at(-1) ?? 1);
    const axis = factorAxis([slopeLeast, sigmaMax, sigmaRms, measured, leftForW, smallest]);
    this.#beyond = singularValues.filter((value) => value < axis.min).length;
    drawFactors(this.#plot, theme, axis);
    this.figure.describe(decaySentences(split, this.#words).join(' '));
  }

  protected override data(memory: Memory, run: MirroredRun): PictureData | undefined {
    const split = this.#split;
    if (split === undefined) return undefined;
    const { of } = this.#words;
    // Of ReLU the root mean square, where other tables have the mean.
    const factor = SATURATION[of].passesNothing ? `${of}_factor_rms` : `${of}_factor`;
    return {
      name: pictureName(run, 'decay-split', memory.iteration, 'stream', memory.stream),
      about: aboutWindow(run, memory, {
        [`${of}_mean`]: split.slopeMean,
        fitted_decay_per_step: split.measured,
        [`left_for_${this.#way.weight}`]: split.leftForW,
        sigma_max: split.sigmaMax ?? null,
        sigma_rms: split.sigmaRms ?? null,
        spectrum_of_iteration: this.#spectrum?.iteration ?? null,
      }),
      columns: ['t', factor],
      rows: Array.from(split.slopes, (value, t) => [t, value]),
    };
  }
}

/** The slopes of the activation in the middle of the way, and the decay at its pre-activation. */
function measuredOf(memory: Memory, { state }: WayBack, reach: string): Parameters<typeof splitDecay>[0] {
  const { decay, horizon } = memory.reaches[reach];
  return { slope: memory.units[state].slope, decay, horizon };
}

/** What a factor of all units together is. */
function meanWords({ of }: WayWords): string {
  return SATURATION[of].passesNothing ? 'root mean square' : 'mean';
}
