import type { PictureData, PictureValue } from './pictureData.ts';

/**
 * The numbers of a picture as files. Numbers are written with all digits that they have; those that are not finite are
 * spelled NaN, Infinity and -Infinity, which pandas, NumPy, R and spreadsheets read or leave as words.
 */

/**
 * As CSV after RFC 4180: a line of names, then one line a row, ended by CR LF, in UTF-8 without a byte order mark. What the
 * numbers belong to stands before it, on lines that begin with "#": `pandas.read_csv(file, comment='#')` leaves them out, in a
 * spreadsheet they are rows above the table. A missing value is an empty field.
 */
export function csvOf({ about, columns, rows }: PictureData): string {
  const comments = Object.entries(about).map(([key, value]) => `# ${key}: ${oneLine(spelled(value))}`);
  const table = [columns, ...rows].map((row) => row.map(field).join(','));
  return [...comments, ...table].map((line) => `${line}\r\n`).join('');
}

/** As JSON: `about`, `columns` and `rows`. JSON has no NaN and no infinity: those are strings there. */
export function jsonOf({ about, columns, rows }: PictureData): string {
  const parts = Object.entries({ about, columns }).map(
    ([key, value]) => `"${key}": ${JSON.stringify(value, replacer, 1).replaceAll(/\n\s*/g, ' ')}`,
  );
  // One row a line: readable, and small beside what an indented form would be.
  const lines = rows.map((row) => JSON.stringify(row, replacer));
  return `{\n${parts.join(',\n')},\n"rows": [\n${lines.join(',\n')}\n]\n}\n`;
}

function replacer(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

function field(value: PictureValue): string {
  const text = spelled(value);
  // A field that holds a "#" is quoted too, or a reader that leaves comments out would end the line there.
  const needsQuotes = /[",\r\n#]|^\s|\s$/.test(text) || (text === '' && value !== null);
  return needsQuotes ? `"${text.replaceAll('"', '""')}"` : text;
}

function spelled(value: PictureValue): string {
  return value === null ? '' : String(value);
}

function oneLine(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ');
}
