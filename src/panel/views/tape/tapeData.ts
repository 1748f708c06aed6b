import type { Tape } from '../../../protocol/study.ts';
import { aboutRun, pictureName, type PictureData } from '../../charts/pictureData.ts';
import { errorOf } from '../../../network/names.ts';
import { errorName } from '../../../network/network.ts';
import type { MirroredRun } from '../../state/mirror.ts';
import { symbolsOf } from './tapeText.ts';

/** The numbers of the tape as a table: a row per time step. */
export function tapeData(tape: Tape, run: MirroredRun): PictureData {
  const symbolOf = symbolsOf(run.description.facts);
  const T = tape.inputs.length;
  const { network } = run;
  const { parameterNames, stepQuantities } = network;
  const [state] = network.states;
  return {
    name: pictureName(run, 'tape', tape.iteration, 'stream', tape.stream),
    about: {
      ...aboutRun(run),
      iteration: tape.iteration,
      stream: tape.stream,
      position: tape.position,
      norms: 'of this stream, before clipping',
      loss: 'nats, not divided by N',
      ...Object.fromEntries(parameterNames.map((name, p) => [`norm_${errorName(name)}`, tape.totalNorm[p]])),
    },
    columns: [
      't',
      'input',
      'target',
      'predicted',
      'L',
      'yhat_c',
      ...stepQuantities.map((name) => `norm_${errorOf(network, name) === undefined ? errorName(name) : name}`),
      `norm_${errorName(state)}_own`,
      `norm_${errorName(state)}_future`,
      ...parameterNames.map((name) => `cosine_${errorName(name)}`),
    ],
    rows: Array.from({ length: T }, (_, t) => [
      t,
      symbolOf(tape.inputs[t]),
      symbolOf(tape.targets[t]),
      symbolOf(tape.predicted[t]),
      tape.lossNats[t],
      tape.targetProbability[t],
      ...stepQuantities.map((_name, q) => tape.stepNorm[q * T + t]),
      tape.ownNorm[t],
      tape.futureNorm[t],
      ...parameterNames.map((_name, p) => tape.stepCosine[p * T + t]),
    ]),
  };
}
