import type { RunDescription } from '../../../protocol/panel.ts';
import type { Matrix } from '../../../protocol/study.ts';
import type { PictureData } from '../../charts/pictureData.ts';
import { MATRICES } from './matrixFacts.ts';
import { symbolsOf } from './tapeText.ts';

/** The numbers of a matrix as a table: a row per row. */
export function matrixData(matrix: Matrix, { fileName, facts }: RunDescription): PictureData {
  const { iteration, stream, t, name, values, columns } = matrix;
  const symbolOf = symbolsOf(facts);
  const entry = (axis: 'symbol' | 'unit', index: number): string =>
    axis === 'symbol' ? symbolOf(index) : String(index);
  return {
    name: `${name}-iteration-${iteration}-stream-${stream}-t-${t}`,
    about: { file: fileName, matrix: name, iteration, stream, t, gradients: 'before clipping' },
    columns: [
      MATRICES[name].rows,
      ...Array.from({ length: columns }, (_, column) => entry(MATRICES[name].columns, column)),
    ],
    rows: Array.from({ length: matrix.rows }, (_, row) => [
      entry(MATRICES[name].rows, row),
      ...values.subarray(row * columns, (row + 1) * columns),
    ]),
  };
}
