import type { PictureData } from '../charts/pictureData.ts';
import { element, icon, setAttribute, setText, show } from '../dom.ts';
import { FigureMenu } from './figureMenu.ts';
import { helpParagraphs } from './helpFormulas.ts';
import type { FigureContext } from './view.ts';

export interface FigureOptions {
  readonly id: string;
  readonly title: string;
  /** What the numbers are, beside the title: "before clipping". */
  readonly note: string;
  /** What the picture answers: the first line behind its "?". */
  readonly question: string;
  /** How to read the picture, a line a paragraph; elements where it has formulas. */
  readonly help: string | readonly Node[];
  readonly controls: readonly HTMLElement[];
  /** For the canvas; the figure's description for keyboards follows it. */
  readonly keys: string;
  /** The numbers of the picture as it is now; undefined while there are none. */
  readonly data: () => PictureData | undefined;
  /** How many numbers there are, where making a table of them takes its time. */
  readonly numbers?: () => number;
}

/** A picture with its title, controls, help, legend and the surface that holds the canvas. */
export class Figure {
  readonly element: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  /** Holds the canvas and what lies over it; takes the focus and the pointer. */
  readonly surface: HTMLElement;
  readonly legend = element('div', { class: 'legend' });
  /** Below the picture. */
  readonly footer = element('div', { class: 'figure-footer' });
  readonly #note: HTMLElement;
  readonly #menu: FigureMenu;
  #visible = false;

  constructor(options: FigureOptions, context: FigureContext) {
    const titleId = `${options.id}-title`;
    this.canvas = element('canvas', { role: 'img', 'data-testid': `chart-${options.id}` });
    this.describe(`${options.title}. It is drawn, and told in words here, when it comes into sight.`);
    this.surface = element(
      'div',
      {
        class: `surface surface-${options.id}`,
        tabindex: '0',
        role: 'group',
        'aria-labelledby': titleId,
        'aria-description': options.keys,
      },
      this.canvas,
    );
    this.#note = element('span', { class: 'figure-note' }, options.note);
    const { button, text } = helpFor(options);
    this.#menu = new FigureMenu({ ...options, figure: () => this.element }, context);
    this.element = element(
      'section',
      { class: `figure figure-${options.id}`, 'aria-labelledby': titleId },
      figureHead(titleId, options.title, this.#note, button, [...options.controls, this.#menu.element]),
      text,
      this.#menu.problem,
      this.legend,
      this.surface,
      this.footer,
    );
    const observer = new IntersectionObserver((entries) => {
      this.#visible = entries.some((entry) => entry.isIntersecting);
      if (this.#visible) context.requestUpdate();
    });
    observer.observe(this.surface);
    context.owned.add({ dispose: () => observer.disconnect() });
  }

  /** False while the picture is scrolled out of sight and not being saved: then it need not be drawn. */
  get isVisible(): boolean {
    return this.#visible || this.#menu.isPainting;
  }

  setNote(note: string): void {
    setText(this.#note, note);
  }

  /** The picture in words, for those who cannot see it. */
  describe(summary: string): void {
    setAttribute(this.canvas, 'aria-label', summary);
  }
}

/** The line above a picture: title, note, help on the left, controls on the right. */
export function figureHead(
  titleId: string,
  title: string,
  note: HTMLElement,
  help: HTMLElement,
  controls: readonly HTMLElement[],
): HTMLElement {
  return element(
    'header',
    { class: 'figure-head' },
    element('h2', { id: titleId }, title),
    help,
    note,
    element('div', { class: 'figure-controls' }, ...folded(title, titleId, controls)),
  );
}

/** The controls of a picture but for its menu: in a low page they are behind a button, so that the picture itself is in sight. */
function folded(title: string, titleId: string, controls: readonly HTMLElement[]): HTMLElement[] {
  const menu = controls.filter((control) => control.getAttribute('class') === 'figure-menu');
  const others = controls.filter((control) => !menu.includes(control));
  if (others.length === 0) return menu;
  const options = element('div', { class: 'figure-options', id: `${titleId}-options` }, ...others);
  const button = element(
    'button',
    {
      type: 'button',
      class: 'quiet options-button',
      'aria-expanded': 'false',
      'aria-controls': options.id,
      'aria-label': `What is shown: ${title}`,
      title: 'What is shown, and how',
    },
    icon('settings'),
  );
  button.addEventListener('click', () => {
    const isOpen = options.toggleAttribute('data-open');
    setAttribute(button, 'aria-expanded', String(isOpen));
  });
  return [options, button, ...menu];
}

/** A "?" that opens the question that the picture answers, and how to read it. */
export function helpFor({ id, title, question, help }: Pick<FigureOptions, 'id' | 'title' | 'question' | 'help'>): {
  button: HTMLButtonElement;
  text: HTMLElement;
} {
  const content = typeof help === 'string' ? helpParagraphs(help) : help;
  const asked = element('p', { class: 'help-question' }, question);
  const text = element('div', { class: 'help', id: `${id}-help`, hidden: true }, asked, ...content);
  const button = element(
    'button',
    {
      type: 'button',
      class: 'help-button',
      'aria-expanded': 'false',
      'aria-controls': text.id,
      'aria-label': `How to read: ${title}`,
      'data-testid': `help-${id}`,
    },
    icon('question'),
  );
  const open = (isOpen: boolean): void => {
    show(text, isOpen);
    button.setAttribute('aria-expanded', String(isOpen));
  };
  button.addEventListener('click', () => open(button.getAttribute('aria-expanded') === 'false'));
  button.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || button.getAttribute('aria-expanded') === 'false') return;
    event.stopPropagation();
    open(false);
  });
  return { button, text };
}
