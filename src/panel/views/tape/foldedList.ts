import { element, setAttribute, setText, show } from '../../dom.ts';
import { isFold, itemsIn, type Fold } from '../../network/folds.ts';
import { shortly } from '../../network/notation.ts';
import type { FoldChoice } from '../../state/foldChoice.ts';
import { Folding } from './folding.ts';

export interface FoldedListOptions<Item> {
  /** For ids. */
  readonly id: string;
  readonly folds: readonly (Item | Fold<Item>)[];
  readonly choice: FoldChoice;
  readonly elementOf: (item: Item) => HTMLElement;
  /** What is in a fold, in words, and what the number is that stands for it, as a formula. */
  readonly contentsOf: (items: readonly Item[]) => string;
  readonly measureOf: (fold: Fold<Item>) => string;
}

interface Folded<Item> {
  readonly fold: Fold<Item>;
  readonly items: readonly Item[];
  readonly element: HTMLElement;
  readonly folding: Folding;
}

/** A list whose items are folded, as far as there are folds, each as a person left it; one that has the current item is open. */
export class FoldedList<Item> {
  readonly element: HTMLElement;
  /** Opens or closes all; of a list without folds there is nothing to show. */
  readonly turnAll = element('button', { type: 'button', class: 'toggle' });
  readonly #options: FoldedListOptions<Item>;
  readonly #folded: Folded<Item>[] = [];

  constructor(options: FoldedListOptions<Item>, className: string) {
    this.#options = options;
    this.element = element('ol', { class: className }, ...options.folds.map((item) => this.#element(item, 0)));
    setAttribute(this.turnAll, 'data-testid', `${options.id}-turn-all`);
    show(this.turnAll, this.#folded.length > 0);
    this.turnAll.addEventListener('click', () => {
      const keys = this.#folded.map(({ fold }) => fold.key);
      this.#options.choice.set(keys, !this.#isAllOpen());
    });
  }

  /** @param current an item whose folds are open, whatever a person chose. */
  update(valueOf: (fold: Fold<Item>) => number | undefined, current?: Item): void {
    for (const { fold, items, folding, element: folded } of this.#folded) {
      const isHeld = current !== undefined && items.includes(current);
      folding.update(this.#options.choice.isOpen(fold.key), isHeld, valueOf(fold));
      folded.toggleAttribute('data-held', isHeld);
    }
    setText(this.turnAll, this.#isAllOpen() ? 'Fold all' : 'Open all');
  }

  /** Whether all that an item is folded into is open. */
  shows(item: Item): boolean {
    return this.#folded.every(({ items, fold }) => !items.includes(item) || this.#options.choice.isOpen(fold.key));
  }

  /** Opens whatever an item is folded into. */
  open(item: Item): void {
    const closed = this.#folded
      .filter(({ items, fold }) => items.includes(item) && !this.#options.choice.isOpen(fold.key))
      .map(({ fold }) => fold.key);
    if (closed.length > 0) this.#options.choice.set(closed, true);
  }

  /** The items of the fold that a heading is of. */
  itemsUnder(head: Element): readonly Item[] {
    return this.#folded.find(({ folding }) => folding.head === head)?.items ?? [];
  }

  #isAllOpen(): boolean {
    return this.#folded.every(({ fold }) => this.#options.choice.isOpen(fold.key));
  }

  #element(item: Item | Fold<Item>, level: number): HTMLElement {
    if (!isFold(item)) return this.#options.elementOf(item);
    const { id, choice, contentsOf, measureOf } = this.#options;
    const items = itemsIn(item);
    const options = {
      id: `${id}-fold-${item.key.replace(' ', '-')}`,
      title: item.title,
      about: item.about.map(shortly),
      contents: contentsOf(items),
      measure: measureOf(item),
      level,
    };
    const content = element('ol', { class: 'fold-items' });
    const folding = new Folding(options, content, () => choice.set([item.key], !choice.isOpen(item.key)));
    const folded = element('li', { class: 'fold', 'data-level': String(level) }, ...folding.parts);
    // In the order in which they are read: what is around before what is in it.
    this.#folded.push({ fold: item, items, element: folded, folding });
    content.append(...item.items.map((inner) => this.#element(inner, level + 1)));
    return folded;
  }
}
