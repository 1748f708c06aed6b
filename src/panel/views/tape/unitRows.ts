import type { StepDetail } from '../../../protocol/study.ts';
import { element, setAttribute, setText, show } from '../../dom.ts';
import { mathElement } from './mathElement.ts';
import type { UnitColumn, UnitGroup } from './unitColumns.ts';
import { columnsOf, sortingText, UNIT, unitText, type UnitSorting } from './unitTable.ts';

/** Numbers that stand in the table at once: more of them come with a button, since a cell may have thousands of units. */
const NUMBERS_AT_ONCE = 3000;
const PAGE = 10;
/** How far an arrow key scrolls, about a column. */
const SCROLLED_PIXELS = 90;

export interface UnitRowsOptions {
  readonly sort: (column: string) => void;
  readonly openStep: (step: number) => void;
  readonly follow: (unit: number) => void;
  readonly point: (unit: number | null) => void;
  /** More rows were asked for. */
  readonly changed: () => void;
}

export interface ShownUnits {
  readonly groups: readonly UnitGroup[];
  readonly detail: StepDetail;
  /** All units, in the order of the table. */
  readonly order: readonly number[];
  readonly sorting: UnitSorting;
  /** It is in the table in any case. */
  readonly followed: number | undefined;
}

interface Row {
  readonly element: HTMLElement;
  readonly button: HTMLButtonElement;
  readonly cells: readonly HTMLElement[];
  unit: number;
}

/** The table itself: heads that sort, and the rows of units, which are filled anew rather than made anew. */
export class UnitRows {
  readonly element: HTMLElement;
  readonly #options: UnitRowsOptions;
  readonly #scroller: HTMLElement;
  readonly #head = element('thead');
  readonly #body = element('tbody');
  readonly #more = element('button', { type: 'button', class: 'toggle', 'data-testid': 'units-more', hidden: true });
  readonly #heads = new Map<
    string,
    { readonly head: HTMLElement; readonly button: HTMLElement; readonly title: string }
  >();
  readonly #rows: Row[] = [];
  #groups: readonly UnitGroup[] = [];
  /** How many times as many rows as at first a person asked for. */
  #pages = 1;
  #at = 0;
  #followed: number | undefined;

  constructor(options: UnitRowsOptions) {
    this.#options = options;
    const table = element(
      'table',
      { 'aria-labelledby': 'units-title', 'data-testid': 'unit-table' },
      this.#head,
      this.#body,
    );
    this.#scroller = element('div', { class: 'unit-scroller' }, table);
    this.element = element('div', { class: 'unit-table' }, this.#scroller, this.#more);
    this.#more.addEventListener('click', () => {
      this.#pages++;
      this.#options.changed();
    });
    this.#body.addEventListener('pointerover', (event) => this.#options.point(this.#unitAt(event.target) ?? null));
    this.#body.addEventListener('pointerleave', () => this.#options.point(null));
    this.#body.addEventListener('click', (event) => {
      const unit = this.#unitAt(event.target);
      if (unit !== undefined) this.#options.follow(unit);
    });
    this.#body.addEventListener('focusin', (event) => {
      const unit = this.#unitAt(event.target);
      if (unit === undefined) return;
      this.#at = this.#rows.findIndex((row) => row.unit === unit);
      this.#roam();
      this.#options.point(unit);
    });
    this.#body.addEventListener('focusout', () => this.#options.point(null));
    this.#body.addEventListener('keydown', (event) => this.#keyDown(event));
  }

  /** How many times the first rows are shown: what is to be shown depends on it. */
  get most(): number {
    return this.#pages;
  }

  show({ groups, detail, order, sorting, followed }: ShownUnits): void {
    const columns = columnsOf(groups);
    if (groups !== this.#groups) this.#begin(groups);
    for (const [key, { head, button, title }] of this.#heads) {
      const isSorted = key === sorting.column;
      setAttribute(head, 'aria-sort', isSorted ? (sorting.descending ? 'descending' : 'ascending') : 'none');
      const sorted = isSorted ? `sorted: ${sortingText(sorting)}` : 'sort';
      setAttribute(button, 'title', `${title} – ${sorted}`);
      setAttribute(head, 'data-by', isSorted ? sorting.key : '');
    }
    const most = this.#pages * Math.max(20, Math.floor(NUMBERS_AT_ONCE / columns.length));
    const shown = order.slice(0, most);
    // The one that is followed is never out of sight for being far down in the order.
    if (followed !== undefined && followed < order.length && !shown.includes(followed)) shown.unshift(followed);
    this.#fill(shown, columns, detail);
    show(this.#more, shown.length < order.length);
    setText(this.#more, `Show more: ${shown.length} of ${order.length} units are in the table`);
    const hasChanged = this.#followed !== followed;
    this.#followed = followed;
    if (!hasChanged || followed === undefined) return;
    this.#at = shown.indexOf(followed);
    this.#roam();
    this.#bringIntoSight(this.#rows[this.#at]);
  }

  /** Marks the row of the unit that is pointed at or followed. */
  mark(unit: number | undefined): void {
    for (const row of this.#rows) {
      row.element.toggleAttribute('data-marked', row.unit === unit);
      setAttribute(row.button, 'aria-pressed', String(row.unit === this.#followed));
    }
  }

  /** Goes to a column. */
  reveal(key: string): void {
    const found = this.#heads.get(key);
    if (found === undefined) return;
    found.button.focus({ preventScroll: true });
    const left = found.head.offsetLeft - this.#unitWidth;
    const right = found.head.offsetLeft + found.head.offsetWidth + this.#pinnedWidth - this.#scroller.clientWidth;
    const { scrollLeft } = this.#scroller;
    this.#scroller.scrollLeft = Math.min(Math.max(scrollLeft, right), left);
  }

  /** Of the first column, which stays in sight. */
  get #unitWidth(): number {
    return this.#heads.get(UNIT)?.head.offsetWidth ?? 0;
  }

  /** Of the last column, where it stays in sight. */
  get #pinnedWidth(): number {
    const head = this.#head.querySelector<HTMLElement>('tr:last-child > :last-child');
    return head !== null && getComputedStyle(head).position === 'sticky' ? head.offsetWidth : 0;
  }

  #begin(groups: readonly UnitGroup[]): void {
    this.#groups = groups;
    this.#heads.clear();
    this.#rows.length = 0;
    this.#body.replaceChildren();
    const above = groups.map(({ step, columns }) => {
      const inGroup = { scope: 'colgroup', colspan: String(columns.length) };
      if (step === undefined) return element('th', inGroup, 'side A');
      const button = element('button', { type: 'button', 'data-testid': `units-step-${step}` }, `step ${step}`);
      button.title = `Open step ${step} of side B`;
      button.addEventListener('click', () => this.#options.openStep(step));
      return element('th', inGroup, button);
    });
    const heads = groups.flatMap(({ columns }) => columns.map((column, index) => this.#headOf(column, index === 0)));
    this.#head.replaceChildren(
      element('tr', { class: 'unit-groups' }, element('td'), ...above),
      element(
        'tr',
        {},
        this.#headOf({ key: UNIT, label: UNIT, isFormula: false, title: 'Hidden units, counted from 0' }, true),
        ...heads,
      ),
    );
  }

  #headOf({ key, label, isFormula, title }: Omit<UnitColumn, 'valuesOf'>, isFirst: boolean): HTMLElement {
    const name = isFormula ? mathElement({ markup: label }) : label;
    const button = element('button', { type: 'button', 'data-sort': key, 'data-testid': `units-sort-${key}` }, name);
    button.addEventListener('click', () => {
      this.#options.sort(key);
      this.#scroller.scrollTop = 0;
    });
    const head = element('th', { scope: 'col', 'data-first': isFirst }, button);
    this.#heads.set(key, { head, button, title });
    return head;
  }

  #fill(units: readonly number[], columns: readonly UnitColumn[], detail: StepDetail): void {
    const firsts = new Set(this.#groups.map(({ columns: [first] }) => first));
    while (this.#rows.length < units.length) {
      const row = rowOf(columns.map((column) => ({ key: column.key, isFirst: firsts.has(column) })));
      this.#rows.push(row);
      this.#body.append(row.element);
    }
    for (const { element: surplus } of this.#rows.splice(units.length)) surplus.remove();
    const vectors = columns.map((column) => column.valuesOf(detail));
    this.#rows.forEach((row, index) => {
      const unit = units[index];
      row.unit = unit;
      setAttribute(row.element, 'data-index', String(unit));
      setText(row.button, String(unit));
      setAttribute(row.button, 'aria-label', `unit ${unit}`);
      row.cells.forEach((cell, at) => {
        const value = vectors[at][unit];
        const full = String(value);
        if (cell.dataset.value === full) return;
        cell.dataset.value = full;
        cell.title = full;
        cell.textContent = unitText(columns[at], value);
      });
    });
    this.#at = Math.min(this.#at, this.#rows.length - 1);
    this.#roam();
  }

  /** One row can be reached by Tab, the others by arrows from there. */
  #roam(): void {
    this.#rows.forEach(({ button }, index) => setAttribute(button, 'tabindex', index === this.#at ? '0' : '-1'));
  }

  #unitAt(target: EventTarget | null): number | undefined {
    const row = target instanceof Element ? target.closest('tr') : null;
    return this.#rows.find((one) => one.element === row)?.unit;
  }

  #bringIntoSight({ element: row }: Row): void {
    const above = this.#head.offsetHeight;
    const [top, bottom] = [row.offsetTop - above, row.offsetTop + row.offsetHeight - this.#scroller.clientHeight];
    this.#scroller.scrollTop = Math.min(Math.max(this.#scroller.scrollTop, bottom), top);
  }

  #keyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const last = this.#rows.length - 1;
    const targets: Readonly<Record<string, number>> = {
      ArrowUp: this.#at - 1,
      ArrowDown: this.#at + 1,
      PageUp: this.#at - PAGE,
      PageDown: this.#at + PAGE,
      Home: 0,
      End: last,
    };
    const scrolls: Readonly<Record<string, number>> = { ArrowLeft: -SCROLLED_PIXELS, ArrowRight: SCROLLED_PIXELS };
    if (event.key in scrolls) this.#scroller.scrollLeft += scrolls[event.key];
    else if (event.key in targets) {
      const row = this.#rows[Math.min(Math.max(targets[event.key], 0), last)];
      row.button.focus({ preventScroll: true });
      this.#bringIntoSight(row);
    } else return;
    event.preventDefault();
  }
}

/** An empty row: the unit, which is chosen by its button, and a cell a column. */
function rowOf(columns: readonly { readonly key: string; readonly isFirst: boolean }[]): Row {
  const button = element('button', { type: 'button', class: 'unit-button', 'aria-pressed': 'false' });
  const cells = columns.map(({ key, isFirst }) => element('td', { 'data-column': key, 'data-first': isFirst }));
  const row = element('tr', {}, element('th', { scope: 'row' }, button), ...cells);
  return { element: row, button, cells, unit: -1 };
}
