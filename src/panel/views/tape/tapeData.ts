import type { Tape } from '../../../protocol/study.ts';
import { aboutRun, pictureName, type PictureData } from '../../charts/pictureData.ts';
import { errorOf } from '../../../network/names.ts';
import { errorName, type Network } from '../../../network/network.ts';
import { isPlainPath, statePaths } from '../../../network/statePaths.ts';
import type { MirroredRun } from '../../state/mirror.ts';
import { factor, timed } from '../../network/notation.ts';
import { stateNumbers } from './tapeLanes.ts';
import { symbolsOf } from './tapeText.ts';

/** The numbers of the tape as a table: a row per time step, with those of every state, whichever layers are in sight. */
export function tapeData(tape: Tape, run: MirroredRun): PictureData {
  const symbolOf = symbolsOf(run.description.facts);
  const T = tape.inputs.length;
  const { network } = run;
  const { parameterNames, states, stepQuantities } = network;
  const paths = isPlainPath(network) ? [] : pathColumns(network, tape);
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
      ...Object.fromEntries(paths.flatMap(({ name, means }) => (means === undefined ? [] : [[name, means]]))),
    },
    columns: [
      't',
      'input',
      'target',
      'predicted',
      'L',
      'yhat_c',
      ...stepQuantities.map((name) => `norm_${errorOf(network, name) === undefined ? errorName(name) : name}`),
      ...states.flatMap((state) => [`norm_${errorName(state)}_own`, `norm_${errorName(state)}_future`]),
      ...paths.map(({ name }) => name),
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
      ...states.flatMap((_state, s) => [tape.ownNorm[s * T + t], tape.futureNorm[s * T + t]]),
      ...paths.map(({ values }) => values[t]),
      ...parameterNames.map((_name, p) => tape.stepCosine[p * T + t]),
    ]),
  };
}

interface PathColumn {
  readonly name: string;
  /** What it is, where its name does not say it. */
  readonly means?: string;
  /** (T) */
  readonly values: Float64Array;
}

/** The norm of every state; of each of its parts the norm, that of what the gate is put to, and the mean of the gate. */
function pathColumns(network: Network, tape: Tape): PathColumn[] {
  return statePaths(network).flatMap((path) => {
    const { state } = path;
    const { stateNorm, parts } = stateNumbers(network, tape, path);
    const ofParts = parts.flatMap(({ job, factors, gated, norm, ofNorm, gateMean }, index): PathColumn[] => {
      const isAnother = parts.slice(0, index).some((part) => part.job === job);
      const name = `norm_${state}_${job}${isAnother ? index + 1 : ''}`;
      const product = `‖${factors.map((ref) => factor(ref)).join(' ⊙ ')}‖`;
      if (gated === undefined) return [{ name, means: product, values: norm }];
      return [
        { name, means: product, values: norm },
        { name: `${name}_of`, means: `‖${timed(gated.of)}‖`, values: ofNorm },
        {
          name: `mean_gate_${state}_${job}${isAnother ? index + 1 : ''}`,
          means: `mean of ${timed(gated.gate)}`,
          values: gateMean,
        },
      ];
    });
    return [{ name: `norm_${state}`, values: stateNorm }, ...ofParts];
  });
}
