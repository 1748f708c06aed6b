import type { RunSettings } from '../protocol/settings.ts';
import type { InspectionMode } from '../protocol/worker.ts';
import { UsageError } from './errors.ts';
import { parseImport, type ImportCommand } from './importArguments.ts';
import {
  assignment,
  checkedSettings,
  inspectionMode,
  parsed,
  parsedWithoutFile,
  startingSettings,
  wholeNumber,
} from './options.ts';
import {
  encodingOption,
  keepOptions,
  parseExport,
  parseFork,
  parseResume,
  parseSample,
  type ExportCommand,
  type ForkCommand,
  type KeepOptions,
  type ResumeCommand,
  type SampleCommand,
} from './runArguments.ts';

/** A file, in an encoding where one is given; or the sample text. */
export type TrainText = { readonly path: string; readonly encoding?: string } | 'sample';

export interface TrainCommand {
  readonly name: 'train';
  readonly text: TrainText;
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
  | ForkCommand
  | ExportCommand
  | SampleCommand
  | ImportCommand
  | FileCommand
  | { readonly name: 'help' }
  | { readonly name: 'version' };

const COMMANDS = ['train', 'resume', 'fork', 'import', 'export', 'sample', 'backprop', 'replay'] as const;
/** What `--kernels` is where it is not given: a vector or a trajectory is for checking, so the reference. */
const CHECKING_KERNELS = 'reference';

const KERNELS = { kernels: { type: 'string' } } as const;
const TRAIN = {
  ...KERNELS,
  sample: { type: 'boolean' },
  encoding: { type: 'string' },
  set: { type: 'string', multiple: true },
  iterations: { type: 'string' },
  events: { type: 'string' },
  inspect: { type: 'string' },
  threads: { type: 'string' },
  out: { type: 'string' },
  'checkpoint-every': { type: 'string' },
  'keep-text': { type: 'string' },
  'keep-metrics': { type: 'string' },
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
    case 'fork':
      return parseFork(rest);
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
  const { values, text } = trainText(argv);
  const assignments = (values.set ?? []).map(assignment);
  if (values.threads !== undefined) assignments.push(['threads', values.threads]);
  if (values.kernels !== undefined) assignments.push(['kernels', values.kernels]);
  return {
    name: 'train',
    text,
    settings: startingSettings(assignments),
    maxIterations: values.iterations === undefined ? undefined : wholeNumber('--iterations', values.iterations, 1),
    eventsFile: values.events,
    inspection: inspectionMode(values.inspect ?? 'complete'),
    keep: keepOptions(values.out, values['checkpoint-every'], values['keep-text'], values['keep-metrics']),
  };
}

function trainText(argv: readonly string[]) {
  const beforeFiles = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  if (beforeFiles.includes('--sample')) {
    const values = parsedWithoutFile('train', argv, TRAIN, '--sample');
    if (values.encoding !== undefined)
      throw new UsageError('--encoding belongs to a file; the sample text needs none.');
    return { values, text: 'sample' as const };
  }
  const { values, file: path } = parsed('train', argv, TRAIN, 'file, or --sample for the sample text');
  const encoding = encodingOption(values.encoding);
  return { values, text: { path, ...(encoding !== undefined && { encoding }) } };
}
