import * as v from 'valibot';
import { l10n } from '../common/l10n.ts';
import { MAX_COLUMN_NAME, MAX_REASON, MAX_SAMPLE_LENGTH, MAX_SYMBOLS, MAX_TOP_K } from '../common/limits.ts';
import type { Network } from '../network/network.ts';
import { DEFAULT_SETTINGS, parseSettings, type RunSettings, SETTINGS } from './settings.ts';

/** What both boundaries say about a run: its numbers per iteration, its inspections, its facts and its state. */

/** What a row of every run has, whatever its network is. */
const COMMON_METRICS = ['lossNats', 'gradNorm', 'clipFactor', 'learningRate'] as const;
export type MetricName = string;

const named = new WeakMap<readonly string[], readonly MetricName[]>();

/** The columns of one iteration's row of a run of this network. Norms are before clipping. */
export function metricNamesOf({ parameterNames }: Pick<Network, 'parameterNames'>): readonly MetricName[] {
  const known = named.get(parameterNames);
  if (known !== undefined) return known;
  const names = [...COMMON_METRICS, ...parameterNames.map((name) => `gradNorm_${name}`)];
  named.set(parameterNames, names);
  return names;
}

/**
 * One iteration's row, in the order of {@link metricNamesOf}.
 * @param byParameter the norm of each parameter's gradient.
 */
export function metricRowOf(
  { parameterNames }: Pick<Network, 'parameterNames'>,
  common: Readonly<Record<(typeof COMMON_METRICS)[number], number>>,
  byParameter: Readonly<Record<string, number>>,
): Float64Array {
  const row = new Float64Array(COMMON_METRICS.length + parameterNames.length);
  COMMON_METRICS.forEach((name, column) => (row[column] = common[name]));
  parameterNames.forEach((name, p) => (row[COMMON_METRICS.length + p] = byParameter[name]));
  return row;
}

export const RunState = v.picklist(['starting', 'running', 'paused', 'finished', 'stopped', 'failed']);
export type RunState = v.InferOutput<typeof RunState>;

export function isOver(state: RunState): boolean {
  return state === 'finished' || state === 'stopped' || state === 'failed';
}

const Count = v.pipe(v.number(), v.integer(), v.minValue(0));
export const RunId = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9-]{1,64}$/, 'a run id is lower-case letters, digits and hyphens'),
);
export const Settings = v.pipe(
  v.record(v.string(), v.unknown()),
  v.rawTransform<Record<string, unknown>, RunSettings>(({ dataset, addIssue, NEVER }) => {
    try {
      return parseSettings(dataset.value);
    } catch (error) {
      addIssue({ message: (error as Error).message });
      return NEVER ?? DEFAULT_SETTINGS;
    }
  }),
);

/** What one looks like: a character, or `\xE2` for a byte. */
const SymbolText = v.pipe(v.string(), v.maxLength(100));

/** Fixed from the start of a run on. */
export const RunFacts = v.object({
  /** What each symbol looks like; the index is its id. */
  vocabulary: v.pipe(v.array(SymbolText), v.maxLength(MAX_SYMBOLS)),
  parameterCount: Count,
  trainingCharacters: Count,
  validationCharacters: Count,
  /** Iterations in one pass over the training part. */
  iterationsPerEpoch: Count,
  iterationsTotal: Count,
  memoryBytes: Count,
  kernels: v.pipe(v.string(), v.maxLength(100)),
  threads: Count,
  /** The entropy of the source, nats per character, where it is known (the sample text's grammar). */
  knownEntropyNats: v.optional(v.number()),
});
export type RunFacts = v.InferOutput<typeof RunFacts>;

/** How a run is computed, and on how many threads where the kernels share the work: "relaxed kernels on 2 threads". */
export function describeKernels({ kernels, threads }: Pick<RunFacts, 'kernels' | 'threads'>): string {
  return threads === 1
    ? l10n.t('{name} kernels', { name: kernels })
    : l10n.t('{name} kernels on {count} threads', { name: kernels, count: threads });
}

/** One inspected window: the numbers of every time step at one iteration, before clipping. */
export const Inspection = v.object({
  iteration: Count,
  /** (step quantities of the network, T): ‖∂P(t)‖_F summed over the batch, then the error ‖∂q(t)‖_F of each quantity. */
  stepNorm: v.instance(Float32Array),
  /** (parameters, T): the cosine between ∂P(t) and ∂P; NaN throughout where it was not measured. */
  stepCosine: v.instance(Float32Array),
  /** (T): ids of the characters read and asked for in the inspected stream. */
  inputs: v.instance(Int32Array),
  targets: v.instance(Int32Array),
});
export type Inspection = v.InferOutput<typeof Inspection>;

/** How far the clock of training was after so many iterations. */
export const ClockPoint = v.object({ iteration: Count, elapsedMs: v.number() });
export type ClockPoint = v.InferOutput<typeof ClockPoint>;

const { temperature } = SETTINGS;
export const SampleOptions = v.object({
  prompt: v.pipe(v.string(), v.maxLength(MAX_SAMPLE_LENGTH)),
  length: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_SAMPLE_LENGTH)),
  /** 0 takes the likeliest character every time. */
  temperature: v.pipe(v.number(), v.minValue(temperature.minimum), v.maxValue(temperature.maximum)),
  /** Draw from the k likeliest only; 0 draws from all. */
  topK: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_TOP_K)),
});
export type SampleOptions = v.InferOutput<typeof SampleOptions>;

/** Text that the network wrote after the prompt, with the probability of each character under the network itself. */
export const Sample = v.object({
  iteration: Count,
  prompt: v.pipe(v.string(), v.maxLength(MAX_SAMPLE_LENGTH)),
  temperature: v.number(),
  topK: Count,
  characters: v.pipe(v.array(SymbolText), v.maxLength(MAX_SAMPLE_LENGTH)),
  probability: v.instance(Float32Array),
});
export type Sample = v.InferOutput<typeof Sample>;

/** Where a number stopped being finite. */
export const NotFinite = v.object({
  iteration: Count,
  /** `loss`: the loss at a time step; else the gradient of a parameter, or the error of a quantity. */
  quantity: v.pipe(v.string(), v.maxLength(MAX_COLUMN_NAME)),
  timeStep: v.nullable(Count),
  message: v.pipe(v.string(), v.maxLength(MAX_REASON)),
});
export type NotFinite = v.InferOutput<typeof NotFinite>;
