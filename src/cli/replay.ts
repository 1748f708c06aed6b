import { InputError } from '../common/inputError.ts';
import { metricNamesOf } from '../protocol/run.ts';
import { parseSettings, SETTINGS } from '../protocol/settings.ts';
import { thisMachine } from '../training/machine.ts';
import { TrainingRun } from '../training/run.ts';
import type { FileCommand } from './arguments.ts';
import { CommandError } from './errors.ts';
import { malformed, readJson } from './json.ts';
import { Trajectory } from './vectors.ts';

/** The loss and the gradient norm before clipping of every iteration, and those at which the streams start again. */
export interface Replay {
  readonly loss: readonly number[];
  readonly gradNorm: readonly number[];
  readonly stateResetAt: readonly number[];
}

/** @param folder of the bundles. */
export async function replay(command: FileCommand, folder: string): Promise<Replay> {
  const trajectory = await readJson(command.file, Trajectory);
  const run = createRun(trajectory, command, folder);
  const columns = metricNamesOf(run.kernels.network);
  const loss: number[] = [];
  const gradNorm: number[] = [];
  const stateResetAt: number[] = [];
  for (let iteration = 0; iteration < trajectory.iterations; iteration++) {
    const { row, restarted, notFinite } = run.iterate();
    if (notFinite !== undefined) throw new CommandError(notFinite.message);
    loss.push(row[columns.indexOf('lossNats')]);
    gradNorm.push(row[columns.indexOf('gradNorm')]);
    // The beginning of the run is not a new start.
    if (restarted && iteration > 0) stateResetAt.push(iteration);
  }
  run.close();
  return { loss, gradNorm, stateResetAt };
}

/** The run of a trajectory: all its text is trained on, from its weights. */
function createRun(trajectory: Trajectory, { file, kernels }: FileCommand, folder: string): TrainingRun {
  const { cell, layers, H, T, B, optimizer, learningRate, clipNorm, text, vocabulary, params } = trajectory;
  const run = trained(file, () =>
    TrainingRun.create(
      {
        type: 'start',
        runId: 'replay',
        name: file,
        text,
        settings: parseSettings({
          cell,
          layers,
          hiddenSize: H,
          sequenceLength: T,
          batchSize: B,
          optimizer,
          learningRate,
          clipNorm,
          kernels,
          reduction: 'mean',
          validationFraction: 0,
          maxEpochs: SETTINGS.maxEpochs.maximum,
        }),
      },
      thisMachine(folder),
    ),
  );
  const own = run.facts.vocabulary;
  if (own.length !== vocabulary.length || own.some((symbol, id) => symbol !== vocabulary[id])) {
    throw malformed(file, 'vocabulary', 'It is not the characters of the text, sorted by code point.');
  }
  if (trajectory.V !== own.length)
    throw malformed(file, 'V', `It is ${trajectory.V}; the text has ${own.length} different characters.`);
  for (const [name, values] of Object.entries(params)) run.kernels.parameters[name].set(values);
  return run;
}

function trained<R>(file: string, create: () => R): R {
  try {
    return create();
  } catch (error) {
    throw error instanceof InputError ? malformed(file, null, error.message) : error;
  }
}
