import type { Activation } from '../../../network/description.ts';
import { SLOPE_AT } from '../../../network/slopeAt.ts';
import type { StepDetail } from '../../../protocol/study.ts';
import { aboutRun, pictureName, type PictureData } from '../../charts/pictureData.ts';
import type { MirroredRun } from '../../state/mirror.ts';
import { symbolsOf } from './tapeText.ts';
import type { UnitColumn, UnitGroup } from './unitColumns.ts';
import { formatDigits, sortedIndices, type Sorting } from './values.ts';

/** The numbers of the table of a cell: how they are written, sorted and saved. No DOM. */

/** By which column the units are sorted; by their own index as long as it is `UNIT`. */
export interface UnitSorting extends Sorting {
  readonly column: string;
}
export const UNIT = 'unit';

/** Significant digits of every number. */
export const DIGITS = 6;
/** A double has no more. */
const MOST_DIGITS = 17;

/** A number of a column to six significant digits; of what a function gave, so many that its slope comes out to six. */
export function unitText({ gaveBy }: Pick<UnitColumn, 'gaveBy'>, value: number): string {
  return formatDigits(value, gaveBy === undefined ? DIGITS : digitsFor(gaveBy, value));
}

/** The digits of what a function gave from which its slope follows to six: of tanh near 1 more of them, the nearer it is. */
export function digitsFor(activation: Activation, gave: number): number {
  const slopeOf = SLOPE_AT[activation];
  const wanted = slopeOf(gave).toPrecision(DIGITS);
  for (let digits = DIGITS; digits < MOST_DIGITS; digits++) {
    if (slopeOf(Number(gave.toPrecision(digits))).toPrecision(DIGITS) === wanted) return digits;
  }
  return MOST_DIGITS;
}

/** The columns of groups, one after another. */
export function columnsOf(groups: readonly UnitGroup[]): readonly UnitColumn[] {
  return groups.flatMap(({ columns }) => columns);
}

/** The units in the order asked for; in their own where the column is not there. */
export function sortedUnits(
  columns: readonly UnitColumn[],
  numbers: StepDetail,
  units: number,
  sorting: UnitSorting,
): readonly number[] {
  const column = columns.find(({ key }) => key === sorting.column);
  if (column !== undefined) return sortedIndices(column.valuesOf(numbers), sorting);
  const descending = sorting.column === UNIT && sorting.descending;
  return sortedIndices({ length: units }, { key: 'index', descending });
}

/** What comes after an order when its column is chosen again: of numbers by size, then by value, both ends first; of units the two ways. */
export function nextSorting({ column, key, descending }: UnitSorting, chosen: string): UnitSorting {
  const isAgain = column === chosen;
  if (chosen === UNIT) return { column: UNIT, key: 'index', descending: isAgain && !descending };
  if (!isAgain) return { column: chosen, key: 'magnitude', descending: true };
  if (key === 'magnitude') return { column, key: 'value', descending: true };
  return descending ? { column, key: 'value', descending: false } : { column, key: 'magnitude', descending: true };
}

/** What an order is, in words. */
export function sortingText({ key, descending }: Sorting): string {
  if (key === 'index') return descending ? 'last unit first' : 'first unit first';
  const end = descending ? 'largest' : 'smallest';
  return key === 'magnitude' ? `${end} |value| first` : `${end} value first`;
}

/** The table as it is shown: its columns, a row a unit in the order of the screen, every number with all of its digits. */
export function unitTableData(
  groups: readonly UnitGroup[],
  numbers: StepDetail,
  run: MirroredRun,
  { layer, order }: { readonly layer: number; readonly order: readonly number[] },
): PictureData {
  const columns = columnsOf(groups);
  const symbolOf = symbolsOf(run.description.facts);
  const { iteration, stream, t, N } = numbers;
  return {
    name: pictureName(
      run,
      'cell',
      ...(run.network.layers > 1 ? ['layer', layer] : []),
      iteration,
      'stream',
      stream,
      't',
      t,
    ),
    about: {
      ...aboutRun(run),
      iteration,
      stream,
      t,
      layer,
      N,
      input: symbolOf(numbers.input),
      target: symbolOf(numbers.target),
      gradients: 'before clipping',
    },
    columns: [UNIT, ...columns.map(({ key }) => key)],
    // Opening the menu of a figure asks for the data: the table is made only where it is read.
    get rows() {
      const vectors = columns.map((column) => column.valuesOf(numbers));
      return order.map((unit) => [unit, ...vectors.map((values) => values[unit])]);
    },
  };
}

/** The same as text for spreadsheets: a line of names, a line a unit, columns apart by tabulators. */
export function asTabbed({ columns, rows }: PictureData): string {
  return [columns, ...rows].map((row) => `${row.join('\t')}\n`).join('');
}
