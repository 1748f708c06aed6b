import type { Network } from '../network/network.ts';
import { functionsOf } from '../network/functions.ts';
import { recurrentWeight } from '../network/quantities.ts';
import { saturationOf } from '../network/slopes.ts';
import { wayBackOf } from '../network/wayBack.ts';
import type { MemoryPoint, Vitals } from './measured.ts';
import { metricNamesOf, type Inspection, type RunFacts, type Sample } from './run.ts';
import type { RunSettings } from './settings.ts';

/**
 * A run as objects for JSON, one a line: what the headless form writes while it trains, and what a finished run is exported to.
 * Numbers are per iteration, in nats, norms before clipping; JSON writes those that are not finite as null. Lines of events are
 * made by the list in `events.ts`.
 */

/** As many digits as tell any two float32 numbers apart. */
const FLOAT32_DIGITS = 9;

/** What of a run its lines are read by. */
export interface LineRun {
  readonly network: Network;
  /** What each symbol looks like; the index is its id. */
  readonly symbols: readonly string[];
}
type LineNetwork = Pick<Network, 'parameterNames' | 'stepQuantities'>;

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

/** @param rows (rows, the network's metrics), of `firstIteration` and the ones after it. */
export function iterationLines(network: LineNetwork, firstIteration: number, rows: Float64Array): object[] {
  const columns = metricNamesOf(network).length;
  return Array.from({ length: rows.length / columns }, (_, row) => ({
    type: 'iteration',
    iteration: firstIteration + row,
    ...metricsOf(network, rows.subarray(row * columns, (row + 1) * columns)),
  }));
}

/** What the line of an inspection says of it. */
export function inspectionFields(inspection: Inspection, { network, symbols }: LineRun): object {
  const T = inspection.inputs.length;
  const rows = (names: readonly string[], values: Float32Array) =>
    Object.fromEntries(names.map((name, row) => [name, shortest(values.subarray(row * T, (row + 1) * T))]));
  return {
    iteration: inspection.iteration,
    stepNorm: rows(network.stepQuantities, inspection.stepNorm),
    ...(hasCosines(inspection) && { stepCosine: rows(network.parameterNames, inspection.stepCosine) }),
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

/** Under the names that the network has for them: `saturation` of a tanh, `off` of a ReLU; and each function where there are several. */
export function vitalsFields({ functions, ...vitals }: Vitals, { network }: LineRun): object {
  const isSingle = functionsOf(network).length === 1;
  return { ...renamed(vitals, 'saturation', saturationOf(network).word), ...(!isSingle && functions && { functions }) };
}

/** `tanhFactor`, `reluFactor`, or the `slopeFactor` of a network in which errors go back by several ways. */
export function memoryFields({ spectralRadius, sigmaMax, ...point }: MemoryPoint, { network }: LineRun): object {
  // An earlier version wrote 0 of a network without a recurrent weight.
  const ofWeight = recurrentWeight(network) === undefined ? {} : { spectralRadius, sigmaMax };
  return renamed({ ...point, ...ofWeight }, 'tanhFactor', `${wayBackOf(network)?.activation ?? 'slope'}Factor`);
}

/** The same fields in the same order, one of them under another name. */
function renamed(fields: object, from: string, to: string): object {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name === from ? to : name, value]));
}

export function endLine(end: End): object {
  return { type: 'end', ...end };
}

/**
 * Iterations that are no longer known one by one.
 * @param mean of each of the network's metrics over them; least and greatest likewise.
 */
export function iterationsLine(
  network: LineNetwork,
  firstIteration: number,
  iterations: number,
  { mean, least, greatest }: Readonly<Record<'mean' | 'least' | 'greatest', Float32Array>>,
): object {
  return {
    type: 'iterations',
    iteration: firstIteration,
    iterations,
    mean: metricsOf(network, shortest(mean)),
    least: metricsOf(network, shortest(least)),
    greatest: metricsOf(network, shortest(greatest)),
  };
}

function metricsOf(network: LineNetwork, row: ArrayLike<number>): object {
  const names = metricNamesOf(network);
  const metric = (name: string) => row[names.indexOf(name)];
  return {
    lossNats: metric('lossNats'),
    gradNorm: metric('gradNorm'),
    clipFactor: metric('clipFactor'),
    learningRate: metric('learningRate'),
    gradNormByParameter: Object.fromEntries(network.parameterNames.map((name) => [name, metric(`gradNorm_${name}`)])),
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
