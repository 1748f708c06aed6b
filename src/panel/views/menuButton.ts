import { element, setAttribute } from '../dom.ts';

export interface MenuItem {
  readonly label: string;
  readonly title?: string;
  readonly testId?: string;
  readonly isDisabled?: boolean;
  readonly choose: () => void;
}

interface MenuButtonOptions {
  /** For ids. */
  readonly id: string;
  /** What the menu is, for those who cannot see it. */
  readonly label: string;
  /** Opens the menu; it has its name and its looks already. */
  readonly button: HTMLElement;
  /** What there is to choose whenever the menu is opened. */
  readonly items: () => readonly MenuItem[];
  /** Why nothing can be chosen, where that is so. */
  readonly remark?: () => string;
}

/** A button with a menu: arrow keys walk through it, Escape closes it and gives the focus back, and so does a choice. */
export class MenuButton {
  readonly element: HTMLElement;
  readonly #options: MenuButtonOptions;
  readonly #list: HTMLElement;
  #items: readonly HTMLButtonElement[] = [];

  constructor(options: MenuButtonOptions) {
    this.#options = options;
    const { id, label, button } = options;
    this.#list = element('div', {
      class: 'menu-list',
      role: 'menu',
      id: `${id}-menu`,
      'aria-label': label,
      hidden: true,
    });
    setAttribute(button, 'aria-haspopup', 'menu');
    setAttribute(button, 'aria-expanded', 'false');
    this.element = element('div', { class: 'menu-anchor' }, button, this.#list);
    button.addEventListener('click', () => (this.#isOpen ? this.#close() : this.#open()));
    this.element.addEventListener('keydown', (event) => this.#keyDown(event));
    // Leaving the menu closes it, by the pointer or by the keyboard.
    this.element.addEventListener('focusout', (event) => {
      if (event.relatedTarget instanceof Node && this.element.contains(event.relatedTarget)) return;
      if (this.#isOpen) this.#close(false);
    });
  }

  get #isOpen(): boolean {
    return !this.#list.hidden;
  }

  #open(focused = 0): void {
    this.#items = this.#options.items().map((item) => this.#item(item));
    this.#list.replaceChildren(...this.#items);
    setAttribute(this.#list, 'title', this.#options.remark?.() ?? '');
    this.#list.hidden = false;
    setAttribute(this.#options.button, 'aria-expanded', 'true');
    this.#items.at(focused)?.focus();
  }

  #item({ label, title, testId, isDisabled, choose }: MenuItem): HTMLButtonElement {
    const item = element(
      'button',
      {
        type: 'button',
        role: 'menuitem',
        title,
        tabindex: '-1',
        'aria-disabled': isDisabled === true ? 'true' : undefined,
        'data-testid': testId,
      },
      label,
    );
    item.addEventListener('click', () => {
      if (isDisabled === true) return;
      this.#close();
      choose();
    });
    return item;
  }

  #close(returnsFocus = true): void {
    this.#list.hidden = true;
    setAttribute(this.#options.button, 'aria-expanded', 'false');
    if (returnsFocus) this.#options.button.focus();
  }

  #keyDown(event: KeyboardEvent): void {
    if (!this.#isOpen) {
      if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
      event.preventDefault();
      return this.#open(event.key === 'ArrowDown' ? 0 : -1);
    }
    if (event.key === 'Tab') return this.#close(false);
    // A button of VS Code's kind is pressed as soon as the key is down: the key must not press what has the focus by now as well.
    if (event.target === this.#options.button && (event.key === 'Enter' || event.key === ' ')) event.preventDefault();
    const at = this.#items.findIndex((item) => item === document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined && event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    if (to === undefined) this.#close();
    else this.#items.at(to % this.#items.length)?.focus();
  }
}
