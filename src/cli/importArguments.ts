import type { RunSettings, SettingName } from '../protocol/settings.ts';
import { NONLINEARITIES, type Nonlinearity } from '../runs/import/nonlinearity.ts';
import { IMPORT_ORDERS, type ImportOrder } from '../runs/import/stateDict.ts';
import { UsageError } from './errors.ts';
import { assignment, oneOf, parsed, settingsFrom } from './options.ts';
import { encodingOption } from './runArguments.ts';

export interface ImportCommand {
  readonly name: 'import';
  readonly file: string;
  readonly text: string;
  /** Of the text. */
  readonly encoding: string | undefined;
  /** The run's folder. */
  readonly folder: string;
  readonly settings: RunSettings;
  /** A file. */
  readonly vocabulary: string | undefined;
  readonly order: ImportOrder | undefined;
  readonly nonlinearity: Nonlinearity | undefined;
  /** What the network must be, where the settings are given; else they are the network's. */
  readonly cell?: RunSettings['cell'];
  readonly layers?: number;
}

const IMPORT = {
  text: { type: 'string' },
  encoding: { type: 'string' },
  out: { type: 'string' },
  set: { type: 'string', multiple: true },
  vocabulary: { type: 'string' },
  order: { type: 'string' },
  nonlinearity: { type: 'string' },
} as const;

export function parseImport(argv: readonly string[]): ImportCommand {
  const { values, file } = parsed('import', argv, IMPORT, 'safetensors file');
  const { text, out, vocabulary, order, nonlinearity } = values;
  if (text === undefined || text === '')
    throw new UsageError('import needs --text with the text that the network is to read.');
  if (out === undefined || out === '') throw new UsageError('import needs --out with a new folder for the run.');
  if (vocabulary === '') throw new UsageError('--vocabulary needs a file.');
  if (vocabulary !== undefined && order !== undefined) {
    throw new UsageError('--vocabulary and --order exclude each other: both say what the ids stand for.');
  }
  const assignments = (values.set ?? []).map(assignment);
  if (assignments.some(([setting]) => setting === 'hiddenSize')) {
    throw new UsageError('--set hiddenSize has no place here: the network has its own.');
  }
  const isSet = (name: SettingName): boolean => assignments.some(([setting]) => setting === name);
  if (isSet('cell') && nonlinearity !== undefined) {
    throw new UsageError(
      '--nonlinearity and --set cell exclude each other: both say what the recurrent layer computes.',
    );
  }
  const settings = settingsFrom(assignments);
  return {
    name: 'import',
    file,
    text,
    encoding: encodingOption(values.encoding),
    folder: out,
    settings,
    ...(isSet('cell') && { cell: settings.cell }),
    ...(isSet('layers') && { layers: settings.layers }),
    vocabulary,
    order: order === undefined ? undefined : oneOf('--order', order, IMPORT_ORDERS),
    nonlinearity: nonlinearity === undefined ? undefined : oneOf('--nonlinearity', nonlinearity, NONLINEARITIES),
  };
}
