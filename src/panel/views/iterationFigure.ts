import { IterationGestures, ITERATION_KEYS } from '../charts/gestures.ts';
import { iterationAxis } from '../charts/iterationAxis.ts';
import { Plot, type Axis, type Line } from '../charts/plot.ts';
import { referenceLines, type Reference } from '../charts/references.ts';
import { element, setText, show } from '../dom.ts';
import { groupDigits } from '../../common/format.ts';
import { shownRange, toAxis, type IterationRange } from '../state/iterationView.ts';
import type { MirroredRun } from '../state/mirror.ts';
import { Figure, type FigureOptions } from './figure.ts';
import type { LegendEntry } from './legend.ts';
import { followButton } from './rangeControls.ts';
import { Inputs, type PanelContext } from './view.ts';

export interface IterationFigureOptions extends Pick<
  FigureOptions,
  'id' | 'title' | 'note' | 'question' | 'help' | 'data'
> {
  /** Beside the button that follows the newest iterations. */
  readonly controls?: readonly HTMLElement[];
  readonly lines: readonly Line[];
  /** Their values at the iteration pointed at stand behind it. */
  readonly entries: readonly LegendEntry[];
  /** At the end of the legend. */
  readonly remark?: HTMLElement;
}

/** Curves over iterations, read, zoomed and moved together with all others: what these figures have in common. */
export class IterationFigure {
  readonly element: HTMLElement;
  readonly figure: Figure;
  /** Horizontal lines that the curves are read against. */
  references: readonly Reference[] = [];
  readonly #context: PanelContext;
  readonly #plot: Plot;
  readonly #gestures: IterationGestures;
  readonly #inputs = new Inputs();
  readonly #follow: HTMLButtonElement;
  readonly #at = element('span', { class: 'legend-at' });

  constructor(context: PanelContext, { lines, entries, remark, controls = [], ...options }: IterationFigureOptions) {
    this.#context = context;
    this.#follow = followButton(context);
    this.figure = new Figure({ ...options, controls: [this.#follow, ...controls], keys: ITERATION_KEYS }, context);
    this.element = this.figure.element;
    this.figure.legend.append(this.#at, ...entries.map((entry) => entry.element), ...(remark ? [remark] : []));
    this.#plot = new Plot(this.figure.canvas, [...lines], {
      page: context,
      xName: 'iteration',
      plugins: [
        referenceLines(
          () => this.references,
          () => `${context.theme.fontSize}px ${context.theme.font}`,
          () => context.theme.background,
        ),
      ],
    });
    this.#gestures = new IterationGestures(this.figure.surface, this.#plot, context.state);
  }

  /** The iterations in sight. */
  rangeOf({ history }: MirroredRun): IterationRange {
    return shownRange(this.#context.state.view, history.iterations);
  }

  /** Where an iteration lies on the axis. */
  place(iteration: number): number {
    return toAxis(iteration, this.#context.state.ui.logarithmicIterations);
  }

  /** Pixels between the axes. */
  get width(): number {
    return this.#plot.area.width;
  }

  /** Whether it is in sight and is to be drawn anew. @param newest what else than the view of it may have changed. */
  isDue(run: MirroredRun, newest: unknown): boolean {
    const { state, theme } = this.#context;
    show(this.#follow, state.view.mode === 'range');
    if (!this.figure.isVisible) return false;
    const { width, height } = this.#plot.area;
    const { from, to } = this.rangeOf(run);
    return this.#inputs.changed(run.description.runId, newest, from, to, state.ui, theme, width, height);
  }

  /** Draws the lines as they are now. @param y the other axis, for its height in pixels. */
  draw(run: MirroredRun, y: (height: number) => Axis): void {
    const { state, theme } = this.#context;
    const { width, height } = this.#plot.area;
    const x = iterationAxis(this.rangeOf(run), state.ui.logarithmicIterations, width);
    this.#plot.draw(theme, { x, y: y(height) });
  }

  /** Puts the cursor at the iteration pointed at, and names the one whose values the legend has. */
  point(iteration: number): void {
    this.#gestures.placeCursor();
    setText(this.#at, `iteration ${groupDigits(iteration)}`);
  }
}
