import type { Matrix } from '../../../protocol/study.ts';
import { aboutRun, pictureName, type PictureData } from '../../charts/pictureData.ts';
import type { MirroredRun } from '../../state/mirror.ts';
import { isShared } from '../../network/quantities.ts';
import { matricesOf } from './matrices.ts';
import { symbolsOf } from './tapeText.ts';

/** The numbers of a matrix as a table: a row per row, which are made when they are first read, since there may be millions of numbers. */
export function matrixData(matrix: Matrix, run: MirroredRun): PictureData {
  const { iteration, stream, t, name, values, columns } = matrix;
  const symbolOf = symbolsOf(run.description.facts);
  const entry = (axis: 'symbol' | 'unit', index: number): string =>
    axis === 'symbol' ? symbolOf(index) : String(index);
  const isOfRun = isShared(run.network, name);
  const described = matricesOf(run.network).get(name) ?? { rows: 'unit' as const, columns: 'unit' as const };
  return {
    name: pictureName(run, name, iteration, ...(isOfRun ? [] : ['stream', stream, 't', t])),
    about: {
      ...aboutRun(run),
      matrix: name,
      iteration,
      ...(!isOfRun && { stream, t, gradients: 'before clipping' }),
    },
    columns: [described.rows, ...Array.from({ length: columns }, (_, column) => entry(described.columns, column))],
    get rows() {
      return Array.from({ length: matrix.rows }, (_, row) => [
        entry(described.rows, row),
        ...values.subarray(row * columns, (row + 1) * columns),
      ]);
    },
  };
}
