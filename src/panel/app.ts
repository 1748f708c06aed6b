import { DisposableStore } from '../common/disposable.ts';
import type { Network } from '../network/network.ts';
import type { Tab } from '../protocol/panel.ts';
import { readTheme, type ChartTheme } from './charts/theme.ts';
import { Page, type PageParts } from './page.ts';
import type { PanelState } from './state/panelState.ts';
import { HeaderView } from './views/headerView.ts';
import { HeatmapView } from './views/heatmapView.ts';
import { LossView } from './views/lossView.ts';
import { memoryViews } from './views/memory/memoryTab.ts';
import { SampleView } from './views/sampleView.ts';
import { StepsView } from './views/stepsView.ts';
import { keepAtTheTop } from './views/stuck.ts';
import { TabsView } from './views/tabsView.ts';
import { timeStepsViews } from './views/tape/timeSteps.ts';
import { TopView } from './views/topView.ts';
import { TotalsView } from './views/totalsView.ts';
import { UpdateView } from './views/updateView.ts';
import type { PanelContext, View } from './views/view.ts';

/** The whole panel: builds the views for the network that is shown, and keeps them up to date. */
export class App extends Page<ChartTheme> {
  readonly #state: PanelState;
  #network: Network;

  constructor(root: HTMLElement, state: PanelState) {
    super(root, readTheme, () => state.tellDrawn());
    this.#state = state;
    this.#network = state.network;
    this.follow(state);
    this.show(this.#build());
    state.subscribe((change) => {
      if (change === 'run' && state.network !== this.#network) this.#rebuild();
    });
  }

  /** A run of another network came: its quantities have other views. */
  #rebuild(): void {
    this.#network = this.#state.network;
    this.show(this.#build());
  }

  #build(): PageParts {
    const state = this.#state;
    const owned = new DisposableStore();
    const context = this.#context(owned);
    const pages: Readonly<Record<Tab, readonly View[]>> = {
      overview: [
        new LossView(context),
        new HeatmapView(context),
        new StepsView(context),
        new SampleView(context),
        new TotalsView(context),
        new UpdateView(context),
      ],
      steps: timeStepsViews(context),
      memory: memoryViews(context),
    };
    const tabs = new TabsView(context, pages);
    const header = new HeaderView(context);
    const top: readonly View[] = [header, new TopView(context)];
    keepAtTheTop(header.element, tabs.list, owned);
    const ofPages = Object.entries(pages).flatMap(([tab, views]) =>
      // Only the page in sight is brought up to date.
      views.map((view) => () => {
        if (tab === state.ui.tab) view.update();
      }),
    );
    return {
      updates: [() => this.#updatePage(tabs), ...top.map((view) => () => view.update()), ...ofPages],
      elements: [...top.map((view) => view.element), tabs.element],
      visible: () => [...top, ...pages[state.ui.tab]],
      owned,
    };
  }

  #context(owned: DisposableStore): PanelContext {
    const themeOf = (): ChartTheme => this.theme;
    return {
      state: this.#state,
      network: this.#network,
      owned,
      get theme() {
        return themeOf();
      },
      requestUpdate: () => this.requestUpdate(),
    };
  }

  /** What concerns no single view. */
  #updatePage(tabs: TabsView): void {
    const { run } = this.#state;
    this.root.dataset.run = run === undefined ? 'none' : run.status.state;
    tabs.update();
    tabs.element.hidden = run === undefined || (run.history.iterations === 0 && !this.#state.isTraining);
  }
}
