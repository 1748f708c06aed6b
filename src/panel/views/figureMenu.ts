import { paintFigure } from '../charts/figurePicture.ts';
import { figureSvg } from '../charts/figureSvg.ts';
import { csvOf, jsonOf } from '../charts/pictureFile.ts';
import { safeName, type PictureData } from '../charts/pictureData.ts';
import { element, icon, setAttribute, setText, show } from '../dom.ts';
import { tooManyNumbers } from './saveLimit.ts';
import type { FigureContext } from './view.ts';

export interface FigureMenuOptions {
  readonly id: string;
  readonly title: string;
  /** The numbers of the picture as it is now; undefined while there are none. */
  readonly data: () => PictureData | undefined;
  /** How many numbers there are, where making a table of them takes its time; else they are counted in the table. */
  readonly numbers?: () => number;
  /** What the picture is painted from. */
  readonly figure: () => HTMLElement;
}

const FORMATS = [
  {
    format: 'csv',
    label: 'Save numbers as CSV…',
    title:
      'Lines that begin with “#” say what the numbers belong to: pandas.read_csv(file, comment="#") leaves them out',
  },
  { format: 'json', label: 'Save numbers as JSON…', title: 'An object with about, columns and rows' },
  { format: 'png', label: 'Save picture as PNG…', title: 'As it is shown, at twice the size' },
  {
    format: 'svg',
    label: 'Save picture as SVG…',
    title: 'As it is shown, in lines and text that stay sharp at every size and can be edited',
  },
] as const;
type Format = (typeof FORMATS)[number]['format'];
type PictureFormat = Extract<Format, 'png' | 'svg'>;

/** A quiet button beside a picture with a menu: saves its numbers, or the picture itself. */
export class FigureMenu {
  readonly element: HTMLElement;
  /** Why saving failed; empty and hidden while it has not. */
  readonly problem: HTMLElement;
  readonly #context: FigureContext;
  readonly #options: FigureMenuOptions;
  readonly #button: HTMLButtonElement;
  readonly #menu: HTMLElement;
  readonly #items: HTMLButtonElement[];
  #isPainting = false;
  /** Why the numbers were not even sent to be saved. */
  #refusal: string | undefined;
  /** Whose picture was saved last: how that went is told there. */
  static #latest: FigureMenu | undefined;

  constructor(options: FigureMenuOptions, context: FigureContext) {
    this.#context = context;
    this.#options = options;
    const { id, title } = options;
    this.#items = FORMATS.map(({ format, label, title: tooltip }) => {
      const item = element(
        'button',
        {
          type: 'button',
          role: 'menuitem',
          title: tooltip,
          tabindex: '-1',
          'data-testid': `menu-${id}-${format}`,
        },
        label,
      );
      item.addEventListener('click', () => this.#choose(format));
      return item;
    });
    this.#menu = element('div', { class: 'menu-list', role: 'menu', id: `${id}-menu`, hidden: true }, ...this.#items);
    this.#menu.setAttribute('aria-label', `Save: ${title}`);
    this.#button = element(
      'button',
      {
        type: 'button',
        class: 'quiet',
        title: 'Save',
        'aria-label': `Save: ${title}`,
        'aria-haspopup': 'menu',
        'aria-expanded': 'false',
        'aria-controls': this.#menu.id,
        'data-testid': `menu-${id}`,
      },
      icon('ellipsis'),
    );
    this.element = element('div', { class: 'figure-menu' }, this.#button, this.#menu);
    this.problem = element('p', {
      class: 'problem not-in-picture',
      role: 'alert',
      hidden: true,
      'data-testid': `save-problem-${id}`,
    });
    this.#listen();
  }

  #listen(): void {
    this.#button.addEventListener('click', () => (this.#isOpen ? this.#close() : this.#open()));
    this.element.addEventListener('keydown', (event) => this.#keyDown(event));
    // Leaving the menu closes it, by the pointer or by the keyboard.
    this.element.addEventListener('focusout', (event) => {
      if (event.relatedTarget instanceof Node && this.element.contains(event.relatedTarget)) return;
      if (this.#isOpen) this.#close(false);
    });
    const { owned, state } = this.#context;
    owned.add(
      state.subscribe((change) => {
        if (change === 'choice') this.#showProblem();
      }),
    );
    owned.add({ dispose: () => (FigureMenu.#latest = FigureMenu.#latest === this ? undefined : FigureMenu.#latest) });
  }

  /** True while the picture is wanted, be it in sight or not. */
  get isPainting(): boolean {
    return this.#isPainting;
  }

  get #isOpen(): boolean {
    return !this.#menu.hidden;
  }

  #open(focused = 0): void {
    const { numbers, data } = this.#options;
    const hasNumbers = numbers === undefined ? data() !== undefined : numbers() > 0;
    for (const item of this.#items) setAttribute(item, 'aria-disabled', String(!hasNumbers));
    setAttribute(this.#menu, 'title', hasNumbers ? '' : 'There are no numbers yet.');
    this.#menu.hidden = false;
    this.#button.setAttribute('aria-expanded', 'true');
    this.#items.at(focused)?.focus();
  }

  #close(returnsFocus = true): void {
    this.#menu.hidden = true;
    this.#button.setAttribute('aria-expanded', 'false');
    if (returnsFocus) this.#button.focus();
  }

  #keyDown(event: KeyboardEvent): void {
    if (!this.#isOpen) {
      if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
      event.preventDefault();
      return this.#open(event.key === 'ArrowDown' ? 0 : -1);
    }
    if (event.key === 'Tab') return this.#close(false);
    const at = this.#items.findIndex((item) => item === document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined && event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    if (to === undefined) this.#close();
    else this.#items.at(to % this.#items.length)?.focus();
  }

  #choose(format: Format): void {
    const data = this.#options.data();
    if (data === undefined) return;
    this.#close();
    FigureMenu.#latest = this;
    this.#refusal = isPicture(format) ? undefined : tooManyNumbers(this.#count(data));
    this.#showProblem();
    if (this.#refusal !== undefined) return;
    if (isPicture(format)) this.#paint(data, format);
    else this.#send(data, format, format === 'csv' ? csvOf(data) : jsonOf(data));
  }

  #count(data: PictureData): number {
    return this.#options.numbers?.() ?? data.rows.length * data.columns.length;
  }

  /** Paints the picture once it is drawn: of one that is scrolled out of sight, or partly so, nothing may be drawn yet. */
  #paint(data: PictureData, format: PictureFormat): void {
    this.#isPainting = true;
    // A head that stays in sight stands where it belongs in the picture.
    this.#options.figure().toggleAttribute('data-painting', true);
    this.#context.requestUpdate();
    // The update comes with the next frame.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        this.#isPainting = false;
        // While training goes on, the picture is by now that of a later iteration.
        const shown = this.#options.data() ?? data;
        try {
          this.#send(shown, format, this.#painted(shown, format));
        } finally {
          this.#options.figure().toggleAttribute('data-painting', false);
        }
      }),
    );
  }

  /** The file's content: PNG in base64, since typed arrays do not reach the extension whole from every VS Code; SVG as it is. */
  #painted(data: PictureData, format: PictureFormat): string {
    const figure = this.#options.figure();
    const { background } = this.#context.theme;
    const caption = captionOf(data);
    if (format === 'png') {
      return paintFigure(figure, caption, background)
        .toDataURL('image/png')
        .replace(/^data:image\/png;base64,/, '');
    }
    const described = [...figure.querySelectorAll('canvas[aria-label]')].map((one) => one.getAttribute('aria-label'));
    const description = [...described, caption].join('\n');
    return figureSvg(figure, { title: this.#options.title, description, caption }, background);
  }

  #send({ name }: PictureData, format: Format, content: string): void {
    this.#context.state.send({
      type: 'save',
      fileName: `${safeName(name)}.${format}`,
      encoding: format === 'png' ? 'base64' : 'utf8',
      content,
    });
  }

  #showProblem(): void {
    const problem = FigureMenu.#latest === this ? (this.#refusal ?? this.#context.state.saveProblem ?? '') : '';
    setText(this.problem, problem);
    show(this.problem, problem !== '');
  }
}

function isPicture(format: Format): format is PictureFormat {
  return format === 'png' || format === 'svg';
}

/** Where a picture comes from, on one line: "file sample.txt · H 128 · …". */
function captionOf({ about }: PictureData): string {
  return Object.entries(about)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key} ${typeof value === 'number' ? Number(value.toPrecision(4)) : (value ?? '')}`)
    .join(' · ');
}
