import { pictureName, type PictureData } from '../../charts/pictureData.ts';
import type { Line } from '../../charts/plot.ts';
import { linearTicks } from '../../../common/ranges.ts';
import { element, setText } from '../../dom.ts';
import { formatShare, formatTick } from '../../../common/format.ts';
import { SATURATED } from '../../../network/saturation.ts';
import type { Memory } from '../../../protocol/study.ts';
import type { MirroredRun } from '../../state/mirror.ts';
import { LegendEntry } from '../legend.ts';
import { pointRadiusFor, StepPlot } from '../stepPlot.ts';
import type { PanelContext } from '../view.ts';
import { aboutWindow, charactersRead, stepLabel } from './window.ts';
import { MemoryView } from './windowView.ts';

const TICK_STEP = 0.25;

/** The mean tanh factor and the share of saturated units at every time step, over the characters read. */
export class TanhView extends MemoryView {
  readonly #steps: StepPlot;
  readonly #factor: Line = { data: [], borderWidth: 1.75 };
  readonly #saturated: Line = { data: [], borderWidth: 1.5, borderDash: [5, 3] };
  readonly #at = element('span', { class: 'legend-at' });
  readonly #factorEntry = new LegendEntry('line', 'train', 'tanh factor, mean 1 − a²');
  readonly #saturatedEntry = new LegendEntry('dashed', 'validation', `share of |a| > ${SATURATED}`);

  constructor(context: PanelContext) {
    super(context, {
      id: 'tanh-factor',
      title: 'Tanh, step by step',
      note: 'means over all hidden units',
      question: 'Over which characters does tanh weaken the error?',
      help:
        'At every time step, the mean of 1 − a² over the hidden units, the factor by which tanh lets the error pass, and the share of units ' +
        `with |a| > ${SATURATED}, where it hardly passes at all. ` +
        'Where the first line dips, tanh weakens the error on its way back over that character. As saturation grows over training, the memory shortens.',
      keys: 'Left and right arrow walk through the time steps.',
    });
    this.figure.legend.append(this.#at, this.#factorEntry.element, this.#saturatedEntry.element);
    this.#steps = new StepPlot(this.figure, context, [this.#factor, this.#saturated], {
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
    this.#factorEntry.value = read(memory.tanhFactor).toPrecision(3);
    this.#saturatedEntry.value = formatShare(read(memory.saturation));
  }

  protected override draw(memory: Memory): void {
    const { theme, state } = this.context;
    const { tanhFactor, saturation, iteration } = memory;
    this.#steps.setCharacters(charactersRead(state.run?.description.facts, memory));
    const points = (values: Float64Array): { x: number; y: number }[] => Array.from(values, (y, x) => ({ x, y }));
    this.#factor.data = points(tanhFactor);
    this.#saturated.data = points(saturation);
    this.#factor.borderColor = this.#factor.pointBackgroundColor = theme.train;
    this.#saturated.borderColor = this.#saturated.pointBackgroundColor = theme.validation;
    this.#factor.pointRadius = this.#saturated.pointRadius = pointRadiusFor(tanhFactor.length);
    const y = { min: 0, max: 1.02 };
    const ticks = linearTicks(y, 4, false);
    this.#steps.draw({
      logarithmic: false,
      ...y,
      ticks: ticks.map((value) => ({ value, label: formatTick(value, TICK_STEP) })),
    });
    this.figure.describe(
      `Mean tanh factor and share of saturated units at ${tanhFactor.length} time steps of the window of iteration ${iteration}.`,
    );
  }

  protected override data(memory: Memory, run: MirroredRun): PictureData {
    return {
      name: pictureName(run, 'tanh-factor', memory.iteration, 'stream', memory.stream),
      about: aboutWindow(run, memory, {}),
      columns: ['t', 'input', 'tanh_factor', 'saturated_share'],
      rows: Array.from(memory.tanhFactor, (value, t) => [
        t,
        run.description.facts?.vocabulary[memory.inputs[t]] ?? '',
        value,
        memory.saturation[t],
      ]),
    };
  }
}
