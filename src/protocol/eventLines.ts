import { PARAMETER_NAMES, STEP_QUANTITIES } from '../network/names.ts';
import { METRIC_NAMES, type Inspection, type RunFacts, type Sample } from './run.ts';
import type { RunSettings } from './settings.ts';

/**
 * A run as objects for JSON, one a line: what the headless form writes while it trains, and what a finished run is exported to.
 * Numbers are per iteration, in nats, norms before clipping; JSON writes those that are not finite as null. Lines of events are
 * made by the list in `events.ts`.
 */

/** As many digits as tell any two float32 numbers apart. */
const FLOAT32_DIGITS = 9;

/** The last line of an events file. */
export interface End {
  readonly reason: 'finished' | 'stopped' | 'failed' | 'interrupted';
  readonly iterations: number;
  readonly charactersPerSecond: number;
  readonly elapsedSeconds: number;
  readonly message?: string;
}

/** @param runId of a run that is kept: by it a file of events is told from that of another run. */
export function startLine(file: string, settings: RunSettings, facts: RunFacts, runId?: string): object {
  const { vocabulary, parameterCount, ...rest } = facts;
  const { seed } = settings;
  return {
    type: 'start',
    file,
    ...(runId !== undefined && { runId }),
    seed,
    vocabularySize: vocabulary.length,
    parameters: parameterCount,
    ...rest,
    settings,
    vocabulary,
  };
}

/** @param rows (rows, METRIC_NAMES), of `firstIteration` and the ones after it. */
export function iterationLines(firstIteration: number, rows: Float64Array): object[] {
  const columns = METRIC_NAMES.length;
  return Array.from({ length: rows.length / columns }, (_, row) =>
    iterationLine(firstIteration + row, rows.subarray(row * columns, (row + 1) * columns)),
  );
}

/** What the line of an inspection says of it. */
export function inspectionFields(inspection: Inspection, symbols: readonly string[]): object {
  const T = inspection.inputs.length;
  const rows = (names: readonly string[], values: Float32Array) =>
    Object.fromEntries(names.map((name, row) => [name, shortest(values.subarray(row * T, (row + 1) * T))]));
  return {
    iteration: inspection.iteration,
    stepNorm: rows(STEP_QUANTITIES, inspection.stepNorm),
    ...(hasCosines(inspection) && { stepCosine: rows(PARAMETER_NAMES, inspection.stepCosine) }),
    characters: Array.from(inspection.inputs, (id) => symbols[id]),
  };
}

export function sampleFields({ iteration, prompt, characters, probability, temperature, topK }: Sample): object {
  const text = characters.join('');
  return {
    iteration,
    prompt,
    text,
    characters,
    probabilities: shortest(probability),
    temperature,
    topK,
  };
}

export function endLine(end: End): object {
  return { type: 'end', ...end };
}

/**
 * Iterations that are no longer known one by one.
 * @param mean of each of METRIC_NAMES over them; least and greatest likewise.
 */
export function iterationsLine(
  firstIteration: number,
  iterations: number,
  { mean, least, greatest }: Readonly<Record<'mean' | 'least' | 'greatest', Float32Array>>,
): object {
  return {
    type: 'iterations',
    iteration: firstIteration,
    iterations,
    mean: metricsOf(shortest(mean)),
    least: metricsOf(shortest(least)),
    greatest: metricsOf(shortest(greatest)),
  };
}

function iterationLine(iteration: number, row: Float64Array): object {
  return { type: 'iteration', iteration, ...metricsOf(row) };
}

function metricsOf(row: ArrayLike<number>): object {
  const metric = (name: (typeof METRIC_NAMES)[number]) => row[METRIC_NAMES.indexOf(name)];
  return {
    lossNats: metric('lossNats'),
    gradNorm: metric('gradNorm'),
    clipFactor: metric('clipFactor'),
    learningRate: metric('learningRate'),
    gradNormByParameter: Object.fromEntries(PARAMETER_NAMES.map((name) => [name, metric(`gradNorm_${name}`)])),
  };
}

/** They are NaN throughout where they were not measured. */
export function hasCosines({ stepCosine }: Inspection): boolean {
  return !stepCosine.every((cosine) => Number.isNaN(cosine));
}

/** A float32 number as the float64 with the fewest digits that still tells it from its neighbours. */
export function shortestFloat32(value: number): number {
  return Number(value.toPrecision(FLOAT32_DIGITS));
}

function shortest(values: Float32Array): number[] {
  return Array.from(values, shortestFloat32);
}
