import { element, setAttribute, setText } from '../../dom.ts';

/** One number with its name and, behind it, what follows from it. The full number is in `data-value`. */
export class Fact {
  readonly element: HTMLElement;
  readonly #value: HTMLElement;
  readonly #meaning = element('dd', { class: 'fact-meaning' });

  constructor(name: string, testId: string, title: string) {
    this.#value = element('dd', { class: 'fact-value', 'data-testid': testId });
    this.element = element('div', { class: 'fact', title }, element('dt', {}, name), this.#value, this.#meaning);
  }

  /** @param value as it was computed; null where there is none. */
  set(value: number | null | undefined, text: string, meaning: string): void {
    setAttribute(this.#value, 'data-value', value === null || value === undefined ? '' : String(value));
    setText(this.#value, text);
    setText(this.#meaning, meaning);
  }
}

/** A list of facts. */
export function factList(testId: string, ...facts: readonly Fact[]): HTMLElement {
  return element('dl', { class: 'fact-list', 'data-testid': testId }, ...facts.map((fact) => fact.element));
}
