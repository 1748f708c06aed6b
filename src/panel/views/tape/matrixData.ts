import type { Matrix } from '../../../protocol/study.ts';
import { aboutRun, pictureName, type PictureData } from '../../charts/pictureData.ts';
import type { MirroredRun } from '../../state/mirror.ts';
import { isParameter } from '../../../network/names.ts';
import { MATRICES } from './matrixFacts.ts';
import { symbolsOf } from './tapeText.ts';

/** The numbers of a matrix as a table: a row per row, which are made when they are first read, since there may be millions of numbers. */
export function matrixData(matrix: Matrix, run: MirroredRun): PictureData {
  const { iteration, stream, t, name, values, columns } = matrix;
  const symbolOf = symbolsOf(run.description.facts);
  const entry = (axis: 'symbol' | 'unit', index: number): string =>
    axis === 'symbol' ? symbolOf(index) : String(index);
  const isShared = isParameter(name);
  return {
    name: pictureName(run, name, iteration, ...(isShared ? [] : ['stream', stream, 't', t])),
    about: {
      ...aboutRun(run),
      matrix: name,
      iteration,
      ...(!isShared && { stream, t, gradients: 'before clipping' }),
    },
    columns: [
      MATRICES[name].rows,
      ...Array.from({ length: columns }, (_, column) => entry(MATRICES[name].columns, column)),
    ],
    get rows() {
      return Array.from({ length: matrix.rows }, (_, row) => [
        entry(MATRICES[name].rows, row),
        ...values.subarray(row * columns, (row + 1) * columns),
      ]);
    },
  };
}
