import { onThemeChange, readTheme, type ChartTheme } from './charts/theme.ts';
import { element } from './dom.ts';
import { Frames } from './frames.ts';
import type { PanelState } from './state/panelState.ts';
import { HeaderView } from './views/headerView.ts';
import { HeatmapView } from './views/heatmapView.ts';
import { LossView } from './views/lossView.ts';
import { MessageView } from './views/messageView.ts';
import { ReadingsView } from './views/readingsView.ts';
import { SampleView } from './views/sampleView.ts';
import { StepsView } from './views/stepsView.ts';
import { TotalsView } from './views/totalsView.ts';
import type { PanelContext, View } from './views/view.ts';

/** The whole panel: builds the views and keeps them up to date. */
export class App implements PanelContext {
  readonly state: PanelState;
  readonly #root: HTMLElement;
  /** Filled once the views are there, which may ask for a drawing while they are built. */
  readonly #parts: (() => void)[] = [() => this.#updatePage()];
  readonly #frames = new Frames(this.#parts);
  readonly #views: readonly View[];
  readonly #overview: HTMLElement;
  #theme: ChartTheme;

  constructor(root: HTMLElement, state: PanelState) {
    this.state = state;
    this.#root = root;
    this.#theme = readTheme(root);
    const top = [new HeaderView(this), new MessageView(this), new ReadingsView(this)];
    const figures = [
      new LossView(this),
      new HeatmapView(this),
      new StepsView(this),
      new SampleView(this),
      new TotalsView(this),
    ];
    this.#views = [...top, ...figures];
    this.#parts.push(...this.#views.map((view) => () => view.update()));
    this.#overview = element('div', { class: 'overview' }, ...figures.map((view) => view.element));
    root.replaceChildren(...top.map((view) => view.element), this.#overview);
    state.subscribe((change) => {
      if (change === 'hover') for (const view of this.#views) view.point?.();
      else this.#frames.request(change === 'choice');
    });
    onThemeChange(() => {
      this.#theme = readTheme(root);
      this.requestUpdate();
    });
    new ResizeObserver(() => this.requestUpdate()).observe(root);
    for (const draw of this.#parts) draw();
  }

  get theme(): ChartTheme {
    return this.#theme;
  }

  requestUpdate(): void {
    this.#frames.request(true);
  }

  /** What concerns no single view. */
  #updatePage(): void {
    const { run } = this.state;
    this.#root.dataset.run = run === undefined ? 'none' : run.status.state;
    this.#overview.hidden = run === undefined || (run.history.iterations === 0 && !this.state.isTraining);
  }
}
