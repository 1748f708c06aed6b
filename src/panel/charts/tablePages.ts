import { l10n } from '../../common/l10n.ts';
import { groupDigits, isolated, visibleSymbol } from '../../common/written.ts';
import type { PictureData, PictureValue } from './pictureData.ts';

/** The numbers of a picture as a table that is read page by page: which rows and columns a page has, and how they are written. Pure. */

/** Of one page: no screen holds more, and a page of so many cells is built at once. */
const ROWS_A_PAGE = 100;
/** Besides the first, which names the row and is on every page. */
const COLUMNS_A_PAGE = 16;
const DIGITS = 6;

/** A stretch of rows or columns, from the first to before the end, both counted from 0. */
export interface Stretch {
  readonly from: number;
  readonly end: number;
  readonly of: number;
}

export interface TablePage {
  readonly rows: Stretch;
  /** Of the columns after the first. */
  readonly columns: Stretch;
  readonly head: readonly string[];
  readonly cells: readonly (readonly string[])[];
}

export interface PagePlace {
  readonly rowPage: number;
  readonly columnPage: number;
}

/** The page at a place, or the nearest that there is. */
export function tablePage({ columns, rows }: Pick<PictureData, 'columns' | 'rows'>, place: PagePlace): TablePage {
  const shownRows = stretch(rows.length, ROWS_A_PAGE, place.rowPage);
  const shownColumns = stretch(columns.length - 1, COLUMNS_A_PAGE, place.columnPage);
  const ofPage = <Value>(row: readonly Value[]): Value[] => [
    row[0],
    ...row.slice(1 + shownColumns.from, 1 + shownColumns.end),
  ];
  return {
    rows: shownRows,
    columns: shownColumns,
    head: ofPage(columns).map(cellText),
    cells: rows.slice(shownRows.from, shownRows.end).map((row) => ofPage(row).map(cellText)),
  };
}

function stretch(of: number, size: number, page: number): Stretch {
  const last = Math.max(0, Math.ceil(of / size) - 1);
  const from = Math.min(Math.max(page, 0), last) * size;
  return { from, end: Math.min(of, from + size), of };
}

/** "Rows 101–200 of 3 321", and where all of them are there how many: "25 rows". */
export function stretchText({ from, end, of }: Stretch, things: 'row' | 'column'): string {
  const count = groupDigits(of);
  if (end - from === of) {
    if (things === 'row') return of === 1 ? l10n.t('1 row') : l10n.t('{count} rows', { count });
    return of === 1 ? l10n.t('1 column') : l10n.t('{count} columns', { count });
  }
  const shown = { from: groupDigits(from + 1), to: groupDigits(end), count };
  return things === 'row'
    ? l10n.t('Rows {from}–{to} of {count}', shown)
    : l10n.t('Columns {from}–{to} of {count}', shown);
}

/** A value as it is read: six significant digits. What is saved as CSV has all that there are. */
export function cellText(value: PictureValue): string {
  if (value === null) return '';
  // A space or a line end alone in its cell could not be seen.
  if (typeof value === 'string') return Array.from(value).length === 1 ? visibleSymbol(value) : value;
  if (Number.isNaN(value)) return l10n.t('not a number');
  if (!Number.isFinite(value)) return value > 0 ? l10n.t('infinite') : l10n.t('−infinite');
  if (Number.isSafeInteger(value)) return String(value);
  return String(Number(value.toPrecision(DIGITS)));
}

/** What the numbers belong to, on one line: "file sample.txt · H 128 · …". */
export function aboutText({ about }: Pick<PictureData, 'about'>): string {
  return Object.entries(about)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key} ${typeof value === 'number' ? Number(value.toPrecision(4)) : isolated(value ?? '')}`)
    .join(' · ');
}
