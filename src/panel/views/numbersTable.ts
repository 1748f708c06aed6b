import { l10n } from '../../common/l10n.ts';
import type { PictureData } from '../charts/pictureData.ts';
import { aboutText, stretchText, tablePage, type PagePlace, type TablePage } from '../charts/tablePages.ts';
import { element, icon, setText, show } from '../dom.ts';
import { quietButton } from './controls.ts';

/**
 * The numbers behind a picture, as a table over the page, for those who cannot see the picture or want to read it: as they were when it was
 * opened, page by page where there are many. Escape closes it, and the focus goes back to where it was.
 */
export class NumbersTable {
  readonly #dialog: HTMLDialogElement;
  readonly #data: Pick<PictureData, 'columns' | 'rows'>;
  readonly #table = element('table', { class: 'numbers-table' });
  readonly #caption: HTMLElement;
  readonly #scroller: HTMLElement;
  readonly #rows: Pager;
  readonly #columns: Pager;
  #place: PagePlace = { rowPage: 0, columnPage: 0 };

  private constructor(title: string, data: PictureData) {
    // Rows may be made when they are read: once.
    this.#data = { columns: data.columns, rows: data.rows };
    this.#rows = new Pager('row', (by) => this.#turn({ ...this.#place, rowPage: this.#place.rowPage + by }));
    this.#columns = new Pager('column', (by) =>
      this.#turn({ ...this.#place, columnPage: this.#place.columnPage + by }),
    );
    this.#scroller = element(
      'div',
      {
        class: 'numbers-scroller',
        tabindex: '0',
        role: 'region',
        'aria-label': l10n.t('Numbers: {title}', { title }),
        autofocus: true,
      },
      this.#table,
    );
    const close = element(
      'button',
      {
        type: 'button',
        class: 'quiet',
        'aria-label': l10n.t('Close the table'),
        title: l10n.t('Close (Escape)'),
        'data-testid': 'numbers-close',
      },
      icon('close'),
    );
    this.#dialog = element(
      'dialog',
      {
        class: 'numbers-dialog',
        'aria-labelledby': 'numbers-title',
        'aria-describedby': 'numbers-about',
        'data-testid': 'numbers-dialog',
      },
      element('header', { class: 'numbers-head' }, element('h2', { id: 'numbers-title' }, title), close),
      element('p', { class: 'numbers-about', id: 'numbers-about' }, aboutText(data)),
      element('div', { class: 'numbers-pages' }, this.#rows.element, this.#columns.element),
      this.#scroller,
    );
    close.addEventListener('click', () => this.#dialog.close());
    this.#dialog.addEventListener('close', () => this.#dialog.remove());
    // The head of the dialog says it to those who see it.
    this.#caption = element('caption', {}, element('span', { class: 'unseen' }, title));
    this.#show();
  }

  /** Opens the table over a page. */
  static open(page: HTMLElement, title: string, data: PictureData): void {
    const table = new NumbersTable(title, data);
    page.append(table.#dialog);
    table.#dialog.showModal();
  }

  #turn(place: PagePlace): void {
    this.#place = place;
    this.#show();
    this.#scroller.scrollTo(0, 0);
  }

  #show(): void {
    const page = tablePage(this.#data, this.#place);
    this.#rows.show(page.rows);
    this.#columns.show(page.columns);
    this.#table.replaceChildren(this.#caption, ...contentsOf(page));
  }
}

function contentsOf({ head, cells }: TablePage): HTMLElement[] {
  return [
    element('thead', {}, element('tr', {}, ...head.map((name) => element('th', { scope: 'col' }, bdi(name))))),
    element(
      'tbody',
      {},
      ...cells.map(([name, ...others]) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, bdi(name)),
          ...others.map((value) => element('td', {}, bdi(value))),
        ),
      ),
    ),
  ];
}

/** A symbol of a script that is written from right to left must not turn what stands beside it. */
function bdi(text: string): HTMLElement {
  return element('bdi', {}, text);
}

/** Which rows or columns are there, and the way to the others. */
class Pager {
  readonly element: HTMLElement;
  readonly #things: 'row' | 'column';
  readonly #text = element('span', { role: 'status' });
  readonly #before: HTMLButtonElement;
  readonly #next: HTMLButtonElement;

  constructor(things: 'row' | 'column', turn: (by: 1 | -1) => void) {
    this.#things = things;
    this.#before = quietButton(
      things === 'row' ? l10n.t('Rows before') : l10n.t('Columns before'),
      `numbers-${things}s-before`,
      'chevron-left',
      () => turn(-1),
    );
    this.#next = quietButton(
      things === 'row' ? l10n.t('Next rows') : l10n.t('Next columns'),
      `numbers-${things}s-next`,
      'chevron-right',
      () => turn(1),
    );
    this.element = element('span', { class: 'numbers-pager' }, this.#before, this.#text, this.#next);
  }

  show(stretch: TablePage['rows']): void {
    setText(this.#text, stretchText(stretch, this.#things));
    const isAll = stretch.end - stretch.from === stretch.of;
    show(this.#before, !isAll);
    show(this.#next, !isAll);
    this.#before.disabled = stretch.from === 0;
    this.#next.disabled = stretch.end === stretch.of;
  }
}
