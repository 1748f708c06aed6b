import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RandomStream } from '../../src/common/random.ts';
import { parameterSizes, type Shape } from '../../src/model/tensors.ts';
import type { Checkpoint, Tensors } from '../../src/protocol/checkpoint.ts';
import type { Inspection, Sample } from '../../src/protocol/run.ts';
import { DEFAULT_SETTINGS } from '../../src/protocol/settings.ts';
import { RunRecorder } from '../../src/runs/recording/recorder.ts';
import { nextValidationAt } from '../../src/training/validation.ts';
import { measuredOf } from '../unit/runs/format/recordFixtures.ts';
import { METRIC_NAMES, NETWORK, PARAMETER_NAMES, STEP_QUANTITIES } from '../tanh.ts';
import { runFixture } from '../unit/runs/format/recordFixtures.ts';

/** Writes a long run without training it: the events of a network with the default settings, at the pace at which they come. */

export interface LongRun {
  readonly iterations: number;
  /** A network that does a thousand iterations a second sends 66 at a time; a slow one every single one. */
  readonly rowsPerEvent: number;
}

const RUN_ID = 'long-run';
const { hiddenSize: H, sequenceLength: T, batchSize: B } = DEFAULT_SETTINGS;
const SHAPE: Shape = { V: 65, H, T, B };
/** What a run shows comes 15 times a second. */
const EVENTS_PER_SECOND = 15;
const SECONDS_PER_CHECKPOINT = 30;
const SECONDS_PER_SAMPLE = 2;
const SAMPLE_LENGTH = 300;
const ITERATIONS_PER_EPOCH = 700;

export async function recordLongRun(folder: string, { iterations, rowsPerEvent }: LongRun): Promise<void> {
  const recorder = await RunRecorder.create(folder, runFixture({ runId: RUN_ID, settings: DEFAULT_SETTINGS }), {
    onProblem: (message) => {
      throw new Error(message);
    },
  });
  const random = RandomStream.seeded(1, 'sampling');
  const inspection = inspectionOf(random);
  let validationAt = nextValidationAt(0, ITERATIONS_PER_EPOCH);
  const eventsOf = (seconds: number): number => Math.round(seconds * EVENTS_PER_SECOND);
  for (let first = 0, event = 0; first < iterations; first += rowsPerEvent, event++) {
    const end = Math.min(iterations, first + rowsPerEvent);
    recorder.receive(progressOf(first, end, event, random));
    recorder.receive(measuredOf({ type: 'inspection', value: { ...inspection, iteration: end - 1 } }, RUN_ID));
    if (event % eventsOf(0.5) === 0) {
      const vitals = { iteration: end - 1, updateToWeight: random.uniform(), saturation: random.uniform() };
      recorder.receive(measuredOf({ type: 'vitals', value: vitals }, RUN_ID));
      recorder.add(memoryPointOf(end - 1, random));
    }
    if (event % eventsOf(SECONDS_PER_SAMPLE) === 0) {
      recorder.receive(measuredOf({ type: 'sample', value: sampleOf(end, random) }, RUN_ID));
    }
    if (event % eventsOf(SECONDS_PER_CHECKPOINT) === 0) {
      const checkpoint = checkpointOf(end);
      recorder.receive({ type: 'checkpoint', runId: RUN_ID, reason: 'interval', checkpoint });
    }
    for (; validationAt < end; validationAt = nextValidationAt(validationAt, ITERATIONS_PER_EPOCH)) {
      const validation = { iteration: validationAt, lossNats: 1 + random.uniform(), characters: 100_000 };
      recorder.receive(measuredOf({ type: 'validation', value: validation }, RUN_ID));
    }
    // As much as comes in a minute is on the disk by then.
    if (event % eventsOf(60) === 0) await recorder.flush();
  }
  const reasons = ['best', 'end'] as const;
  for (const reason of reasons) {
    recorder.receive({ type: 'checkpoint', runId: RUN_ID, reason, checkpoint: checkpointOf(iterations) });
  }
  if (!(await recorder.close())) throw new Error(`${folder} could not be written`);
}

/** Bytes of the files in a run's folder and in those inside it. */
export async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return bytes;
}

function progressOf(first: number, end: number, event: number, random: RandomStream) {
  const rows = new Float64Array((end - first) * METRIC_NAMES.length).map(() => random.uniform());
  return {
    type: 'progress',
    runId: RUN_ID,
    firstIteration: first,
    rows,
    epoch: end / ITERATIONS_PER_EPOCH,
    characters: end * T * B,
    elapsedMs: (1000 * event) / EVENTS_PER_SECOND,
  } as const;
}

function inspectionOf(random: RandomStream): Inspection {
  return {
    iteration: 0,
    stepNorm: new Float32Array(STEP_QUANTITIES.length * T).map(() => random.uniform()),
    stepCosine: new Float32Array(PARAMETER_NAMES.length * T).map(() => random.uniform()),
    inputs: new Int32Array(T).map(() => random.integer(SHAPE.V)),
    targets: new Int32Array(T).map(() => random.integer(SHAPE.V)),
  };
}

function memoryPointOf(iteration: number, random: RandomStream) {
  const [decayRate, tanhFactor, lyapunov, spectralRadius, sigmaMax] = [1, 2, 3, 4, 5].map(() => random.uniform());
  const horizons = { horizonOnePercent: random.integer(T), horizonOneOverE: random.integer(T) };
  const point = { iteration, ...horizons, decayRate, tanhFactor, lyapunov, spectralRadius, sigmaMax };
  return { type: 'memoryPoint', value: point } as const;
}

function sampleOf(iteration: number, random: RandomStream): Sample {
  const characters = Array.from({ length: SAMPLE_LENGTH }, () => String.fromCharCode(97 + random.integer(26)));
  const probability = new Float32Array(SAMPLE_LENGTH).map(() => random.uniform());
  return { iteration, prompt: '\n', temperature: 0.8, topK: 0, characters, probability };
}

/** With the two moments of Adam. */
function checkpointOf(iteration: number): Checkpoint {
  const tensors = (): Tensors => {
    const sizes = Object.entries(parameterSizes(NETWORK, SHAPE));
    return Object.fromEntries(sizes.map(([name, size]) => [name, new Float32Array(size).fill(0.5)])) as Tensors;
  };
  return {
    iteration,
    parameters: tensors(),
    moments: { exp_avg: tensors(), exp_avg_sq: tensors() },
    optimizerStep: iteration,
    states: { a: new Float32Array(B * H) },
    carriesState: true,
    position: (iteration % ITERATIONS_PER_EPOCH) * T,
    lastValidationAt: 0,
    samplingRandom: [...RandomStream.seeded(1, 'sampling').state()],
    elapsedMs: iteration,
    cell: 'tanh',
    layers: 1,
    shape: SHAPE,
    optimizer: 'adam',
    kernels: 'relaxed',
    best: null,
  };
}
