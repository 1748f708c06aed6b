import { l10n } from '../../common/l10n.ts';
import { Plot, type Axes, type Line } from '../charts/plot.ts';
import { element, setText, show } from '../dom.ts';
import { Figure, type FigureOptions } from '../views/figure.ts';
import { MOST_COMPARED } from '../../protocol/compare.ts';
import type { ShownRun } from './compareState.ts';
import { endLabels, type EndLabel } from './endLabels.ts';
import { RunLegend } from './runLegend.ts';
import { DASHES, MARKERS, withAlpha } from './runStyle.ts';
import type { CompareContext } from './view.ts';

const LINE_WIDTH = 1.75;
const EMPHASISED_WIDTH = 2.75;
const FADED = 0.22;
const SINGLE_RADIUS = 4;
/** The names of few runs stand at the ends of their lines where there is room; else their letters do, which the legend has. */
const WIDTH_FOR_NAMES = 640;
const MOST_NAMES = 4;
const LONGEST_NAME = 26;

/** Keys, for the description of a chart. */
const KEYS = l10n.t('Left and right arrow read the values of all runs.');

export interface OverlayOptions {
  readonly figure: Omit<FigureOptions, 'keys'>;
  readonly xName: () => string;
  /** The lines of one run: what they are called. */
  readonly lines: readonly string[];
  /** Which of them wears the name of its run at its end; the first that has points. */
  readonly cursor: {
    /** The share of the plot's width that is pointed at; null for none. */
    readonly share: () => number | null;
    readonly point: (share: number | null) => void;
    /** One step of an arrow key from here. */
    readonly step: (by: 1 | -1) => void;
  };
}

/** How one run is drawn in a chart: its lines by name. */
export type RunLines = Readonly<Record<string, Line>>;

/** A chart in which every run has its own lines, with a legend that is shared by all charts and one cursor. */
export class OverlayChart {
  readonly figure: Figure;
  readonly plot: Plot;
  readonly legend: RunLegend;
  /** Why there is nothing to see, or what is left out. */
  readonly #remark = element('p', { class: 'figure-remark', hidden: true });
  readonly #context: CompareContext;
  readonly #options: OverlayOptions;
  readonly #lines: RunLines[];
  readonly #cursor = element('div', { class: 'cursor', hidden: true });
  #labels: EndLabel[] = [];

  constructor(context: CompareContext, options: OverlayOptions) {
    this.#context = context;
    this.#options = options;
    this.figure = new Figure({ ...options.figure, keys: KEYS }, context);
    this.legend = new RunLegend(options.figure.id, context.state);
    this.figure.legend.replaceWith(this.legend.element);
    this.figure.footer.append(this.#remark);
    this.#lines = Array.from({ length: MOST_COMPARED }, () =>
      Object.fromEntries(options.lines.map((name): [string, Line] => [name, { data: [] }])),
    );
    this.plot = new Plot(this.figure.canvas, this.#lines.flatMap(Object.values<Line>), {
      page: context,
      get xName() {
        return options.xName();
      },
      plugins: [
        endLabels(
          () => this.#labels,
          () => context.theme,
        ),
      ],
    });
    this.#listen();
  }

  /**
   * Draws the visible runs.
   * @param draw sets the points and what is special about the lines of a run; colour, dashes and width are set already.
   * @param axes of what was drawn.
   */
  draw(draw: (shown: ShownRun, lines: RunLines) => void, axes: () => Axes): void {
    const { state, theme } = this.#context;
    for (const lines of this.#lines) for (const line of Object.values(lines)) line.data = [];
    for (const shown of state.visible) {
      const lines = this.#lines[shown.slot];
      for (const line of Object.values(lines)) this.#style(line, shown);
      draw(shown, lines);
      for (const line of Object.values(lines)) this.#showSingle(line, shown);
    }
    this.#labels = state.visible.flatMap((shown) => this.#labelOf(shown));
    this.plot.draw(theme, axes());
  }

  /** A remark under the chart; none for an empty text. */
  remark(text: string): void {
    setText(this.#remark, text);
    show(this.#remark, text !== '');
  }

  placeCursor(): void {
    const share = this.#options.cursor.share();
    const shown = share !== null && share >= 0 && share <= 1;
    this.#cursor.hidden = !shown;
    if (!shown) return;
    const { left, top, width, height } = this.plot.area;
    this.#cursor.style.transform = `translate(${Math.round(left + share * width)}px, ${Math.round(top)}px)`;
    this.#cursor.style.height = `${Math.round(height)}px`;
  }

  /** The colour of a run, fainter while another one is brought to the fore. */
  color({ slot, run }: ShownRun, alpha = 1): string {
    const { emphasised } = this.#context.state;
    const isFaded = emphasised !== null && emphasised !== run.folder;
    return withAlpha(this.#context.theme.runs[slot], isFaded ? FADED * alpha : alpha);
  }

  #style(line: Line, shown: ShownRun): void {
    const { emphasised } = this.#context.state;
    line.borderColor = this.color(shown);
    line.borderDash = [...DASHES[shown.slot]];
    line.borderWidth = emphasised === shown.run.folder ? EMPHASISED_WIDTH : LINE_WIDTH;
    line.pointRadius = 0;
    line.order = emphasised === shown.run.folder ? 0 : 1;
  }

  /** A line through one point cannot be seen: the point gets a marker. */
  #showSingle(line: Line, shown: ShownRun): void {
    if (line.data.length !== 1 || line.pointRadius !== 0) return;
    line.pointRadius = SINGLE_RADIUS;
    line.pointStyle = MARKERS[shown.slot].style;
    line.pointRotation = MARKERS[shown.slot].turn;
    line.pointBackgroundColor = line.pointBorderColor = this.color(shown);
  }

  #labelOf(shown: ShownRun): EndLabel[] {
    const line = Object.values(this.#lines[shown.slot]).find(({ data }) => data.some(({ y }) => Number.isFinite(y)));
    const end = line?.data.findLast(({ y }) => Number.isFinite(y));
    if (end === undefined) return [];
    const { key, label } = shown;
    const name = label.length > LONGEST_NAME ? `${label.slice(0, LONGEST_NAME - 1)}…` : label;
    const hasRoom = this.plot.width >= WIDTH_FOR_NAMES && this.#context.state.visible.length <= MOST_NAMES;
    return [{ ...end, text: hasRoom ? `${key} ${name}` : key, short: key, color: this.color(shown) }];
  }

  #listen(): void {
    const { surface } = this.figure;
    const { cursor } = this.#options;
    surface.append(this.#cursor);
    surface.addEventListener('pointermove', (event) => cursor.point(this.#shareAt(event)));
    surface.addEventListener('pointerleave', () => cursor.point(null));
    surface.addEventListener('keydown', (event) => {
      const by = ({ ArrowLeft: -1, ArrowRight: 1 } as const)[event.key];
      if (by === undefined || event.target !== surface) return;
      event.preventDefault();
      cursor.step(by);
    });
  }

  #shareAt(event: PointerEvent): number | null {
    const { left, width } = this.plot.area;
    const share = (event.clientX - this.figure.surface.getBoundingClientRect().left - left) / width;
    return share < 0 || share > 1 ? null : share;
  }
}
