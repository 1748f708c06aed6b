import { l10n } from '../../common/l10n.ts';
import { paintFigure } from '../charts/figurePicture.ts';
import { figureSvg } from '../charts/figureSvg.ts';
import { csvOf, jsonOf } from '../charts/pictureFile.ts';
import { safeName, type PictureData } from '../charts/pictureData.ts';
import { aboutText } from '../charts/tablePages.ts';
import { element, icon, setText, show } from '../dom.ts';
import { MenuButton, type MenuItem } from './menuButton.ts';
import { NumbersTable } from './numbersTable.ts';
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
    label: l10n.t('Save numbers as CSV…'),
    title: l10n.t(
      'Lines that begin with “#” say what the numbers belong to: pandas.read_csv(file, comment="#") leaves them out',
    ),
  },
  { format: 'json', label: l10n.t('Save numbers as JSON…'), title: l10n.t('An object with about, columns and rows') },
  { format: 'png', label: l10n.t('Save picture as PNG…'), title: l10n.t('As it is shown, at twice the size') },
  {
    format: 'svg',
    label: l10n.t('Save picture as SVG…'),
    title: l10n.t('As it is shown, in lines and text that stay sharp at every size and can be edited'),
  },
] as const;
type Format = (typeof FORMATS)[number]['format'];
type PictureFormat = Extract<Format, 'png' | 'svg'>;

/** A quiet button beside a picture with a menu: shows its numbers as a table, or saves them or the picture itself. */
export class FigureMenu {
  readonly element: HTMLElement;
  /** Why saving failed; empty and hidden while it has not. */
  readonly problem: HTMLElement;
  readonly #context: FigureContext;
  readonly #options: FigureMenuOptions;
  #isPainting = false;
  /** Why the numbers were not even sent to be saved. */
  #refusal: string | undefined;
  /** Whose picture was saved last: how that went is told there. */
  static #latest: FigureMenu | undefined;

  constructor(options: FigureMenuOptions, context: FigureContext) {
    this.#context = context;
    this.#options = options;
    const { id, title } = options;
    const label = l10n.t('Numbers and picture: {title}', { title });
    const button = element(
      'button',
      {
        type: 'button',
        class: 'quiet',
        title: l10n.t('Show as table, save'),
        'aria-label': label,
        'aria-controls': `${id}-menu`,
        'data-testid': `menu-${id}`,
      },
      icon('ellipsis'),
    );
    const menu = new MenuButton({
      id,
      label,
      button,
      items: () => this.#items(),
      remark: () => (this.#hasNumbers ? '' : l10n.t('There are no numbers yet.')),
    });
    this.element = menu.element;
    this.problem = element('p', {
      class: 'problem not-in-picture',
      role: 'alert',
      hidden: true,
      'data-testid': `save-problem-${id}`,
    });
    const { owned, state } = context;
    owned.add(
      state.subscribe((change) => {
        if (change === 'choice') this.#showProblem();
      }),
    );
    owned.add({ dispose: () => (FigureMenu.#latest = FigureMenu.#latest === this ? undefined : FigureMenu.#latest) });
  }

  get #hasNumbers(): boolean {
    const { numbers, data } = this.#options;
    return numbers === undefined ? data() !== undefined : numbers() > 0;
  }

  #items(): MenuItem[] {
    const { id } = this.#options;
    const isDisabled = !this.#hasNumbers;
    const table = {
      label: l10n.t('Show as table'),
      title: l10n.t('The numbers behind the picture, as they are now'),
      testId: `menu-${id}-table`,
      isDisabled,
      choose: () => this.#showTable(),
    };
    const saving = FORMATS.map(({ format, label, title }) => ({
      label,
      title,
      testId: `menu-${id}-${format}`,
      isDisabled,
      choose: () => this.#save(format),
    }));
    return [table, ...saving];
  }

  #showTable(): void {
    const data = this.#options.data();
    if (data === undefined || this.#refuses(data, 'shown')) return;
    const page = this.element.closest<HTMLElement>('main');
    if (page !== null) NumbersTable.open(page, this.#options.title, data);
  }

  /** True while the picture is wanted, be it in sight or not. */
  get isPainting(): boolean {
    return this.#isPainting;
  }

  #save(format: Format): void {
    const data = this.#options.data();
    if (data === undefined) return;
    if (isPicture(format)) {
      FigureMenu.#latest = this;
      this.#refusal = undefined;
      this.#showProblem();
      this.#paint(data, format);
    } else if (!this.#refuses(data, 'saved')) {
      this.#send(data, format, format === 'csv' ? csvOf(data) : jsonOf(data));
    }
  }

  /** Says why, where there are too many numbers. */
  #refuses(data: PictureData, what: 'saved' | 'shown'): boolean {
    FigureMenu.#latest = this;
    this.#refusal = tooManyNumbers(this.#count(data), what);
    this.#showProblem();
    return this.#refusal !== undefined;
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
    const caption = aboutText(data);
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
