import { element, icon, setAttribute, setText } from '../../dom.ts';
import { mathElement } from './mathElement.ts';
import { formatValue } from './values.ts';

export interface FoldingOptions {
  /** For ids. */
  readonly id: string;
  readonly title: string;
  /** The quantities that it is about, as formulas. */
  readonly about: readonly string[];
  /** What is in it, in words: "steps 6–10". */
  readonly contents: string;
  /** What the number is that stands for all of it, as a formula. */
  readonly measure: string;
  /** How deep it is inside of others, from 0. */
  readonly level: number;
}

/** A heading that opens and closes what is under it, with one number that stands for all of it. */
export class Folding {
  readonly head: HTMLButtonElement;
  /** The heading and what is under it. */
  readonly parts: readonly HTMLElement[];
  readonly #content: HTMLElement;
  readonly #value: HTMLElement;
  readonly #contents: HTMLElement;

  constructor({ id, title, about, contents, measure, level }: FoldingOptions, content: HTMLElement, turn: () => void) {
    this.#content = content;
    this.#value = element('span', { class: 'fold-value', 'data-testid': `${id}-norm` });
    const names = about.flatMap((markup, index) => [...(index === 0 ? [] : [', ']), mathElement({ markup })]);
    content.id = `${id}-content`;
    this.#contents = element('span', { class: 'fold-contents', 'data-testid': `${id}-contents` }, contents);
    this.head = element(
      'button',
      { type: 'button', class: 'fold-head', 'aria-expanded': 'false', 'aria-controls': content.id, 'data-testid': id },
      icon('chevron-right'),
      element('span', { class: 'fold-name' }, title, ' ', ...names),
      this.#contents,
      element(
        'span',
        { class: 'fold-measure' },
        ...(measure === '' ? [] : [mathElement({ markup: measure })]),
        this.#value,
      ),
    );
    this.head.addEventListener('click', () => {
      if (this.head.getAttribute('aria-disabled') !== 'true') turn();
    });
    // The title of the figure is a heading of level 2.
    this.parts = [element(level === 0 ? 'h3' : 'h4', { class: 'fold-heading' }, this.head), content];
  }

  /** @param isHeld open for what is in it, so that it cannot be closed. */
  update(isOpen: boolean, isHeld: boolean, value: number | undefined): void {
    this.#content.hidden = !isOpen && !isHeld;
    setAttribute(this.head, 'aria-expanded', String(isOpen || isHeld));
    setAttribute(this.head, 'aria-disabled', String(isHeld));
    setAttribute(this.head, 'title', isHeld ? 'Open as long as the step that you are at is in it' : '');
    setText(this.#value, value === undefined ? '' : formatValue(value));
    setAttribute(this.#value, 'data-value', value === undefined ? '' : String(value));
  }

  /** Says what is in it where that changes. */
  tell(contents: string): void {
    setText(this.#contents, contents);
  }

  /** Shows for a moment that something came, or no longer. */
  arrive(): void {
    this.settle();
    this.head.getBoundingClientRect();
    this.head.classList.add('arriving');
  }

  settle(): void {
    this.head.classList.remove('arriving');
  }
}
