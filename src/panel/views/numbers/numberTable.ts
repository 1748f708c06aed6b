import { element, setAttribute, setText } from '../../dom.ts';
import { formatRecomputable } from '../tape/values.ts';

/** Rows that belong to one quantity. */
export interface RowGroup {
  /** What is said of it: a formula, or a word. Of a single group that is the table's own caption there may be none. */
  readonly name?: Node | string;
  readonly title?: string;
  readonly rows: readonly string[];
}

export interface NumberTableOptions {
  readonly id: string;
  readonly caption: readonly (Node | string)[];
  /** The heads of the columns, the leading ones of the rows not counted. */
  readonly columns: readonly (Node | string)[];
  readonly groups: readonly RowGroup[];
}

/** The number of a cell; none where there is nothing. */
export type NumberOf = (group: number, row: number, column: number) => number | undefined;

/** A table of numbers with six significant digits; each cell carries its whole float64 as `data-value` and title. */
export class NumberTable {
  readonly element: HTMLElement;
  readonly #cells: readonly (readonly (readonly HTMLElement[])[])[];

  constructor({ id, caption, columns, groups }: NumberTableOptions) {
    const isNamed = groups.some(({ name }) => name !== undefined);
    const corner = element('td', { colspan: String(isNamed ? 2 : 1) });
    const heads = columns.map((head) => element('th', { scope: 'col' }, head));
    const cells = groups.map(({ rows }) => rows.map(() => columns.map(() => element('td'))));
    const bodies = groups.map((group, g) => bodyOf(group, cells[g]));
    this.#cells = cells;
    this.element = element(
      'table',
      { class: 'number-table', 'data-testid': `numbers-${id}` },
      element('caption', {}, ...caption),
      element('thead', {}, element('tr', {}, corner, ...heads)),
      ...bodies,
    );
  }

  update(numberOf: NumberOf): void {
    this.#each((cell, ...place) => {
      const value = numberOf(...place);
      const full = value === undefined ? '' : String(value);
      if (cell.dataset.value === full) return;
      cell.dataset.value = full;
      cell.title = full;
      setText(cell, value === undefined ? '' : formatRecomputable(value));
    });
  }

  /** Marks what belongs to the chosen time step, and what of a column is asked for. */
  mark(isChosen: (column: number) => boolean, isTarget: (group: number, row: number, column: number) => boolean): void {
    this.#each((cell, group, row, column) => {
      cell.toggleAttribute('data-chosen', isChosen(column));
      cell.toggleAttribute('data-target', isTarget(group, row, column));
    });
    this.element.querySelectorAll('thead th').forEach((head, column) => {
      head.toggleAttribute('data-chosen', isChosen(column));
      if (isChosen(column)) setAttribute(head, 'aria-current', 'true');
      else head.removeAttribute('aria-current');
    });
  }

  #each(visit: (cell: HTMLElement, group: number, row: number, column: number) => void): void {
    this.#cells.forEach((rows, g) =>
      rows.forEach((row, r) => row.forEach((cell, column) => visit(cell, g, r, column))),
    );
  }
}

function bodyOf({ name, title, rows }: RowGroup, cells: readonly (readonly HTMLElement[])[]): HTMLElement {
  const of =
    name === undefined
      ? undefined
      : element('th', { scope: 'rowgroup', rowspan: String(rows.length), class: 'number-name', title }, name);
  return element(
    'tbody',
    {},
    ...rows.map((label, row) =>
      element(
        'tr',
        {},
        ...(row === 0 && of !== undefined ? [of] : []),
        element('th', { scope: 'row' }, label),
        ...cells[row],
      ),
    ),
  );
}
