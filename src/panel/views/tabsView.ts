import { element, setAttribute, show } from '../dom.ts';
import type { Tab } from '../../protocol/panel.ts';
import type { PanelContext, View } from './view.ts';

const LABELS: Readonly<Record<Tab, string>> = { overview: 'Overview', steps: 'Time steps', memory: 'Memory' };

/** The tabs: one page of views at a time. Arrow keys, Home and End walk through them. */
export class TabsView implements View {
  readonly element: HTMLElement;
  /** The line of tabs, without their pages. */
  readonly list: HTMLElement;
  readonly #context: PanelContext;
  readonly #tabs = new Map<Tab, { readonly button: HTMLButtonElement; readonly page: HTMLElement }>();

  constructor(context: PanelContext, pages: Readonly<Record<Tab, readonly View[]>>) {
    this.#context = context;
    this.list = element('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Views' });
    this.element = element('div', { class: 'tabbed' }, this.list);
    for (const [tab, views] of Object.entries(pages) as [Tab, readonly View[]][]) {
      const button = element(
        'button',
        {
          type: 'button',
          role: 'tab',
          id: `tab-${tab}`,
          'aria-controls': `page-${tab}`,
          'data-testid': `tab-${tab}`,
        },
        LABELS[tab],
      );
      button.addEventListener('click', () => context.state.choose({ tab }));
      const page = element(
        'div',
        { class: `page page-${tab}`, role: 'tabpanel', id: `page-${tab}`, 'aria-labelledby': `tab-${tab}` },
        ...views.map((view) => view.element),
      );
      this.list.append(button);
      this.element.append(page);
      this.#tabs.set(tab, { button, page });
    }
    this.list.addEventListener('keydown', (event) => this.#keyDown(event));
  }

  update(): void {
    const chosen = this.#context.state.ui.tab;
    for (const [tab, { button, page }] of this.#tabs) {
      setAttribute(button, 'aria-selected', String(tab === chosen));
      setAttribute(button, 'tabindex', tab === chosen ? '0' : '-1');
      show(page, tab === chosen);
    }
  }

  #keyDown(event: KeyboardEvent): void {
    const tabs = [...this.#tabs.keys()];
    const at = tabs.indexOf(this.#context.state.ui.tab);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const tab = tabs[(to + tabs.length) % tabs.length];
    this.#context.state.choose({ tab });
    this.#tabs.get(tab)?.button.focus();
  }
}
