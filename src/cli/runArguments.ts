import { MAX_SAMPLE_LENGTH, MAX_TOP_K } from '../common/limits.ts';
import { DEFAULT_METRICS_BYTES, RUNS_SETTINGS } from '../protocol/runsSettings.ts';
import { SETTINGS, type RunSettings, type SettingName } from '../protocol/settings.ts';
import type { InspectionMode } from '../protocol/worker.ts';
import { EXPORT_FORMAT_IDS, needs, type ExportFormat } from '../runs/export/index.ts';
import { CHANGEABLE_IN_FORK, CHANGEABLE_IN_RUN } from '../runs/recording/settingChanges.ts';
import { decoderLabel } from '../text/encodings.ts';
import { UsageError } from './errors.ts';
import { assignment, changesFrom, decimal, inspectionMode, oneOf, parsed, wholeNumber } from './options.ts';

/** The commands that take the folder of a run. */

/** Which of a run's checkpoints: the newest one, that of the best validation, or the one after so many iterations. */
export type CheckpointChoice = 'last' | 'best' | number;

/** Where the text of a run is that goes on, if not where it was. */
export type TextChoice = 'kept' | { readonly path: string };

/** Where a run is kept, and what of it. */
export interface KeepOptions {
  /** The run's folder. */
  readonly folder: string;
  /** Between two checkpoints; 0: only those that something else than the clock asks for. */
  readonly checkpointSeconds: number;
  /** Longer texts are not copied into the run's folder. */
  readonly keepTextBytes: number;
  /** Of the numbers, up to which every iteration is kept whole. */
  readonly metricsBytes: number;
}

export interface ResumeCommand {
  readonly name: 'resume';
  readonly folder: string;
  /** Counted from the run's first iteration. */
  readonly maxIterations: number | undefined;
  /** Of the settings; the others stay. */
  readonly changes: Partial<RunSettings>;
  readonly eventsFile: string | undefined;
  readonly inspection: InspectionMode;
  readonly checkpointSeconds: number;
  /** Of the numbers, up to which every iteration is kept whole. */
  readonly metricsBytes: number;
  readonly text: TextChoice | undefined;
  /** Also from a program that owns the run. */
  readonly takesOver: boolean;
}

export interface ForkCommand {
  readonly name: 'fork';
  /** Of the run that is forked. */
  readonly folder: string;
  readonly checkpoint: CheckpointChoice;
  readonly changes: Partial<RunSettings>;
  /** Counted from the first iteration of the run that is forked, where the fork goes on with its count. */
  readonly maxIterations: number | undefined;
  readonly eventsFile: string | undefined;
  readonly inspection: InspectionMode;
  readonly keep: KeepOptions;
  readonly text: TextChoice | undefined;
  /** Of another text. */
  readonly encoding: string | undefined;
}

export interface ExportCommand {
  readonly name: 'export';
  readonly folder: string;
  readonly format: ExportFormat;
  readonly out: string | undefined;
  readonly checkpoint: CheckpointChoice;
}

export interface SampleCommand {
  readonly name: 'sample';
  readonly folder: string;
  readonly prompt: string;
  readonly length: number;
  /** The run's own where it is not given. */
  readonly temperature: number | undefined;
  readonly topK: number;
  readonly seed: number;
  readonly checkpoint: CheckpointChoice;
}

const FOLDER = "run's folder";
export const DEFAULT_CHECKPOINT_SECONDS = RUNS_SETTINGS.checkpointSeconds.default;
export const DEFAULT_KEEP_TEXT_MB = RUNS_SETTINGS.keepTextMB.default;
export const DEFAULT_SAMPLE_LENGTH = 300;

const GOES_ON = {
  set: { type: 'string', multiple: true },
  iterations: { type: 'string' },
  epochs: { type: 'string' },
  threads: { type: 'string' },
  events: { type: 'string' },
  inspect: { type: 'string' },
  'checkpoint-every': { type: 'string' },
  'keep-metrics': { type: 'string' },
  file: { type: 'string' },
  text: { type: 'string' },
} as const;
const RESUME = { ...GOES_ON, 'take-over': { type: 'boolean' } } as const;

export function parseResume(argv: readonly string[]): ResumeCommand {
  const { values, file: folder } = parsed('resume', argv, RESUME, FOLDER);
  const { iterations, epochs, threads, events, inspect } = values;
  const { maxEpochs, threads: threadCounts } = SETTINGS;
  const changes = changesFrom((values.set ?? []).map(assignment));
  checkChanges(changes, CHANGEABLE_IN_RUN, (setting) =>
    CHANGEABLE_IN_FORK.includes(setting.name)
      ? `Fork it with another: fork ${folder} --out NEW --set ${setting.text}`
      : `Train anew with another: train FILE --set ${setting.text}`,
  );
  if (epochs !== undefined) decimal('--epochs', epochs, maxEpochs.minimum, maxEpochs.maximum);
  if (threads !== undefined) wholeNumber('--threads', threads, threadCounts.minimum, threadCounts.maximum);
  return {
    name: 'resume',
    folder,
    maxIterations: iterations === undefined ? undefined : wholeNumber('--iterations', iterations, 1),
    changes: {
      ...changes,
      ...(epochs !== undefined && { maxEpochs: Number(epochs) }),
      ...(threads !== undefined && { threads: Number(threads) }),
    },
    eventsFile: events,
    inspection: inspectionMode(inspect ?? 'complete'),
    checkpointSeconds: checkpointSeconds(values['checkpoint-every']),
    metricsBytes: metricsBytes(values['keep-metrics']),
    text: textChoice(values.file, values.text),
    takesOver: values['take-over'] ?? false,
  };
}

/** @throws {UsageError} where a setting cannot be changed, with the way to a run with another. */
function checkChanges(
  changes: Partial<RunSettings>,
  changeable: readonly SettingName[],
  wayOut: (setting: { readonly name: SettingName; readonly text: string }) => string,
): void {
  for (const name of Object.keys(changes) as SettingName[]) {
    if (changeable.includes(name)) continue;
    const text = `${name}=${changes[name]}`;
    throw new UsageError(
      `--set ${text}: the run keeps its ${name}. ${wayOut({ name, text })}. What can be changed is ${changeable.join(', ')}.`,
    );
  }
}

const FORK = {
  ...GOES_ON,
  at: { type: 'string' },
  out: { type: 'string' },
  kernels: { type: 'string' },
  encoding: { type: 'string' },
  'keep-text': { type: 'string' },
} as const;

export function parseFork(argv: readonly string[]): ForkCommand {
  const { values, file: folder } = parsed('fork', argv, FORK, FOLDER);
  const { iterations, epochs, threads, kernels } = values;
  const keep = keepOptions(values.out, values['checkpoint-every'], values['keep-text'], values['keep-metrics']);
  if (keep === undefined) throw new UsageError('fork needs --out NEW, the folder of the new run.');
  const shorthands = { maxEpochs: epochs, threads, kernels };
  const changes = changesFrom([
    ...(values.set ?? []).map(assignment),
    ...Object.entries(shorthands).flatMap(([name, text]) => (text === undefined ? [] : [[name, text] as const])),
  ]);
  checkChanges(changes, CHANGEABLE_IN_FORK, ({ text }) => `Train anew with another: train FILE --set ${text}`);
  const encoding = encodingOption(values.encoding);
  if (encoding !== undefined && values.file === undefined) {
    throw new UsageError('--encoding belongs to --file PATH; the text of the run itself is read as the run read it.');
  }
  return {
    name: 'fork',
    folder,
    checkpoint: checkpointChoice('--at', values.at),
    changes,
    maxIterations: iterations === undefined ? undefined : wholeNumber('--iterations', iterations, 1),
    eventsFile: values.events,
    inspection: inspectionMode(values.inspect ?? 'complete'),
    keep,
    text: textChoice(values.file, values.text),
    encoding,
  };
}

/** @returns undefined where the run is kept nowhere. */
export function keepOptions(
  folder: string | undefined,
  seconds: string | undefined,
  megabytes: string | undefined,
  ofMetrics: string | undefined,
): KeepOptions | undefined {
  if (folder === undefined) {
    if (seconds !== undefined) throw new UsageError('--checkpoint-every belongs to --out RUN.');
    if (megabytes !== undefined) throw new UsageError('--keep-text belongs to --out RUN.');
    if (ofMetrics !== undefined) throw new UsageError('--keep-metrics belongs to --out RUN.');
    return undefined;
  }
  if (folder === '') throw new UsageError('--out needs a folder.');
  return {
    folder,
    checkpointSeconds: checkpointSeconds(seconds),
    keepTextBytes: (megabytes === undefined ? DEFAULT_KEEP_TEXT_MB : decimal('--keep-text', megabytes, 0)) * 2 ** 20,
    metricsBytes: metricsBytes(ofMetrics),
  };
}

/** The standard's name of an encoding; undefined where none is given, or UTF-8, as which texts are read anyway. */
export function encodingOption(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const label = decoderLabel(name);
  if (label !== undefined) return label === 'utf-8' ? undefined : label;
  throw new UsageError(
    `--encoding is "${name}", which is not known. Known are the names of the Encoding Standard and of VS Code, such as utf-8, ` +
      'utf-16le, latin1, windows-1252, iso-8859-2, koi8-r, shift_jis, euc-jp, gb18030, big5 and euc-kr.',
  );
}

function textChoice(path: string | undefined, text: string | undefined): TextChoice | undefined {
  if (path !== undefined && text !== undefined) throw new UsageError('--file and --text exclude each other.');
  if (text !== undefined) return oneOf('--text', text, ['kept'] as const);
  if (path === '') throw new UsageError('--file needs a file.');
  return path === undefined ? undefined : { path };
}

const EXPORT = { to: { type: 'string' }, out: { type: 'string' }, checkpoint: { type: 'string' } } as const;

export function parseExport(argv: readonly string[]): ExportCommand {
  const { values, file: folder } = parsed('export', argv, EXPORT, FOLDER);
  if (values.to === undefined) throw new UsageError(`export needs --to with one of ${EXPORT_FORMAT_IDS.join(', ')}.`);
  const format = oneOf('--to', values.to, EXPORT_FORMAT_IDS);
  if (values.checkpoint !== undefined && !needs(format, 'checkpoint')) {
    const others = EXPORT_FORMAT_IDS.filter((id) => needs(id, 'checkpoint')).join(' or ');
    throw new UsageError(`--checkpoint belongs to --to ${others}; --to ${format} exports the whole run.`);
  }
  if (values.out === '') throw new UsageError('--out needs a path.');
  return {
    name: 'export',
    folder,
    format,
    out: values.out,
    checkpoint: checkpointChoice('--checkpoint', values.checkpoint),
  };
}

const SAMPLE = {
  prompt: { type: 'string' },
  length: { type: 'string' },
  temperature: { type: 'string' },
  'top-k': { type: 'string' },
  seed: { type: 'string' },
  checkpoint: { type: 'string' },
} as const;

export function parseSample(argv: readonly string[]): SampleCommand {
  const { values, file: folder } = parsed('sample', argv, SAMPLE, FOLDER);
  const { prompt, length, temperature, seed } = values;
  return {
    name: 'sample',
    folder,
    prompt: prompt ?? '',
    length: length === undefined ? DEFAULT_SAMPLE_LENGTH : wholeNumber('--length', length, 1, MAX_SAMPLE_LENGTH),
    temperature:
      temperature === undefined
        ? undefined
        : decimal('--temperature', temperature, SETTINGS.temperature.minimum, SETTINGS.temperature.maximum),
    topK: values['top-k'] === undefined ? 0 : wholeNumber('--top-k', values['top-k'], 0, MAX_TOP_K),
    seed: seed === undefined ? 0 : wholeNumber('--seed', seed, SETTINGS.seed.minimum, SETTINGS.seed.maximum),
    checkpoint: checkpointChoice('--checkpoint', values.checkpoint),
  };
}

function checkpointChoice(option: string, text: string | undefined): CheckpointChoice {
  if (text === undefined || text === 'last') return 'last';
  if (text === 'best') return 'best';
  if (/^\d+$/.test(text)) return wholeNumber(option, text, 0);
  throw new UsageError(`${option} is "${text}"; it must be last, best or a number of iterations.`);
}

/** Seconds between two checkpoints; 0: only those that something else than the clock asks for. */
function checkpointSeconds(text: string | undefined): number {
  return text === undefined ? DEFAULT_CHECKPOINT_SECONDS : decimal('--checkpoint-every', text, 0);
}

/** Bytes of the numbers of a run, up to which every iteration is kept whole. */
function metricsBytes(megabytes: string | undefined): number {
  const { minimum, maximum } = RUNS_SETTINGS.metricsMB;
  return megabytes === undefined
    ? DEFAULT_METRICS_BYTES
    : decimal('--keep-metrics', megabytes, minimum, maximum) * 2 ** 20;
}
