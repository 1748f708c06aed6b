import { DisposableStore } from '../../common/disposable.ts';
import { element, show } from '../dom.ts';
import { Page } from '../page.ts';
import type { CompareState } from './compareState.ts';
import { CompareHeaderView } from './headerView.ts';
import { CompareHorizonsView } from './horizonsView.ts';
import { CompareLossView } from './lossView.ts';
import { CompareNormsView } from './normsView.ts';
import { CompareProfilesView } from './profilesView.ts';
import { readCompareTheme, type CompareTheme } from './runStyle.ts';
import { CompareRolesView } from './rolesView.ts';
import { CompareSamplesView } from './samplesView.ts';
import { CompareTableView } from './tableView.ts';
import type { View } from '../views/view.ts';
import type { CompareContext } from './view.ts';

/** The whole page: builds the views and keeps them up to date. */
export class CompareApp extends Page<CompareTheme> implements CompareContext {
  readonly state: CompareState;
  readonly owned = new DisposableStore();

  constructor(root: HTMLElement, state: CompareState) {
    super(root, readCompareTheme);
    this.state = state;
    const header = new CompareHeaderView(this);
    const pictures: readonly View[] = [
      new CompareLossView(this),
      new CompareNormsView(this),
      new CompareRolesView(this),
      new CompareHorizonsView(this),
      new CompareProfilesView(this),
      new CompareSamplesView(this),
    ];
    const table = new CompareTableView(this);
    const page = element('div', { class: 'compare-page' }, ...pictures.map((view) => view.element));
    const views: readonly View[] = [header, table, ...pictures];
    const showPage = (): void => {
      const hasRuns = state.runs.length > 0;
      show(page, hasRuns);
      show(table.element, hasRuns || state.unreadable.length > 0);
    };
    this.follow(state);
    this.show({
      updates: [showPage, ...views.map((view) => () => view.update())],
      elements: [header.element, table.element, page],
      visible: () => views,
      owned: this.owned,
    });
  }
}
