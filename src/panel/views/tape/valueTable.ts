import { element, setAttribute } from '../../dom.ts';
import { formatValue, sortedIndices, type SortKey, type Sorting } from './values.ts';

/** Rows that are built at once; more of them come with a button, since some vectors have thousands. */
const ROWS_AT_ONCE = 512;
const COLUMNS: readonly { readonly key: SortKey; readonly label: (of: string) => string }[] = [
  { key: 'index', label: (of) => of },
  { key: 'value', label: () => 'value' },
  { key: 'magnitude', label: () => '|value|' },
];

/** The numbers of a vector, in the order of any of its columns. The cells carry the whole float64 as `data-value`. */
export class ValueTable {
  readonly element: HTMLElement;
  readonly #body = element('tbody');
  readonly #more: HTMLButtonElement;
  readonly #heads = new Map<SortKey, HTMLElement>();
  readonly #nameOf: (index: number) => string;
  #values: Float64Array = new Float64Array();
  #sorting: Sorting = { key: 'index', descending: false };
  #most = ROWS_AT_ONCE;

  /**
   * @param label for screen readers.
   * @param indexLabel what the index counts: unit or class.
   */
  constructor(label: string, indexLabel: string, nameOf: (index: number) => string) {
    this.#nameOf = nameOf;
    this.#more = element('button', { type: 'button', class: 'toggle' });
    this.#more.addEventListener('click', () => {
      this.#most = Infinity;
      this.#fill();
    });
    const table = element(
      'table',
      { 'aria-label': label },
      element('thead', {}, element('tr', {}, ...COLUMNS.map(({ key, label: of }) => this.#head(key, of(indexLabel))))),
      this.#body,
    );
    this.element = element('div', { class: 'value-table', tabindex: '0', role: 'region', 'aria-label': label }, table);
    this.element.append(this.#more);
  }

  update(values: Float64Array): void {
    if (this.#values === values) return;
    this.#values = values;
    this.#fill();
  }

  #head(key: SortKey, label: string): HTMLElement {
    const button = element('button', { type: 'button', 'data-sort': key }, label);
    button.addEventListener('click', () => this.#sort(key));
    const head = element('th', { scope: 'col' }, button);
    this.#heads.set(key, head);
    return head;
  }

  /** Numbers begin with the largest, the index with the first; again turns the order round. */
  #sort(key: SortKey): void {
    const descending = this.#sorting.key === key ? !this.#sorting.descending : key !== 'index';
    this.#sorting = { key, descending };
    this.#fill();
    this.element.scrollTop = 0;
  }

  #fill(): void {
    for (const [key, head] of this.#heads) {
      const direction = this.#sorting.descending ? 'descending' : 'ascending';
      setAttribute(head, 'aria-sort', key === this.#sorting.key ? direction : 'none');
    }
    const order = sortedIndices(this.#values, this.#sorting);
    this.#body.replaceChildren(...order.slice(0, this.#most).map((index) => this.#row(index)));
    this.#more.hidden = order.length <= this.#most;
    this.#more.textContent = `Show all ${order.length}`;
  }

  #row(index: number): HTMLElement {
    const value = this.#values[index];
    const full = String(value);
    return element(
      'tr',
      { 'data-index': String(index) },
      element('th', { scope: 'row' }, this.#nameOf(index)),
      element('td', { 'data-value': full, title: full }, formatValue(value)),
      element('td', {}, formatValue(Math.abs(value))),
    );
  }
}
