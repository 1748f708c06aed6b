import type { Spread } from './statistics.ts';

/** What a section shows: a heading, the names of the columns, and rows of text. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The table as lines: the first column to the left, the others to the right, as numbers are read. */
export function formatTable({ title, columns, rows }: Table): string {
  const lines = [columns, ...rows];
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  const formatted = lines.map((line) =>
    widths
      .map((width, column) => (column === 0 ? (line[0] ?? '').padEnd(width) : (line[column] ?? '').padStart(width)))
      .join('  ')
      .trimEnd(),
  );
  return [title, ...formatted.map((line) => `  ${line}`)].join('\n');
}

/** A whole number with a comma after every three digits. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** The median, and the least and the greatest behind it. */
export function countSpread({ median, least, greatest }: Spread): string {
  return `${count(median)} (${count(least)}–${count(greatest)})`;
}

/** A ratio with its spread, in three digits. */
export function ratioSpread({ median, least, greatest }: Spread): string {
  return `${times(median)} (${times(least)}–${times(greatest)})`;
}

export function times(ratio: number): string {
  return ratio.toPrecision(ratio < 1 ? 2 : 3);
}

/** A share with one digit after the point. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** Bytes in units of 2^20. */
export function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}
