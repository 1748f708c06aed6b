import { decadeAxis } from '../../charts/decadeAxis.ts';
import type { KeptWords } from '../../charts/directPath.ts';
import { pictureName, type PictureData } from '../../charts/pictureData.ts';
import { Plot, type Line } from '../../charts/plot.ts';
import { decadeRange } from '../../../common/ranges.ts';
import { element, setText } from '../../dom.ts';
import { formatNorm, formatShare, groupDigits } from '../../../common/format.ts';
import type { DirectPath } from '../../../network/directPath.ts';
import type { Memory } from '../../../protocol/study.ts';
import type { MirroredRun } from '../../state/mirror.ts';
import { LegendEntry } from '../legend.ts';
import { countAxis, PlotCursor } from '../plotCursor.ts';
import { pointRadiusFor } from '../stepPlot.ts';
import type { PanelContext } from '../view.ts';
import { weightNames } from '../../network/choices.ts';
import { keptWordsOf } from './keptView.ts';
import { aboutWindow } from './window.ts';
import { MemoryView } from './windowView.ts';

const MOST_DECADES = 8;
/** Lengths of line and gap of what came by other ways. */
const OTHERS_DASH = [2, 3];

interface Profiles {
  readonly whole: Float64Array;
  readonly direct: Float64Array;
  readonly others: Float64Array;
}

/** What is left of an error so many steps back: by all ways, by the direct path of the state alone, and by all other ways. */
export class DirectView extends MemoryView {
  readonly #plot: Plot;
  readonly #path: DirectPath;
  readonly #words: KeptWords;
  readonly #whole: Line = { data: [], borderWidth: 2 };
  readonly #direct: Line = { data: [], borderWidth: 2, borderDash: [6, 4] };
  readonly #others: Line = { data: [], borderWidth: 1.75, borderDash: OTHERS_DASH };
  readonly #at = element('span', { class: 'legend-at' });
  readonly #wholeEntry = new LegendEntry('line', 'total', 'all ways');
  readonly #directEntry: LegendEntry;
  readonly #othersEntry = new LegendEntry(OTHERS_DASH, 'recurrent', 'all the rest');
  readonly #cursor: PlotCursor;
  #lag: number | null = null;

  constructor(context: PanelContext, path: DirectPath, controls: readonly HTMLElement[]) {
    const words = keptWordsOf(context.network, path);
    const { state, kept, others } = words;
    const hasWeights = weightNames(context.network, path.layer).length > 0;
    const back = hasWeights
      ? 'errors come back through the recurrent weights, as in a tanh cell, and fade or explode as they do there.'
      : 'errors come down from the layers above, which carried them back past this layer.';
    const options = {
      id: 'direct-path',
      title: `Direct path of ${state}, and the rest`,
      note: `mean of ‖∂L(t)/∂${state}(t−lag)‖ over t, by its ways`,
      question: `Do errors come back to ${state} by what ${kept} keeps, or ${hasWeights ? 'by the gates' : 'from the layers above'}?`,
      help:
        `The full line is what is left of an error at ${state} so many steps back. The dashed one is what came by the direct path alone: the error of its own step times every ${kept} since, as if nothing else read ${state}. ` +
        `The dotted one is the norm of all the rest, which came by ${others} at least once.\n` +
        `A dashed line close to the full one: ${kept} alone sets how long ${state} remembers. A dotted one that stays above the dashed one: ${back}\n` +
        'The two may point against each other, so that they need not add up to the whole.',
      keys: 'Left and right arrow read the lines lag by lag.',
    };
    super(context, options, controls);
    this.#path = path;
    this.#words = words;
    this.#directEntry = new LegendEntry('dashed', 'train', `${kept} alone`);
    this.figure.legend.append(this.#at, this.#wholeEntry.element, this.#directEntry.element, this.#othersEntry.element);
    this.#plot = new Plot(this.figure.canvas, [this.#whole, this.#direct, this.#others], {
      page: context,
      xName: 'lag t − s',
    });
    this.#cursor = new PlotCursor(this.figure, this.#plot, {
      count: () => this.measured?.inputs.length ?? 0,
      // The first key leads to lag 0.
      from: (by) => this.#lag ?? (by > 0 ? -1 : 1),
      point: (lag) => {
        this.#lag = lag;
        this.point();
      },
    });
  }

  protected override get area(): Plot['area'] {
    return this.#plot.area;
  }

  #profilesOf(memory: Memory): Profiles {
    const { state } = this.#path;
    const { directProfile, othersProfile } = memory.directPaths[state];
    return { whole: memory.reaches[state].lagProfile, direct: directProfile, others: othersProfile };
  }

  override point(): void {
    const memory = this.measured;
    if (memory === undefined) return;
    const { whole, direct, others } = this.#profilesOf(memory);
    const lag = this.#lag === null || this.#lag >= whole.length ? null : this.#lag;
    this.#cursor.show(lag);
    const at = lag ?? Math.min(10, whole.length - 1);
    setText(this.#at, `lag ${at}`);
    this.#wholeEntry.value = formatNorm(whole[at]);
    const share = whole[at] > 0 ? ` (${formatShare(direct[at] / whole[at])})` : '';
    this.#directEntry.value = `${formatNorm(direct[at])}${share}`;
    this.#othersEntry.value = formatNorm(others[at]);
  }

  protected override draw(memory: Memory): void {
    const { theme } = this.context;
    const { whole, direct, others } = this.#profilesOf(memory);
    const take = (line: Line, profile: Float64Array, color: string): void => {
      // A logarithmic axis has no place for zero: the line has a gap there.
      line.data = Array.from(profile, (value, lag) => ({ x: lag, y: value > 0 ? value : NaN }));
      line.borderColor = line.pointBackgroundColor = color;
      line.pointRadius = pointRadiusFor(profile.length);
    };
    take(this.#whole, whole, theme.total);
    take(this.#direct, direct, theme.train);
    take(this.#others, others, theme.lines.recurrent);
    const { width, height } = this.#plot.area;
    this.#plot.draw(theme, {
      x: countAxis(whole.length, width),
      y: decadeAxis(decadeRange([whole, direct, others], MOST_DECADES), height),
    });
    const last = whole.length - 1;
    this.figure.describe(
      `What is left of errors at ${this.#words.state}, iteration ${groupDigits(memory.iteration)}: at lag 0 ${formatNorm(whole[0])}, at lag ${last} ` +
        `${formatNorm(whole[last])} by all ways, ${formatNorm(direct[last])} by the direct path alone and ${formatNorm(others[last])} by all the rest.`,
    );
  }

  protected override data(memory: Memory, run: MirroredRun): PictureData {
    const { state } = this.#path;
    const { whole, direct, others } = this.#profilesOf(memory);
    return {
      name: pictureName(run, 'direct-path-of', state, memory.iteration, 'stream', memory.stream),
      about: aboutWindow(run, memory, { kept: this.#words.kept }),
      columns: ['lag', 'mean_influence', 'direct_path', 'all_the_rest'],
      rows: Array.from(whole, (value, lag) => [lag, value, direct[lag], others[lag]]),
    };
  }
}
