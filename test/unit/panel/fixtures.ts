import type { Inspection, RunFacts, RunState, Sample } from '../../../src/protocol/run.ts';
import { RunHistory } from '../../../src/history/history.ts';
import type { RunDescription, RunStatus } from '../../../src/protocol/panel.ts';
import { DEFAULT_SETTINGS } from '../../../src/protocol/settings.ts';
import type { StepQuantity } from '../../../src/network/names.ts';
import { METRIC_NAMES, NETWORK, PARAMETER_NAMES, STEP_QUANTITIES } from '../../tanh.ts';

export const RUN_ID = 'run-1';

export const FACTS: RunFacts = {
  vocabulary: ['\n', ' ', 'a', 'b'],
  parameterCount: 33_217,
  trainingCharacters: 1_003_855,
  validationCharacters: 111_539,
  iterationsPerEpoch: 627,
  iterationsTotal: 12_540,
  memoryBytes: 1_000_000,
  kernels: 'scalar',
  threads: 1,
};

export function description(change: Partial<RunDescription> = {}): RunDescription {
  return {
    runId: RUN_ID,
    fileName: 'text.txt',
    settings: DEFAULT_SETTINGS,
    facts: FACTS,
    sampling: { prompt: '', length: 300, temperature: 0.8, topK: 0 },
    ...change,
  };
}

export function status(state: RunState, change: Partial<RunStatus> = {}): RunStatus {
  return {
    state,
    iteration: 1234,
    epoch: 1.97,
    characters: 1_974_400,
    elapsedMs: 61_000,
    charactersPerSecond: 32_367,
    restored: false,
    ...change,
  };
}

/** Rows of the history whose loss is what `lossOf` says, all else 1. */
export function rows(from: number, count: number, lossOf: (iteration: number) => number): Float32Array<ArrayBuffer> {
  const table = new Float32Array(count * METRIC_NAMES.length).fill(1);
  for (let row = 0; row < count; row++) table[row * METRIC_NAMES.length] = lossOf(from + row);
  return table;
}

export function historyOf(iterations: number, lossOf: (iteration: number) => number = () => 1): RunHistory {
  const history = new RunHistory(NETWORK);
  history.metrics.addRows(rows(0, iterations, lossOf));
  return history;
}

/** An inspection of T steps whose norms are what `normOf` says. */
export function inspection(
  iteration: number,
  T: number,
  normOf: (quantity: StepQuantity, t: number) => number,
): Inspection {
  return {
    iteration,
    stepNorm: Float32Array.from(
      STEP_QUANTITIES.flatMap((quantity) => Array.from({ length: T }, (_, t) => normOf(quantity, t))),
    ),
    stepCosine: new Float32Array(PARAMETER_NAMES.length * T),
    inputs: Int32Array.from({ length: T }, (_, t) => t % 4),
    targets: Int32Array.from({ length: T }, (_, t) => (t + 1) % 4),
  };
}

export function sample(iteration: number, text: string): Sample {
  const characters = Array.from(text);
  return {
    iteration,
    prompt: '',
    temperature: 0.8,
    topK: 0,
    characters,
    probability: new Float32Array(characters.length).fill(0.5),
  };
}
