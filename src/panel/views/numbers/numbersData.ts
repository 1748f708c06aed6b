import { errorName, shapeOf } from '../../../network/network.ts';
import type { WindowSizes } from '../../../network/windowNumbers.ts';
import type { Numbers } from '../../../protocol/study.ts';
import { aboutRun, pictureName, type PictureData, type PictureValue } from '../../charts/pictureData.ts';
import type { MirroredRun } from '../../state/mirror.ts';
import { rowsOfSideA, rowsOfSideB } from './numberRows.ts';

/** All numbers of a window as a table: a row per number, with its time step where it has one (−1: what comes in). */
export function numbersData(numbers: Numbers, run: MirroredRun, sizes: WindowSizes): PictureData {
  const { network, description } = run;
  const symbols = description.facts?.vocabulary ?? [];
  const { iteration, stream, N, T } = numbers;
  const ofSteps = [...rowsOfSideA(network, sizes)(numbers), ...rowsOfSideB(network, sizes)(numbers)].flatMap(
    ({ name, axis, at }): PictureValue[][] => {
      const rows = axis === undefined ? 1 : sizes[axis];
      return Array.from({ length: T + 1 }, (_, index) => index - 1).flatMap((t) =>
        Array.from({ length: rows }, (_, row): PictureValue[] => [
          name,
          t,
          row,
          axis === 'V' ? symbols[row] : null,
          null,
          at(row, t) ?? null,
        ]).filter((line) => line[5] !== null),
      );
    },
  );
  const ofParameters = network.parameters.flatMap((parameter) => {
    const { name } = parameter;
    const [rows, columns = 1] = shapeOf(parameter, sizes);
    const isMatrix = parameter.axes.length > 1;
    return [[name, numbers.parameters[name]] as const, [errorName(name), numbers.gradients[name]] as const].flatMap(
      ([quantity, values]) =>
        Array.from({ length: rows * columns }, (_, at): PictureValue[] => [
          quantity,
          null,
          Math.floor(at / columns),
          parameter.axes[0] === 'V' ? symbols[Math.floor(at / columns)] : null,
          isMatrix ? at % columns : null,
          values[at],
        ]),
    );
  });
  return {
    name: pictureName(run, 'numbers', iteration, ...(description.settings.batchSize > 1 ? ['stream', stream] : [])),
    about: { ...aboutRun(run), iteration, stream, N, parameters: 'before the update', gradients: 'before clipping' },
    columns: ['quantity', 't', 'row', 'symbol', 'column', 'value'],
    rows: [...ofSteps, ...ofParameters],
  };
}
