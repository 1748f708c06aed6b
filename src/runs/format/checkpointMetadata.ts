import * as v from 'valibot';
import { shownLine } from '../../common/foreignText.ts';
import { MAX_SYMBOLS } from '../../common/limits.ts';
import { RandomStream } from '../../common/random.ts';
import { CELL_NAMES } from '../../network/cells.ts';
import { Checkpoint, type NetworkState, VocabularyCodes } from '../../protocol/checkpoint.ts';
import { Settings } from '../../protocol/run.ts';
import { type RunSettings, SETTINGS } from '../../protocol/settings.ts';
import { CANDIDATE } from './checkpointLayout.ts';
import { parseStrictJson } from './strictJson.ts';
import { shown, type TensorSource, unusable } from './tensorSource.ts';

/** Everything of a checkpoint that is no tensor, as strings in the file's metadata: JSON, but for the words of `TEXTS`. */

export const CHECKPOINT_FORMAT = 'rnn-gradient-inspector-checkpoint';
export const CHECKSUM = 'checksum';
/** The names of checkpoint files have as many digits. */
const MAX_ITERATION = 999_999_999_999;
/** Words that stand for themselves. */
const TEXTS: ReadonlySet<string> = new Set(['format', 'cell', 'optimizer', 'kernels', CHECKSUM]);
/** Object, list within. */
const VALUE_DEPTH = 2;

/** What a file may say besides the checkpoint itself. */
export interface CheckpointExtras {
  readonly vocabulary?: VocabularyCodes | undefined;
  readonly settings?: RunSettings | undefined;
}

/** JSON can say −0, which would not be written again. */
const withoutSign = v.transform((value: number) => value + 0);
const whole = (maximum = Number.MAX_SAFE_INTEGER, minimum = 0) => {
  const message = `a whole number from ${minimum} to ${maximum}`;
  return v.pipe(
    v.number(message),
    v.safeInteger(message),
    v.minValue(minimum, message),
    v.maxValue(maximum, message),
    withoutSign,
  );
};
const axis = ({ minimum, maximum }: { readonly minimum: number; readonly maximum: number }) => whole(maximum, minimum);
const finite = v.pipe(v.number('a finite number'), v.finite('a finite number'), withoutSign);

const NETWORK = {
  iteration: whole(MAX_ITERATION),
  optimizerStep: whole(),
  carriesState: v.boolean('true or false'),
  position: whole(),
  lastValidationAt: whole(),
  samplingRandom: v.pipe(
    v.array(whole(2 ** 31 - 1, -(2 ** 31)), 'a list of whole numbers'),
    v.maxLength(16, 'the state of a random stream'),
    v.check(isStreamState, 'the state of a random stream'),
  ),
  elapsedMs: v.pipe(finite, v.minValue(0, 'a number of at least 0')),
} as const;
export type NetworkFacts = Omit<NetworkState, 'parameters' | 'moments' | 'states'>;
const NETWORK_KEYS = Object.keys(NETWORK) as (keyof NetworkFacts)[];

const COMMON = {
  format: v.literal(CHECKPOINT_FORMAT, CHECKPOINT_FORMAT),
  version: v.literal(1, '1'),
  checksum: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{8}$/, 'eight hexadecimal digits'))),
  /** A file of an earlier version says none: there was one cell. */
  cell: v.optional(v.picklist(CELL_NAMES, 'one of the cells'), SETTINGS.cell.default),
  /** Or no layers: there was one. */
  layers: v.optional(axis(SETTINGS.layers), SETTINGS.layers.default),
  V: whole(MAX_SYMBOLS, 1),
  H: axis(SETTINGS.hiddenSize),
  T: axis(SETTINGS.sequenceLength),
  B: axis(SETTINGS.batchSize),
  optimizer: v.picklist(Checkpoint.entries.optimizer.options, 'one of the optimizers'),
  kernels: v.picklist(Checkpoint.entries.kernels.options, 'one of the kernels'),
  best: v.nullable(v.strictObject({ iteration: whole(), lossNats: finite }, 'an iteration and a loss, or null')),
  vocabulary: v.optional(VocabularyCodes),
  settings: v.optional(Settings),
  ...NETWORK,
} as const;

const Plain = v.object(COMMON);
const candidateEntries = Object.fromEntries(NETWORK_KEYS.map((key) => [CANDIDATE + key, NETWORK[key]]));
const WITH_VALIDATION = { 'validation.windows': whole(), 'validation.lossSum': finite, ...candidateEntries };
const WithValidation = v.object({ ...COMMON, ...WITH_VALIDATION });
const PLAIN_KEYS: ReadonlySet<string> = new Set(Object.keys(COMMON));
const ALL_KEYS: ReadonlySet<string> = new Set([...PLAIN_KEYS, ...Object.keys(WITH_VALIDATION)]);

/** What a checkpoint's metadata say, checked for themselves. */
export interface CheckpointFacts extends Omit<Checkpoint, 'parameters' | 'moments' | 'states' | 'pendingValidation'> {
  readonly pending: { readonly network: NetworkFacts; readonly windows: number; readonly lossSum: number } | undefined;
  readonly vocabulary: VocabularyCodes | undefined;
  readonly settings: RunSettings | undefined;
  readonly checksum: string | undefined;
}

export function metadataOf(checkpoint: Checkpoint, extras: CheckpointExtras): Record<string, string> {
  const { cell, layers, shape, optimizer, kernels, best, pendingValidation: pending } = checkpoint;
  return {
    format: CHECKPOINT_FORMAT,
    version: '1',
    ...jsonValues({ ...shape, layers, best, ...networkFacts(checkpoint) }),
    cell,
    optimizer,
    kernels,
    ...(extras.vocabulary && { vocabulary: JSON.stringify(extras.vocabulary) }),
    ...(extras.settings && { settings: JSON.stringify(extras.settings) }),
    ...(pending && {
      ...jsonValues({ 'validation.windows': pending.windows, 'validation.lossSum': pending.lossSum }),
      ...jsonValues(networkFacts(pending.network), CANDIDATE),
    }),
  };
}

/** @throws {InputError} for a missing, unknown or impossible value, by its name. */
export function parseMetadata(metadata: ReadonlyMap<string, string>, source: TensorSource): CheckpointFacts {
  const format = metadata.get('format');
  if (format !== CHECKPOINT_FORMAT) {
    throw unusable(
      source,
      `is no checkpoint of a run: its format is ${format === undefined ? 'not given' : shown(format)}`,
    );
  }
  const hasValidation = metadata.has('validation.windows');
  const known = hasValidation ? ALL_KEYS : PLAIN_KEYS;
  const values: Record<string, unknown> = {};
  for (const [key, text] of metadata) {
    if (!known.has(key)) throw unusable(source, `has metadata ${shown(key)}, which are not known`);
    values[key] = TEXTS.has(key) ? text : parsedValue(key, text, source);
  }
  const parsed = v.safeParse(hasValidation ? WithValidation : Plain, values, { abortEarly: true });
  if (!parsed.success) throw impossible(parsed.issues[0], source);
  const facts = factsOf(parsed.output, hasValidation);
  checkExtras(facts, source);
  return facts;
}

function factsOf(output: v.InferOutput<typeof Plain>, hasValidation: boolean): CheckpointFacts {
  const { V, H, T, B, cell, layers, optimizer, kernels, best, vocabulary, settings, checksum } = output;
  return {
    ...networkFacts(output),
    cell,
    layers,
    shape: { V, H, T, B },
    optimizer,
    kernels,
    best,
    pending: hasValidation ? pendingFacts(output) : undefined,
    vocabulary,
    settings,
    checksum,
  };
}

function pendingFacts(output: Readonly<Record<string, unknown>>): CheckpointFacts['pending'] {
  return {
    network: Object.fromEntries(NETWORK_KEYS.map((key) => [key, output[CANDIDATE + key]])) as NetworkFacts,
    windows: output['validation.windows'] as number,
    lossSum: output['validation.lossSum'] as number,
  };
}

function checkExtras({ cell, layers, shape, vocabulary, settings }: CheckpointFacts, source: TensorSource): void {
  if (vocabulary !== undefined) {
    const problem = vocabularyProblem(vocabulary, shape.V);
    if (problem !== undefined) throw unusable(source, `has a vocabulary ${problem}`);
  }
  if (settings !== undefined && settings.hiddenSize !== shape.H) {
    throw unusable(
      source,
      `has the setting hiddenSize ${settings.hiddenSize} and a network with ${shape.H} hidden units`,
    );
  }
  if (settings !== undefined && settings.cell !== cell) {
    throw unusable(source, `has the setting cell ${settings.cell} and a network of the cell ${cell}`);
  }
  if (settings !== undefined && settings.layers !== layers) {
    throw unusable(source, `has the setting layers ${settings.layers} and a network of ${layers}`);
  }
}

/** What is wrong with a vocabulary for a network of V symbols, if anything. */
export function vocabularyProblem({ tokens, codes }: VocabularyCodes, V: number): string | undefined {
  if (codes.length !== V) return `of ${codes.length} symbols for a network of ${V}`;
  const falls = codes.findIndex((code, id) => id > 0 && code <= codes[id - 1]);
  if (falls > 0) return `whose codes do not rise: ${codes[falls]} follows ${codes[falls - 1]}`;
  const largest = codes[codes.length - 1] ?? 0;
  return tokens === 'bytes' && largest > 0xff ? `of bytes with the code ${largest}` : undefined;
}

export function networkFacts(network: NetworkFacts): NetworkFacts {
  return Object.fromEntries(NETWORK_KEYS.map((key) => [key, network[key]])) as unknown as NetworkFacts;
}

function jsonValues(values: object, prefix = ''): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [prefix + key, JSON.stringify(value)]));
}

function parsedValue(key: string, text: string, source: TensorSource): unknown {
  try {
    return parseStrictJson(text, VALUE_DEPTH);
  } catch {
    throw unusable(source, `has metadata ${key} that cannot be read: ${shown(text)}`);
  }
}

function impossible(issue: v.BaseIssue<unknown>, source: TensorSource): Error {
  const key = v.getDotPath(issue) ?? 'metadata';
  if (issue.input === undefined) return unusable(source, `says nothing of ${key}`);
  if (key === 'settings') return unusable(source, `has settings that cannot be: ${shownLine(issue.message)}`);
  // The library's own messages repeat the value, however long it is.
  const expected = issue.message.startsWith('Invalid') ? 'which cannot be' : `where ${issue.message} is expected`;
  return unusable(source, `says that ${shownLine(key)} is ${shown(issue.input)}, ${expected}`);
}

function isStreamState(state: number[]): boolean {
  try {
    RandomStream.fromState(state);
    return true;
  } catch {
    return false;
  }
}
