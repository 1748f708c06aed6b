import { decadeAxis } from '../../charts/decadeAxis.ts';
import type { DecadeScale } from '../../../common/decadeScale.ts';
import { decadeRange, type ValueRange } from '../../../common/ranges.ts';
import { errorPath } from '../../charts/memoryMatrix.ts';
import { pictureName, type PictureData } from '../../charts/pictureData.ts';
import type { Line } from '../../charts/plot.ts';
import { referenceLines, type Reference } from '../../charts/references.ts';
import { ringAt, RING_LABEL_HEIGHT } from '../../charts/ring.ts';
import { element, setText } from '../../dom.ts';
import { formatNorm } from '../../../common/format.ts';
import type { Memory, Reach } from '../../../protocol/study.ts';
import type { MirroredRun } from '../../state/mirror.ts';
import { pointRadiusFor, StepPlot } from '../stepPlot.ts';
import { SATURATION } from '../../../network/slopes.ts';
import type { Network } from '../../../network/network.ts';
import { directPathOf, keptMarkup } from '../../../network/directPath.ts';
import { layerOfReach, reachMarkup } from '../../../network/reach.ts';
import { wayWordsOf } from '../../../network/wayWords.ts';
import { LegendEntry } from '../legend.ts';
import type { PanelContext } from '../view.ts';
import {
  aboutWindow,
  charactersRead,
  chosenRow,
  errorText,
  influenceStem,
  stepsText,
  percentText,
  stepLabel,
} from './window.ts';
import { MemoryView } from './windowView.ts';

const MOST_DECADES = 8;

/** The chosen row of the influence matrix as a curve: one error on its way back. */
export class PathView extends MemoryView {
  /** Of the influence matrix. */
  readonly #colors: DecadeScale;
  readonly #steps: StepPlot;
  readonly #name: string;
  readonly #line: Line = { data: [], borderWidth: 2 };
  /** What came by the direct path alone, where the state has one. */
  readonly #direct: Line = { data: [], borderWidth: 1.5, borderDash: [6, 4] };
  readonly #reading = element('span', { class: 'reading-out' });
  #references: Reference[] = [];

  /** @param name of the state or the pre-activations at which errors are measured. */
  constructor(context: PanelContext, name: string, colors: DecadeScale) {
    const path = directPathOf(context.network, name);
    super(context, {
      id: 'influence-row',
      title: 'One error on its way back',
      note: '',
      question: 'What is left of one error on its way back?',
      help:
        'The chosen row of the matrix above, over the characters that were read: the error L(t) arises at the ring and travels to the left, one character a step. ' +
        `A straight line is an even decay by the same factor each step, a step in it a place where ${stepWords(context.network, name)}.\n` +
        `Under the ${path === undefined ? 'dashed line' : 'line of 1 %'} less than 1 % of it is left: characters to the left of that place hardly teach this prediction.\n` +
        (path === undefined
          ? ''
          : `The dashed curve is what came by the direct path alone, the error at its own step times every ${keptMarkup(path)} since.\n`) +
        'The axis has the decades of the colours above, so rows can be compared, and more below where this error needs them.',
      keys: 'Left and right arrow walk through the time steps, up and down arrow choose the error.',
    });
    this.#colors = colors;
    this.#name = name;
    this.figure.legend.append(this.#reading);
    if (path !== undefined) {
      this.figure.legend.append(
        new LegendEntry('line', 'total', 'by all ways').element,
        new LegendEntry('dashed', 'train', `by ${keptMarkup(path)} alone`).element,
      );
    }
    this.#steps = new StepPlot(this.figure, context, path === undefined ? [this.#line] : [this.#line, this.#direct], {
      xName: 's',
      topMargin: RING_LABEL_HEIGHT,
      withCharacters: true,
      from: () => this.#t,
      plugins: [
        referenceLines(
          () => this.#references,
          () => `${context.theme.fontSize}px ${context.theme.font}`,
          () => context.theme.background,
        ),
        ringAt(
          () => this.#ring(),
          () => context.theme,
        ),
      ],
    });
    this.figure.surface.addEventListener('keydown', (event) => {
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      context.state.study.chooseStep(Math.min(Math.max(this.#t + by, 0), this.#steps.T - 1));
    });
  }

  #reachOf(memory: Memory): Reach {
    return memory.reaches[this.#name];
  }

  #pathOf(memory: Memory, t: number): ReturnType<typeof errorPath> {
    return errorPath({ ...this.#reachOf(memory), inputs: memory.inputs }, t);
  }

  /** What came by the direct path alone, of s = 0 … t. */
  #directOf(memory: Memory, t: number): Float64Array | undefined {
    const T = memory.inputs.length;
    return memory.directPaths[this.#name]?.direct.subarray(t * T, t * T + t + 1);
  }

  get #t(): number {
    return chosenRow(this.context.state, this.measured?.inputs.length ?? 1);
  }

  protected override get area(): StepPlot['plot']['area'] {
    return this.#steps.plot.area;
  }

  protected override get toldOf(): readonly unknown[] {
    return [this.#t, this.context.state.run?.description.facts];
  }

  protected override get drawnOf(): readonly unknown[] {
    return [...this.toldOf, this.#colors.low, this.#colors.high];
  }

  protected override tell(memory: Memory): void {
    this.element.dataset.value = String(this.#t);
    this.figure.setNote(`error at ${errorText(this.context.state.run?.description.facts, memory, this.#t)}`);
  }

  override point(): void {
    const { run } = this.context.state;
    const memory = this.measured;
    if (run === undefined || memory === undefined) return;
    this.#steps.point();
    const t = this.#t;
    const s = this.#steps.step;
    const T = memory.inputs.length;
    const { influence: whole } = this.#reachOf(memory);
    const own = whole[t * T + t];
    if (s === null || s > t) {
      if (own === 0) {
        setText(this.#reading, 'nothing passes: zero at its own step already');
        return;
      }
      const { onePercentAfter, largestAt, influence } = this.#pathOf(memory, t);
      const reach =
        onePercentAfter === undefined
          ? `never under 1 % on its ${stepsText(t)} back`
          : `under 1 % after ${stepsText(onePercentAfter)}`;
      const peak = largestAt === t ? '' : `, largest at s = ${largestAt}: ${formatNorm(influence[largestAt])}`;
      setText(this.#reading, `${formatNorm(own)} at its own step${peak}, ${reach}`);
      return;
    }
    const value = whole[t * T + s];
    const direct = this.#directOf(memory, t)?.[s];
    const share =
      (own > 0 ? `, ${percentText(value / own)} of what it had at its own step` : '') +
      (direct === undefined ? '' : `; by the direct path alone ${formatNorm(direct)}`);
    setText(
      this.#reading,
      `${stepLabel(run.description.facts, memory, s, 's')}, lag ${t - s}: ${formatNorm(value)}${share}`,
    );
  }

  #ring(): { x: number; y: number; label: string } | undefined {
    const memory = this.measured;
    if (memory === undefined) return undefined;
    const own = this.#reachOf(memory).influence[this.#t * memory.inputs.length + this.#t];
    return own > 0 ? { x: this.#t, y: own, label: `L(${this.#t})` } : undefined;
  }

  protected override draw(memory: Memory): void {
    const { theme, state } = this.context;
    const { influence } = this.#pathOf(memory, this.#t);
    this.#steps.setCharacters(charactersRead(state.run?.description.facts, memory));
    // A logarithmic axis has no place for zero: the line has a gap there.
    this.#line.data = Array.from(influence, (value, s) => ({ x: s, y: value > 0 ? value : NaN }));
    this.#line.borderColor = this.#line.pointBackgroundColor = theme.total;
    this.#line.pointRadius = pointRadiusFor(influence.length);
    const direct = this.#directOf(memory, this.#t);
    this.#direct.data = Array.from(direct ?? [], (value, s) => ({ x: s, y: value > 0 ? value : NaN }));
    this.#direct.borderColor = this.#direct.pointBackgroundColor = theme.train;
    const own = influence[this.#t];
    this.#references =
      own > 0 ? [{ value: 0.01 * own, label: '1 % of its start', color: theme.reference, side: 'right' }] : [];
    const y = pathRange(influence, this.#colors);
    this.#steps.draw(decadeAxis(y, this.#steps.plot.area.height));
    this.figure.describe(
      `The error of time step ${this.#t} on its way back, from ${formatNorm(own)} at its own step to ${formatNorm(influence[0])} at s = 0.`,
    );
  }

  protected override data(memory: Memory, run: MirroredRun): PictureData {
    const t = this.#t;
    const { influence } = this.#pathOf(memory, t);
    const direct = this.#directOf(memory, t);
    return {
      name: pictureName(
        run,
        ...influenceStem(run.network, this.#name),
        memory.iteration,
        'stream',
        memory.stream,
        't',
        t,
      ),
      about: aboutWindow(run, memory, { quantity: reachMarkup(this.#name, t), t }),
      columns: ['s', 'lag', 'input_s', 'influence', ...(direct === undefined ? [] : ['direct_path'])],
      rows: Array.from(influence, (value, s) => [
        s,
        t - s,
        run.description.facts?.vocabulary[memory.inputs[s]] ?? '',
        value,
        ...(direct === undefined ? [] : [direct[s]]),
      ]),
    };
  }
}

/** The decades of the colours, and those below them that this error reaches, down to MOST_DECADES under its own step. */
function pathRange(influence: Float64Array, { low, high }: DecadeScale): ValueRange {
  const own = decadeRange([influence, [0.01 * influence[influence.length - 1]]], MOST_DECADES);
  return { min: Math.min(10 ** low, own.min), max: 10 ** high };
}

/** What makes an error fall (or rise) at one place. */
function stepWords(network: Network, name: string): string {
  const way = wayWordsOf(network, layerOfReach(network, name));
  if (way === undefined) return 'gates let less of it pass (or more)';
  return SATURATION[way.of].passesNothing
    ? `many units were ${way.stopped} (or on)`
    : `${way.activation} was saturated (or opened)`;
}
