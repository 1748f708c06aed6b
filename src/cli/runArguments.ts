import { DEFAULT_METRICS_BYTES, RUNS_SETTINGS } from '../protocol/runsSettings.ts';
import { SETTINGS } from '../protocol/settings.ts';
import type { InspectionMode } from '../protocol/worker.ts';
import { EXPORT_FORMAT_IDS, type ExportFormat } from '../runs/export/index.ts';
import { UsageError } from './errors.ts';
import { decimal, inspectionMode, oneOf, parsed, wholeNumber } from './options.ts';

/** The commands that take the folder of a run. */

/** Which of a run's checkpoints: the newest one, that of the best validation, or the one after so many iterations. */
export type CheckpointChoice = 'last' | 'best' | number;

/** Where the text of a run is that goes on, if not where it was. */
export type TextChoice = 'kept' | { readonly path: string };

export interface ResumeCommand {
  readonly name: 'resume';
  readonly folder: string;
  /** Counted from the run's first iteration. */
  readonly maxIterations: number | undefined;
  readonly maxEpochs: number | undefined;
  readonly threads: number | undefined;
  readonly eventsFile: string | undefined;
  readonly inspection: InspectionMode;
  readonly checkpointSeconds: number;
  /** Of the numbers, up to which every iteration is kept whole. */
  readonly metricsBytes: number;
  readonly text: TextChoice | undefined;
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
export const DEFAULT_SAMPLE_LENGTH = 300;
/** As `SampleOptions` has them. */
const MAX_SAMPLE_LENGTH = 10_000;
const TEMPERATURES = { least: 0.05, most: 5 };
const MAX_TOP_K = 100_000;

const RESUME = {
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

export function parseResume(argv: readonly string[]): ResumeCommand {
  const { values, file: folder } = parsed('resume', argv, RESUME, FOLDER);
  const { iterations, epochs, threads, events, inspect } = values;
  const { maxEpochs, threads: threadCounts } = SETTINGS;
  return {
    name: 'resume',
    folder,
    maxIterations: iterations === undefined ? undefined : wholeNumber('--iterations', iterations, 1),
    maxEpochs: epochs === undefined ? undefined : decimal('--epochs', epochs, maxEpochs.minimum, maxEpochs.maximum),
    threads:
      threads === undefined ? undefined : wholeNumber('--threads', threads, threadCounts.minimum, threadCounts.maximum),
    eventsFile: events,
    inspection: inspectionMode(inspect ?? 'complete'),
    checkpointSeconds: checkpointSeconds(values['checkpoint-every']),
    metricsBytes: metricsBytes(values['keep-metrics']),
    text: textChoice(values.file, values.text),
  };
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
  if (values.checkpoint !== undefined && format !== 'pytorch') {
    throw new UsageError(`--checkpoint belongs to --to pytorch; --to ${format} exports the whole run.`);
  }
  if (values.out === '') throw new UsageError('--out needs a path.');
  return { name: 'export', folder, format, out: values.out, checkpoint: checkpointChoice(values.checkpoint) };
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
        : decimal('--temperature', temperature, TEMPERATURES.least, TEMPERATURES.most),
    topK: values['top-k'] === undefined ? 0 : wholeNumber('--top-k', values['top-k'], 0, MAX_TOP_K),
    seed: seed === undefined ? 0 : wholeNumber('--seed', seed, SETTINGS.seed.minimum, SETTINGS.seed.maximum),
    checkpoint: checkpointChoice(values.checkpoint),
  };
}

function checkpointChoice(text: string | undefined): CheckpointChoice {
  if (text === undefined || text === 'last') return 'last';
  if (text === 'best') return 'best';
  if (/^\d+$/.test(text)) return wholeNumber('--checkpoint', text, 0);
  throw new UsageError(`--checkpoint is "${text}"; it must be last, best or a number of iterations.`);
}

/** Seconds between two checkpoints; 0: only those that something else than the clock asks for. */
export function checkpointSeconds(text: string | undefined): number {
  return text === undefined ? DEFAULT_CHECKPOINT_SECONDS : decimal('--checkpoint-every', text, 0);
}

/** Bytes of the numbers of a run, up to which every iteration is kept whole. */
export function metricsBytes(megabytes: string | undefined): number {
  const { minimum, maximum } = RUNS_SETTINGS.metricsMB;
  return megabytes === undefined
    ? DEFAULT_METRICS_BYTES
    : decimal('--keep-metrics', megabytes, minimum, maximum) * 2 ** 20;
}
