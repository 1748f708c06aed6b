import { errorName, type Network } from '../../../network/network.ts';
import { aboutRun, pictureName, type PictureData } from '../../charts/pictureData.ts';
import { axisOf } from '../../network/quantities.ts';
import type { MirroredRun } from '../../state/mirror.ts';
import { vectorOf } from '../../state/vectorOf.ts';
import type { StepDetail } from '../../../protocol/study.ts';
import { idOf } from '../../network/notation.ts';
import type { VectorAxis } from './shownVectors.ts';
import { sideA } from './sideA.ts';
import { symbolsOf } from './tapeText.ts';

interface Listed {
  readonly name: string;
  readonly axis: VectorAxis;
  readonly values: Float64Array;
}

/** The vectors of side A, in its order. */
function vectorsOfSideA(network: Network, numbers: StepDetail): Listed[] {
  return sideA(network)
    .filter(({ kind }) => kind === 'vector')
    .map(({ ref }) => ({ name: idOf(ref), axis: axisOf(network, ref), values: vectorOf(numbers, ref) }));
}

/** The vectors of side B in the order of its steps: the errors, those of states after their two parts, and the messages. */
function vectorsOfSideB(network: Network, { errors, own, future, messages }: StepDetail): Listed[] {
  const unit = (name: string, values: Float64Array): Listed => ({ name, axis: 'unit', values });
  return network.steps.flatMap((step): Listed[] => {
    if (step.kind === 'message') {
      return [unit(network.states.length === 1 ? 'message' : `message_${step.to}`, messages[step.to])];
    }
    if (step.kind !== 'error') return [];
    const name = errorName(step.of);
    const parts = network.states.includes(step.of)
      ? [unit(`${name}Own`, own[step.of]), unit(`${name}Future`, future[step.of])]
      : [];
    return [...parts, { name, axis: axisOf(network, step.of), values: errors[step.of] }];
  });
}

/** Every number of one side of a time step as a table: a row per number. */
export function detailData(detail: StepDetail, side: 'A' | 'B', run: MirroredRun): PictureData {
  const symbolOf = symbolsOf(run.description.facts);
  const { iteration, stream, t } = detail;
  const vectors = side === 'A' ? vectorsOfSideA(run.network, detail) : vectorsOfSideB(run.network, detail);
  return {
    name: pictureName(run, `side-${side.toLowerCase()}`, iteration, 'stream', stream, 't', t),
    about: {
      ...aboutRun(run),
      iteration,
      stream,
      t,
      N: detail.N,
      input: symbolOf(detail.input),
      target: symbolOf(detail.target),
      L: detail.lossNats,
      gradients: 'before clipping',
      ...(side === 'B' &&
        Object.fromEntries(Array.from(detail.stepNorm, (norm, index) => [`norm_of_step_${index + 1}`, norm]))),
    },
    columns: ['quantity', 'index', 'symbol', 'value'],
    rows: vectors.flatMap(({ name, axis, values }) =>
      Array.from(values, (value, index) => [name, index, axis === 'symbol' ? symbolOf(index) : null, value]),
    ),
  };
}
