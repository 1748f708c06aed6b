import { parseArgs, type ParseArgsConfig } from 'node:util';
import { InputError } from '../common/inputError.ts';
import { parseSettings, SETTINGS, settingFromText, type RunSettings } from '../protocol/settings.ts';
import { InspectionMode } from '../protocol/worker.ts';
import { UsageError } from './errors.ts';

export interface TrainCommand {
  readonly name: 'train';
  readonly file: string;
  readonly settings: RunSettings;
  readonly maxIterations: number | undefined;
  readonly eventsFile: string | undefined;
  readonly inspection: InspectionMode;
}

/** `backprop` and `replay` read one JSON file and print one JSON value. */
export interface FileCommand {
  readonly name: 'backprop' | 'replay';
  readonly file: string;
  readonly kernels: RunSettings['kernels'];
}

export type Command = TrainCommand | FileCommand | { readonly name: 'help' } | { readonly name: 'version' };

/** What `--kernels` is where it is not given: a vector or a trajectory is for checking, so the reference. */
const CHECKING_KERNELS = 'reference';

const KERNELS = { kernels: { type: 'string' } } as const;
const TRAIN = {
  ...KERNELS,
  set: { type: 'string', multiple: true },
  iterations: { type: 'string' },
  events: { type: 'string' },
  inspect: { type: 'string' },
  threads: { type: 'string' },
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
  if (name === 'train') return parseTrain(rest);
  if (name === 'backprop' || name === 'replay') {
    const { values, file } = parsed(name, rest, KERNELS);
    return { name, file, kernels: checkedSettings({ kernels: values.kernels ?? CHECKING_KERNELS }).kernels };
  }
  if (name === undefined) throw new UsageError('A command is missing: train, backprop or replay.');
  throw new UsageError(`There is no command "${name}". The commands are train, backprop and replay.`);
}

function parseTrain(argv: readonly string[]): TrainCommand {
  const { values, file } = parsed('train', argv, TRAIN);
  const assignments = (values.set ?? []).map(assignment);
  if (values.threads !== undefined) assignments.push(['threads', values.threads]);
  if (values.kernels !== undefined) assignments.push(['kernels', values.kernels]);
  const given = assignments.map(([setting, text]) => [setting, settingFromText(setting, text)]);
  return {
    name: 'train',
    file,
    settings: checkedSettings(Object.fromEntries(given) as Record<string, unknown>),
    maxIterations: values.iterations === undefined ? undefined : positiveInteger('--iterations', values.iterations),
    eventsFile: values.events,
    inspection: inspectionMode(values.inspect ?? 'complete'),
  };
}

/** The options of one command, and its one file. */
function parsed<O extends NonNullable<ParseArgsConfig['options']>>(name: string, argv: readonly string[], options: O) {
  const { values, positionals } = optionsOf(argv, options);
  const [file, ...extra] = positionals;
  if (file === undefined || file === '') throw new UsageError(`${name} needs a file.`);
  if (extra.length > 0) throw new UsageError(`${name} takes one file; "${extra[0]}" is one too many.`);
  return { values, file };
}

function optionsOf<O extends NonNullable<ParseArgsConfig['options']>>(argv: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    // Node's messages name the option; what follows the first sentence is about positional arguments.
    throw new UsageError((error as Error).message.split(/\.\s|\n/, 1)[0].replace(/\.?$/, '.'));
  }
}

function assignment(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at <= 0)
    throw new UsageError(
      `--set takes name=value, such as --set hiddenSize=${SETTINGS.hiddenSize.default}, not "${text}".`,
    );
  return [text.slice(0, at), text.slice(at + 1)];
}

function checkedSettings(values: Readonly<Record<string, unknown>>): RunSettings {
  try {
    return parseSettings(values);
  } catch (error) {
    throw error instanceof InputError ? new UsageError(error.message) : error;
  }
}

function inspectionMode(text: string): InspectionMode {
  const { options } = InspectionMode;
  const mode = options.find((option) => option === text);
  if (mode === undefined) throw new UsageError(`--inspect is "${text}"; it must be one of ${options.join(', ')}.`);
  return mode;
}

function positiveInteger(option: string, text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || !Number.isSafeInteger(number)) {
    throw new UsageError(`${option} is "${text}"; it must be a whole number from 1.`);
  }
  return number;
}
