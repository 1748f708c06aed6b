import { capitalized } from '../../../common/written.ts';
import { pictureName, type PictureData } from '../../charts/pictureData.ts';
import type { Line } from '../../charts/plot.ts';
import { linearTicks } from '../../../common/ranges.ts';
import { element, setText } from '../../dom.ts';
import { formatShare, formatTick } from '../../../common/format.ts';
import type { Network } from '../../../network/network.ts';
import { wayBackOf } from '../../../network/wayBack.ts';
import { SATURATION, SLOPES } from '../../../network/slopes.ts';
import { functionWordsOf, type FunctionWords } from '../../../network/wayWords.ts';
import type { Memory } from '../../../protocol/study.ts';
import type { MirroredRun } from '../../state/mirror.ts';
import { LegendEntry } from '../legend.ts';
import { pointRadiusFor, StepPlot } from '../stepPlot.ts';
import { functionNames } from '../../network/choices.ts';
import type { PanelContext } from '../view.ts';
import { aboutWindow, charactersRead, stepLabel } from './window.ts';
import { MemoryView } from './windowView.ts';

const TICK_STEP = 0.25;

/** The mean slope and, where that says more, the share of saturated units at every time step, over the characters read. */
export class SlopeView extends MemoryView {
  readonly #quantity: string;
  readonly #words: FunctionWords;
  readonly #steps: StepPlot;
  readonly #factor: Line = { data: [], borderWidth: 1.75 };
  readonly #stopped: Line = { data: [], borderWidth: 1.5, borderDash: [5, 3] };
  readonly #at = element('span', { class: 'legend-at' });
  readonly #factorEntry: LegendEntry;
  /** None of a slope that is 1 or 0: its mean is the share of units that are on, and what is left of it to 1 the share that is off. */
  readonly #stoppedEntry: LegendEntry | undefined;

  /** The axis ends at the largest slope that the function can have; there the share is 1. */
  get #largest(): number {
    return SLOPES[this.#words.of].largest;
  }

  /** @param quantity that the function gives. */
  constructor(context: PanelContext, quantity: string, controls: readonly HTMLElement[]) {
    const words = functionWordsOf(context.network, quantity);
    const { activation, gave, slope, stopped, stoppedWhere } = words;
    const isOnly = functionNames(context.network, 1).length * context.network.layers === 1;
    const { passesNothing } = SATURATION[words.of];
    const weakens =
      wayBackOf(context.network, layerOf(context.network, quantity)) === undefined
        ? `Where the first line dips, less of the error reaches what decides ${gave} at that character; what is kept of a state passes by it.`
        : `Where the first line dips, ${activation} weakens the error on its way back over that character. As saturation grows over training, the memory shortens.`;
    const options = {
      id: 'slope-factor',
      title: `${capitalized(activation)}${isOnly ? '' : ` of ${gave}`}, step by step`,
      note: passesNothing ? 'over all hidden units' : 'means over all hidden units',
      question: `Over which characters does ${activation} ${passesNothing ? 'stop' : 'weaken'} the error?`,
      help: passesNothing
        ? `At every time step, the share of hidden units that are on: ${activation} lets their error pass whole, and nothing of those that are ${stopped} (${stoppedWhere}). ` +
          'Where the line dips, less of the error gets back over that character.'
        : `At every time step, the mean of ${slope} over the hidden units, the factor by which ${activation} lets the error pass, and the share of units ` +
          `with ${stoppedWhere}, where it hardly passes at all. ${weakens}`,
      keys: 'Left and right arrow walk through the time steps.',
    };
    super(context, options, controls);
    this.#quantity = quantity;
    this.#words = words;
    this.#factorEntry = new LegendEntry(
      'line',
      'train',
      passesNothing ? `share of units on, mean ${slope}` : `${activation} factor, mean ${slope}`,
    );
    this.#stoppedEntry = passesNothing
      ? undefined
      : new LegendEntry(
          'dashed',
          'validation',
          `share of ${stoppedWhere}${this.#largest < 1 ? ', 100 % at the top' : ''}`,
        );
    this.figure.legend.append(this.#at, this.#factorEntry.element);
    if (this.#stoppedEntry !== undefined) this.figure.legend.append(this.#stoppedEntry.element);
    this.#steps = new StepPlot(this.figure, context, [this.#factor, this.#stopped], {
      xName: 't',
      withCharacters: true,
      from: () => Math.max(0, this.#steps.T - 1),
    });
  }

  protected override get area(): StepPlot['plot']['area'] {
    return this.#steps.plot.area;
  }

  protected override get drawnOf(): readonly unknown[] {
    return [this.context.state.run?.description.facts];
  }

  override point(): void {
    const { run } = this.context.state;
    const memory = this.measured;
    if (run === undefined || memory === undefined) return;
    this.#steps.point();
    const t = this.#steps.step;
    setText(this.#at, t === null ? 'mean' : stepLabel(run.description.facts, memory, t));
    const read = (values: Float64Array): number =>
      t === null ? values.reduce((sum, value) => sum + value, 0) / values.length : values[t];
    const { slope, saturation } = memory.units[this.#quantity];
    this.#factorEntry.value = read(slope).toPrecision(3);
    if (this.#stoppedEntry !== undefined) this.#stoppedEntry.value = formatShare(read(saturation));
  }

  protected override draw(memory: Memory): void {
    const { theme, state } = this.context;
    const { slope, saturation } = memory.units[this.#quantity];
    this.#steps.setCharacters(charactersRead(state.run?.description.facts, memory));
    const points = (values: Float64Array): { x: number; y: number }[] => Array.from(values, (y, x) => ({ x, y }));
    this.#factor.data = points(slope);
    this.#stopped.data =
      this.#stoppedEntry === undefined ? [] : points(saturation.map((share) => share * this.#largest));
    this.#factor.borderColor = this.#factor.pointBackgroundColor = theme.train;
    this.#stopped.borderColor = this.#stopped.pointBackgroundColor = theme.validation;
    this.#factor.pointRadius = this.#stopped.pointRadius = pointRadiusFor(slope.length);
    const y = { min: 0, max: 1.02 * this.#largest };
    const ticks = linearTicks(y, this.#largest < 1 ? 6 : 4, false);
    this.#steps.draw({
      logarithmic: false,
      ...y,
      ticks: ticks.map((value) => ({ value, label: formatTick(value, TICK_STEP) })),
    });
    const { activation, stopped } = this.#words;
    const shown =
      this.#stoppedEntry === undefined
        ? 'Share of units on'
        : `Mean ${activation} factor and share of ${stopped} units`;
    this.figure.describe(`${shown} at ${slope.length} time steps of the window of iteration ${memory.iteration}.`);
  }

  protected override data(memory: Memory, run: MirroredRun): PictureData {
    const { of, stopped } = this.#words;
    const { slope, saturation } = memory.units[this.#quantity];
    const isState = run.network.states[0] === this.#quantity;
    return {
      name: pictureName(
        run,
        `${of}-factor`,
        ...(isState ? [] : ['of', this.#quantity]),
        memory.iteration,
        'stream',
        memory.stream,
      ),
      about: aboutWindow(run, memory, {}),
      columns: ['t', 'input', `${of}_factor`, `${stopped}_share`],
      rows: Array.from(slope, (value, t) => [
        t,
        run.description.facts?.vocabulary[memory.inputs[t]] ?? '',
        value,
        saturation[t],
      ]),
    };
  }
}

function layerOf({ quantities }: Network, name: string): number | undefined {
  return quantities.find((quantity) => quantity.name === name)?.layer;
}
