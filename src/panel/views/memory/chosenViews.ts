import { DisposableStore } from '../../../common/disposable.ts';
import { element } from '../../dom.ts';
import type { PanelContext, View } from '../view.ts';

/**
 * Views of something that a person chooses, built anew for another choice, so that titles and help speak of what is shown. Where there
 * is nothing to choose, views are to stand by themselves.
 */
export class ChosenViews implements View {
  readonly element = element('div', { class: 'chosen-views' });
  readonly #context: PanelContext;
  readonly #choice: () => string;
  readonly #build: (context: PanelContext) => readonly View[];
  #chosen: string | undefined;
  #owned = new DisposableStore();
  #views: readonly View[] = [];

  /** @param choice another text where the views are to be others. */
  constructor(context: PanelContext, choice: () => string, build: (context: PanelContext) => readonly View[]) {
    this.#context = context;
    this.#choice = choice;
    this.#build = build;
    context.owned.add({ dispose: () => this.#owned.dispose() });
    this.#show();
  }

  update(): void {
    if (this.#choice() !== this.#chosen) this.#show();
    for (const view of this.#views) view.update();
  }

  point(): void {
    for (const view of this.#views) view.point?.();
  }

  #show(): void {
    const focused = this.#focusedGroup();
    this.#owned.dispose();
    this.#owned = new DisposableStore();
    this.#chosen = this.#choice();
    this.#views = this.#build(Object.create(this.#context, { owned: { value: this.#owned } }) as PanelContext);
    this.element.replaceChildren(...this.#views.map((view) => view.element));
    // Whoever chooses by the keyboard goes on there.
    if (focused === undefined) return;
    this.element.querySelector<HTMLElement>(`[data-testid="${focused}"] [aria-checked="true"]`)?.focus();
  }

  /** The chooser among these that has the focus. */
  #focusedGroup(): string | undefined {
    const { activeElement } = document;
    if (activeElement === null || !this.element.contains(activeElement)) return undefined;
    return activeElement.closest<HTMLElement>('.choice')?.dataset.testid;
  }
}
