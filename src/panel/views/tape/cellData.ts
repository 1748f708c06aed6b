import type { StepDetail } from '../../../protocol/study.ts';
import { aboutRun, pictureName, type PictureData } from '../../charts/pictureData.ts';
import type { MirroredRun } from '../../state/mirror.ts';
import type { VectorAxis } from './stepContent.ts';
import { symbolsOf } from './tapeText.ts';

type VectorName = {
  [K in keyof StepDetail]: StepDetail[K] extends Float64Array ? K : never;
}[keyof StepDetail];
type Listed = readonly (readonly [name: Exclude<VectorName, 'stepNorm' | 'topProbability'>, axis: VectorAxis])[];

const SIDE_A_VECTORS: Listed = [
  ['aPrevious', 'unit'],
  ['h', 'unit'],
  ['a', 'unit'],
  ['o', 'symbol'],
  ['yhat', 'symbol'],
];
const SIDE_B_VECTORS: Listed = [
  ['dyhat', 'symbol'],
  ['do', 'symbol'],
  ['daOwn', 'unit'],
  ['daFuture', 'unit'],
  ['da', 'unit'],
  ['dh', 'unit'],
  ['message', 'unit'],
];

/** Every number of one side of a cell as a table: a row per number. */
export function cellData(cell: StepDetail, side: 'A' | 'B', run: MirroredRun): PictureData {
  const symbolOf = symbolsOf(run.description.facts);
  const { iteration, stream, t } = cell;
  const vectors = side === 'A' ? SIDE_A_VECTORS : SIDE_B_VECTORS;
  return {
    name: pictureName(run, `side-${side.toLowerCase()}`, iteration, 'stream', stream, 't', t),
    about: {
      ...aboutRun(run),
      iteration,
      stream,
      t,
      N: cell.N,
      input: symbolOf(cell.input),
      target: symbolOf(cell.target),
      L: cell.lossNats,
      gradients: 'before clipping',
      ...(side === 'B' &&
        Object.fromEntries(Array.from(cell.stepNorm, (norm, index) => [`norm_of_step_${index + 1}`, norm]))),
    },
    columns: ['quantity', 'index', 'symbol', 'value'],
    rows: vectors.flatMap(([name, axis]) =>
      Array.from(cell[name], (value, index) => [name, index, axis === 'symbol' ? symbolOf(index) : null, value]),
    ),
  };
}
