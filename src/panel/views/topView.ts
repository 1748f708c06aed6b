import { element, setAttribute } from '../dom.ts';
import { Details } from './details.ts';
import { HealthView } from './health/healthView.ts';
import { ImportView } from './importView.ts';
import { MessageView } from './messageView.ts';
import { ReadingsView } from './readingsView.ts';
import type { PanelContext, View } from './view.ts';

/** What stands between the header and the tabs: settings, messages, signs and readings, folded to a line where there is little room. */
export class TopView implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #details: Details;
  readonly #views: readonly View[];

  constructor(context: PanelContext) {
    this.#context = context;
    this.#details = new Details(context);
    this.#views = [
      new MessageView(context),
      new ImportView(context),
      new HealthView(context, this.#details),
      new ReadingsView(context),
    ];
    this.element = element('div', { class: 'top' }, ...this.#views.map((view) => view.element));
  }

  update(): void {
    const { run } = this.#context.state;
    // Before the first iteration there is no line that they could be folded to.
    const isFoldable = run !== undefined && run.history.iterations > 0;
    setAttribute(this.element, 'data-details', isFoldable && !this.#details.areOpen ? 'folded' : 'open');
    for (const view of this.#views) view.update();
  }
}
