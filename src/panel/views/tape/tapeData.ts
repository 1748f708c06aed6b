import type { Tape } from '../../../protocol/study.ts';
import { aboutRun, pictureName, type PictureData } from '../../charts/pictureData.ts';
import { PARAMETER_NAMES, STEP_QUANTITIES } from '../../../network/names.ts';
import type { MirroredRun } from '../../state/mirror.ts';
import { symbolsOf } from './tapeText.ts';

/** The numbers of the tape as a table: a row per time step. */
export function tapeData(tape: Tape, run: MirroredRun): PictureData {
  const symbolOf = symbolsOf(run.description.facts);
  const T = tape.inputs.length;
  return {
    name: pictureName(run, 'tape', tape.iteration, 'stream', tape.stream),
    about: {
      ...aboutRun(run),
      iteration: tape.iteration,
      stream: tape.stream,
      position: tape.position,
      norms: 'of this stream, before clipping',
      loss: 'nats, not divided by N',
      ...Object.fromEntries(PARAMETER_NAMES.map((name, p) => [`norm_d${name}`, tape.totalNorm[p]])),
    },
    columns: [
      't',
      'input',
      'target',
      'predicted',
      'L',
      'yhat_c',
      ...STEP_QUANTITIES.map((name) => `norm_${isError(name) ? name : `d${name}`}`),
      'norm_da_own',
      'norm_da_future',
      ...PARAMETER_NAMES.map((name) => `cosine_d${name}`),
    ],
    rows: Array.from({ length: T }, (_, t) => [
      t,
      symbolOf(tape.inputs[t]),
      symbolOf(tape.targets[t]),
      symbolOf(tape.predicted[t]),
      tape.lossNats[t],
      tape.targetProbability[t],
      ...STEP_QUANTITIES.map((_name, q) => tape.stepNorm[q * T + t]),
      tape.ownNorm[t],
      tape.futureNorm[t],
      ...PARAMETER_NAMES.map((_name, p) => tape.stepCosine[p * T + t]),
    ]),
  };
}

function isError(name: string): boolean {
  return name === 'dh' || name === 'da';
}
