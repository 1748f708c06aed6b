import { onThemeChange, readTheme, type ChartTheme } from './charts/theme.ts';
import { Frames } from './frames.ts';
import type { Tab } from '../protocol/panel.ts';
import type { PanelState } from './state/panelState.ts';
import { HeaderView } from './views/headerView.ts';
import { HealthView } from './views/health/healthView.ts';
import { ImportView } from './views/importView.ts';
import { HeatmapView } from './views/heatmapView.ts';
import { LossView } from './views/lossView.ts';
import { memoryViews } from './views/memory/memoryTab.ts';
import { MessageView } from './views/messageView.ts';
import { ReadingsView } from './views/readingsView.ts';
import { SampleView } from './views/sampleView.ts';
import { StepsView } from './views/stepsView.ts';
import { TabsView } from './views/tabsView.ts';
import { timeStepsViews } from './views/tape/timeSteps.ts';
import { TotalsView } from './views/totalsView.ts';
import { UpdateView } from './views/updateView.ts';
import type { PanelContext, View } from './views/view.ts';

/** The whole panel: builds the views and keeps them up to date. */
export class App implements PanelContext {
  readonly state: PanelState;
  readonly #root: HTMLElement;
  /** Filled once the views are there, which may ask for a drawing while they are built. */
  readonly #parts: (() => void)[] = [() => this.#updatePage()];
  readonly #frames = new Frames(this.#parts, () => this.state.tellDrawn());
  readonly #pages: Readonly<Record<Tab, readonly View[]>>;
  readonly #top: readonly View[];
  readonly #tabs: TabsView;
  #theme: ChartTheme;

  constructor(root: HTMLElement, state: PanelState) {
    this.state = state;
    this.#root = root;
    this.#theme = readTheme(root);
    this.#pages = {
      overview: [
        new LossView(this),
        new HeatmapView(this),
        new StepsView(this),
        new SampleView(this),
        new TotalsView(this),
        new UpdateView(this),
      ],
      steps: timeStepsViews(this),
      memory: memoryViews(this),
    };
    this.#tabs = new TabsView(this, this.#pages);
    this.#top = [
      new HeaderView(this),
      new MessageView(this),
      new ImportView(this),
      new HealthView(this),
      new ReadingsView(this),
    ];
    this.#parts.push(...this.#top.map((view) => () => view.update()));
    for (const [tab, views] of Object.entries(this.#pages)) {
      // Only the page in sight is brought up to date.
      this.#parts.push(...views.map((view) => () => tab === state.ui.tab && view.update()));
    }
    root.replaceChildren(...this.#top.map((view) => view.element), this.#tabs.element);
    state.subscribe((change) => {
      if (change === 'hover') for (const view of this.#visible) view.point?.();
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

  /** Changes the state, as soon as no drawing of it is under way. */
  change(change: () => void): void {
    this.#frames.change(change);
  }

  get #visible(): readonly View[] {
    return [...this.#top, ...this.#pages[this.state.ui.tab]];
  }

  /** What concerns no single view. */
  #updatePage(): void {
    const { run } = this.state;
    this.#root.dataset.run = run === undefined ? 'none' : run.status.state;
    this.#tabs.update();
    this.#tabs.element.hidden = run === undefined || (run.history.iterations === 0 && !this.state.isTraining);
  }
}
