import { RUNS_SETTINGS } from '../protocol/runsSettings.ts';
import type { RunSettings } from '../protocol/settings.ts';
import type { InspectionMode } from '../protocol/worker.ts';
import { UsageError } from './errors.ts';
import { parseImport, type ImportCommand } from './importArguments.ts';
import { assignment, checkedSettings, decimal, inspectionMode, parsed, settingsFrom, wholeNumber } from './options.ts';
import {
  checkpointSeconds,
  parseExport,
  parseResume,
  parseSample,
  type ExportCommand,
  type ResumeCommand,
  type SampleCommand,
} from './runArguments.ts';

/** Where a run is kept, and what of it. */
export interface KeepOptions {
  /** The run's folder. */
  readonly folder: string;
  /** Between two checkpoints; 0: only those that something else than the clock asks for. */
  readonly checkpointSeconds: number;
  /** Longer texts are not copied into the run's folder. */
  readonly keepTextBytes: number;
}

export interface TrainCommand {
  readonly name: 'train';
  readonly file: string;
  readonly settings: RunSettings;
  readonly maxIterations: number | undefined;
  readonly eventsFile: string | undefined;
  readonly inspection: InspectionMode;
  readonly keep: KeepOptions | undefined;
}

/** `backprop` and `replay` read one JSON file and print one JSON value. */
export interface FileCommand {
  readonly name: 'backprop' | 'replay';
  readonly file: string;
  readonly kernels: RunSettings['kernels'];
}

export type Command =
  | TrainCommand
  | ResumeCommand
  | ExportCommand
  | SampleCommand
  | ImportCommand
  | FileCommand
  | { readonly name: 'help' }
  | { readonly name: 'version' };

export const COMMANDS = ['train', 'resume', 'import', 'export', 'sample', 'backprop', 'replay'] as const;
/** What `--kernels` is where it is not given: a vector or a trajectory is for checking, so the reference. */
const CHECKING_KERNELS = 'reference';
export const DEFAULT_KEEP_TEXT_MB = RUNS_SETTINGS.keepTextMB.default;

const KERNELS = { kernels: { type: 'string' } } as const;
const TRAIN = {
  ...KERNELS,
  set: { type: 'string', multiple: true },
  iterations: { type: 'string' },
  events: { type: 'string' },
  inspect: { type: 'string' },
  threads: { type: 'string' },
  out: { type: 'string' },
  'checkpoint-every': { type: 'string' },
  'keep-text': { type: 'string' },
} as const;

/**
 * The command that the arguments after the program's name ask for.
 * @throws {UsageError} naming the argument that is wrong.
 */
export function parseCommand(argv: readonly string[]): Command {
  const [name, ...rest] = argv;
  const beforeFiles = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  if (beforeFiles.some((argument) => argument === '--help' || argument === '-h')) return { name: 'help' };
  if (name === '--version' || name === '-v') return { name: 'version' };
  switch (name) {
    case 'train':
      return parseTrain(rest);
    case 'resume':
      return parseResume(rest);
    case 'import':
      return parseImport(rest);
    case 'export':
      return parseExport(rest);
    case 'sample':
      return parseSample(rest);
    case 'backprop':
    case 'replay': {
      const { values, file } = parsed(name, rest, KERNELS);
      return { name, file, kernels: checkedSettings({ kernels: values.kernels ?? CHECKING_KERNELS }).kernels };
    }
    case undefined:
      throw new UsageError(`A command is missing: ${listed('or')}.`);
    default:
      throw new UsageError(`There is no command "${name}". The commands are ${listed('and')}.`);
  }
}

function listed(last: string): string {
  return `${COMMANDS.slice(0, -1).join(', ')} ${last} ${COMMANDS.at(-1) ?? ''}`;
}

function parseTrain(argv: readonly string[]): TrainCommand {
  const { values, file } = parsed('train', argv, TRAIN);
  const assignments = (values.set ?? []).map(assignment);
  if (values.threads !== undefined) assignments.push(['threads', values.threads]);
  if (values.kernels !== undefined) assignments.push(['kernels', values.kernels]);
  return {
    name: 'train',
    file,
    settings: settingsFrom(assignments),
    maxIterations: values.iterations === undefined ? undefined : wholeNumber('--iterations', values.iterations, 1),
    eventsFile: values.events,
    inspection: inspectionMode(values.inspect ?? 'complete'),
    keep: keepOptions(values.out, values['checkpoint-every'], values['keep-text']),
  };
}

function keepOptions(
  folder: string | undefined,
  seconds: string | undefined,
  megabytes: string | undefined,
): KeepOptions | undefined {
  if (folder === undefined) {
    if (seconds !== undefined) throw new UsageError('--checkpoint-every belongs to --out RUN.');
    if (megabytes !== undefined) throw new UsageError('--keep-text belongs to --out RUN.');
    return undefined;
  }
  if (folder === '') throw new UsageError('--out needs a folder.');
  return {
    folder,
    checkpointSeconds: checkpointSeconds(seconds),
    keepTextBytes: (megabytes === undefined ? DEFAULT_KEEP_TEXT_MB : decimal('--keep-text', megabytes, 0)) * 2 ** 20,
  };
}
