import { aboutRun, pictureName, type PictureData } from '../../charts/pictureData.ts';
import { Plot, type Line } from '../../charts/plot.ts';
import { linearTicks, roundStep } from '../../../common/ranges.ts';
import { referenceLines, type Reference } from '../../charts/references.ts';
import { parameterOf, written } from '../../../network/names.ts';
import { element, setText, show } from '../../dom.ts';
import { formatTick } from '../../../common/format.ts';
import type { Spectrum } from '../../../protocol/study.ts';
import { wayWordsOf } from '../../../network/wayWords.ts';
import { Figure } from '../figure.ts';
import { PlotCursor } from '../plotCursor.ts';
import { Inputs, type PanelContext, type View } from '../view.ts';

/** The singular values of the recurrent weight, largest first. */
export class SingularView implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #name: string;
  readonly #figure: Figure;
  readonly #plot: Plot;
  readonly #inputs = new Inputs();
  readonly #line: Line = { data: [], borderWidth: 1.5, stepped: 'middle', fill: 'origin' };
  readonly #reading = element('span', { class: 'reading-out' });
  readonly #cursor: PlotCursor;
  #references: Reference[] = [];
  #rank: number | null = null;

  /** @param name of the weight whose values they are. */
  constructor(context: PanelContext, name: string, controls: readonly HTMLElement[]) {
    this.#context = context;
    this.#name = name;
    const weight = written(name);
    const way = wayWordsOf(context.network, parameterOf(context.network, name)?.layer);
    this.#figure = new Figure(
      {
        id: 'singular-values',
        title: `Singular values of ${weight}`,
        note: 'largest first',
        question: `In how many directions can ${weight} carry an error back?`,
        help:
          `By how much ${weight} stretches each of H perpendicular directions in one step, sorted; the first is σ_max. Only directions above the dashed line at 1 can make up for what ${way?.activation ?? 'the cell'} takes away.${way === undefined ? ' Errors also go back past it, by what is kept of the state.' : ''}\n` +
          'All near 1 (as after an orthogonal start): errors of every direction are kept alike. A few large ones and a long tail near 0: the network carries only a few directions back.',
        controls,
        keys: 'Left and right arrow read the values in turn.',
        data: () => this.#data(),
      },
      context,
    );
    this.element = this.#figure.element;
    this.element.dataset.testid = 'singular-values';
    this.#figure.legend.append(this.#reading);
    this.#plot = new Plot(this.#figure.canvas, [this.#line], {
      page: context,
      xName: 'rank',
      plugins: [
        referenceLines(
          () => this.#references,
          () => `${context.theme.fontSize}px ${context.theme.font}`,
          () => context.theme.background,
        ),
      ],
    });
    this.#cursor = new PlotCursor(this.#figure, this.#plot, {
      count: () => this.#spectrum?.singularValues.length ?? 0,
      // The first key leads to the largest.
      from: (by) => this.#rank ?? (by > 0 ? -1 : 1),
      point: (rank) => {
        this.#rank = rank;
        this.#read();
      },
    });
  }

  get #spectrum(): Spectrum | undefined {
    return this.#context.state.study.spectrum;
  }

  update(): void {
    const { theme } = this.#context;
    const spectrum = this.#spectrum;
    show(this.element, spectrum !== undefined);
    if (spectrum === undefined || !this.#figure.isVisible) return;
    const { width, height } = this.#plot.area;
    if (!this.#inputs.changed(spectrum, theme, width, height)) return;
    this.#draw(spectrum);
    this.#read();
  }

  #draw({ singularValues, sigmaMax }: Spectrum): void {
    const { theme } = this.#context;
    const H = singularValues.length;
    const { width, height } = this.#plot.area;
    this.#line.data = Array.from(singularValues, (value, index) => ({ x: index + 1, y: value }));
    this.#line.borderColor = theme.lines.recurrent;
    this.#line.backgroundColor = theme.grid;
    this.#line.pointRadius = H <= 2 ? 3 : 0;
    this.#references = [{ value: 1, label: '1: keeps its size', color: theme.reference, side: 'right' }];
    const max = 1.08 * Math.max(1, sigmaMax);
    const y = { min: 0, max };
    const most = Math.max(2, Math.floor(height / 34));
    const step = roundStep(max / most);
    const x = { min: 0.5, max: H + 0.5 };
    const ranks = linearTicks({ min: 1, max: H }, Math.max(2, Math.floor(width / 60)), true);
    this.#plot.draw(theme, {
      x: { logarithmic: false, ...x, ticks: ranks.map((value) => ({ value, label: String(value) })) },
      y: {
        logarithmic: false,
        ...y,
        ticks: linearTicks(y, most, false).map((value) => ({ value, label: formatTick(value, step) })),
      },
    });
    this.#figure.describe(
      `${H} singular values of ${written(this.#name)}, from ${sigmaMax.toPrecision(3)} to ${singularValues[H - 1].toPrecision(3)}.`,
    );
  }

  #read(): void {
    const spectrum = this.#spectrum;
    if (spectrum === undefined) return;
    const { singularValues } = spectrum;
    const H = singularValues.length;
    const rank = this.#rank === null || this.#rank >= H ? null : this.#rank;
    this.#cursor.show(rank);
    if (rank === null) {
      const above = singularValues.filter((value) => value > 1).length;
      setText(this.#reading, `${above} of ${H} above 1, smallest ${singularValues[H - 1].toPrecision(3)}`);
      return;
    }
    setText(this.#reading, `σ of rank ${rank + 1}: ${singularValues[rank].toPrecision(4)}`);
  }

  #data(): PictureData | undefined {
    const { run } = this.#context.state;
    const spectrum = this.#spectrum;
    if (run === undefined || spectrum === undefined) return undefined;
    return {
      name: pictureName(run, `singular-values-of-${this.#name}`, spectrum.iteration),
      about: { ...aboutRun(run), iteration: spectrum.iteration },
      columns: ['rank', 'singular_value'],
      rows: Array.from(spectrum.singularValues, (value, index) => [index + 1, value]),
    };
  }
}
