import { onThemeChange } from '../charts/theme.ts';
import { element, show } from '../dom.ts';
import { Frames } from '../frames.ts';
import type { CompareState } from './compareState.ts';
import { CompareHeaderView } from './headerView.ts';
import { CompareHorizonsView } from './horizonsView.ts';
import { CompareLossView } from './lossView.ts';
import { CompareNormsView } from './normsView.ts';
import { CompareProfilesView } from './profilesView.ts';
import { readCompareTheme, type CompareTheme } from './runStyle.ts';
import { CompareSamplesView } from './samplesView.ts';
import { CompareTableView } from './tableView.ts';
import type { CompareContext, CompareView } from './view.ts';

/** The whole page: builds the views and keeps them up to date. */
export class CompareApp implements CompareContext {
  readonly state: CompareState;
  readonly #parts: (() => void)[] = [];
  readonly #frames = new Frames(this.#parts);
  #theme: CompareTheme;

  constructor(root: HTMLElement, state: CompareState) {
    this.state = state;
    this.#theme = readCompareTheme(root);
    const header = new CompareHeaderView(this);
    const pictures: readonly CompareView[] = [
      new CompareLossView(this),
      new CompareNormsView(this),
      new CompareHorizonsView(this),
      new CompareProfilesView(this),
      new CompareSamplesView(this),
    ];
    const table = new CompareTableView(this);
    const page = element('div', { class: 'compare-page' }, ...pictures.map((view) => view.element));
    const views: readonly CompareView[] = [header, table, ...pictures];
    this.#parts.push(
      () => {
        const hasRuns = state.runs.length > 0;
        show(page, hasRuns);
        show(table.element, hasRuns || state.unreadable.length > 0);
      },
      ...views.map((view) => () => view.update()),
    );
    root.replaceChildren(header.element, table.element, page);
    state.subscribe((change) => {
      if (change === 'hover') for (const view of views) view.point?.();
      else this.#frames.request(change === 'choice');
    });
    onThemeChange(() => {
      this.#theme = readCompareTheme(root);
      this.requestUpdate();
    });
    new ResizeObserver(() => this.requestUpdate()).observe(root);
    for (const draw of this.#parts) draw();
  }

  get theme(): CompareTheme {
    return this.#theme;
  }

  requestUpdate(): void {
    this.#frames.request(true);
  }

  /** Changes the state, as soon as no drawing of it is under way. */
  change(change: () => void): void {
    this.#frames.change(change);
  }
}
