import { element, icon, setAttribute } from '../dom.ts';

export interface Option<V extends string> {
  readonly value: V;
  readonly label: string;
  /** What it is, beside its label, where that is a symbol. */
  readonly words?: string;
  readonly title?: string;
}

/** One of a few, all of them in sight: a radio group that arrow keys walk through. */
export class ChoiceGroup<V extends string> {
  readonly element: HTMLElement;
  readonly #buttons = new Map<V, HTMLButtonElement>();
  readonly #choose: (value: V) => void;
  #options: readonly Option<V>[] = [];

  constructor(label: string, testId: string, options: readonly Option<V>[], choose: (value: V) => void) {
    this.#choose = choose;
    this.element = element('div', { class: 'choice', role: 'radiogroup', 'aria-label': label, 'data-testid': testId });
    this.options = options;
    this.element.addEventListener('keydown', (event) => this.#keyDown(event));
  }

  /** Buttons are made anew only where there are others, so that the focus stays. */
  set options(options: readonly Option<V>[]) {
    const isSame =
      options.length === this.#options.length && options.every((option, i) => isLike(option, this.#options[i]));
    this.#options = options;
    if (isSame) return;
    this.#buttons.clear();
    for (const option of options) {
      const button = element(
        'button',
        { type: 'button', role: 'radio', title: option.title, 'data-value': option.value },
        option.label,
        ...(option.words ? [element('span', { class: 'choice-words' }, option.words)] : []),
      );
      button.addEventListener('click', () => this.#choose(option.value));
      this.#buttons.set(option.value, button);
    }
    this.element.replaceChildren(...this.#buttons.values());
  }

  /** The chosen one; undefined where none of them is. */
  set value(value: V | undefined) {
    const focusable = value ?? this.#buttons.keys().next().value;
    for (const [option, button] of this.#buttons) {
      setAttribute(button, 'aria-checked', String(option === value));
      setAttribute(button, 'tabindex', option === focusable ? '0' : '-1');
    }
  }

  focus(value: V): void {
    this.#buttons.get(value)?.focus();
  }

  #keyDown(event: KeyboardEvent): void {
    const back = event.key === 'ArrowLeft' || event.key === 'ArrowUp';
    const forth = event.key === 'ArrowRight' || event.key === 'ArrowDown';
    if (!back && !forth) return;
    event.preventDefault();
    const values = [...this.#buttons.keys()];
    const current = values.findIndex((value) => this.#buttons.get(value)?.getAttribute('aria-checked') === 'true');
    const next = values[(current + (back ? -1 : 1) + values.length) % values.length];
    this.#choose(next);
    this.#buttons.get(next)?.focus();
  }
}

function isLike<V extends string>(one: Option<V>, other: Option<V>): boolean {
  return (
    one.value === other.value && one.label === other.label && one.words === other.words && one.title === other.title
  );
}

/** On or off. */
export class Toggle {
  readonly element: HTMLButtonElement;

  constructor(label: string, testId: string, title: string, choose: () => void) {
    this.element = element('button', { type: 'button', class: 'toggle', title, 'data-testid': testId }, label);
    this.element.addEventListener('click', choose);
  }

  set value(pressed: boolean) {
    setAttribute(this.element, 'aria-pressed', String(pressed));
  }
}

/** A quiet button of text or an icon, for use beside a picture. */
export function quietButton(label: string, testId: string, iconName: string, pressed: () => void): HTMLButtonElement {
  const button = element(
    'button',
    { type: 'button', class: 'quiet', 'aria-label': label, title: label, 'data-testid': testId },
    icon(iconName),
  );
  button.addEventListener('click', pressed);
  return button;
}
