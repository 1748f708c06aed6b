import { l10n } from '../common/l10n.ts';
import { InputError } from '../common/inputError.ts';
import { CELL_NAMES, type CellName, CELLS } from '../network/cells.ts';
import { written } from '../network/names.ts';
import { MAX_LAYERS, type NetworkChoice, networkOf, type Parameter } from '../network/network.ts';
import { ADAM_BETA1, ADAM_BETA2, EPSILON, MOMENTUM, RMSPROP_ALPHA } from '../common/optimizers.ts';
import { checkedValue, choice, type Setting, type SettingValue } from './setting.ts';

/** What else a setting of a run says. */
interface RunSetting {
  /** How a value is written in lists of runs: short. */
  readonly inLists: (value: string | number) => string;
  /**
   * What keeps the value that a run began with: a fork, since another network or another division of the text would be needed; or
   * only the run itself when it goes on, since its place in the text and its optimizer would have no meaning.
   */
  readonly isFixedIn?: 'fork' | 'run';
}

/** The weights that read the state of the time step before, in any of the cells. */
const RECURRENT = CELL_NAMES.flatMap((cell) => networkOf({ cell, layers: 1 }).parameters)
  .filter(({ role }) => role === 'recurrent')
  .map(({ name }) => written(name))
  .filter((name, index, all) => all.indexOf(name) === index)
  .join(', ');

/** The cells with the biases that they say something of: "lstm b_f = 1". */
function saidBiases(says: (parameter: Parameter) => string | undefined): string {
  const ofCell = (cell: CellName): string =>
    networkOf({ cell, layers: 1 })
      .parameters.flatMap((parameter) => says(parameter) ?? [])
      .join(', ');
  return CELL_NAMES.flatMap((cell) => (ofCell(cell) === '' ? [] : `${cell} ${ofCell(cell)}`)).join('; ');
}
const USUAL_BIASES = saidBiases(({ name, begins }) => (begins === undefined ? undefined : `${name} = ${begins}`));
const TIMESCALE_BIASES = saidBiases(({ name, timescale }) => timescale && `${name} = ${timescale === 1 ? '' : '−'}u`);

/**
 * The settings of a run: one table from which the types, the checks, the headless form's options and the manifest's
 * `rnnInspector.*` settings follow.
 */
export const SETTINGS = {
  cell: {
    ...choice(
      'tanh',
      Object.fromEntries(CELL_NAMES.map((name) => [name, CELLS[name].says])) as Record<CellName, string>,
      'The recurrent cell: what a time step makes of its input and of the state before it.',
    ),
    inLists: (value) => l10n.t('{name} cell', { name: value }),
    isFixedIn: 'fork',
  },
  layers: {
    type: 'integer',
    default: 1,
    minimum: 1,
    maximum: MAX_LAYERS,
    description:
      'Layers of the cell on top of one another. Each has parameters and states of its own, and reads what the layer below gives.',
    inLists: (value) => (value === 1 ? l10n.t('1 layer') : l10n.t('{count} layers', { count: value })),
    isFixedIn: 'fork',
  },
  hiddenSize: {
    type: 'integer',
    default: 128,
    minimum: 1,
    maximum: 4096,
    description: 'Hidden size H: how many numbers the network carries from one character to the next.',
    inLists: (value) => `H=${value}`,
    isFixedIn: 'fork',
  },
  sequenceLength: {
    type: 'integer',
    default: 50,
    minimum: 1,
    maximum: 2048,
    description:
      'Sequence length T: how many time steps one window of truncated backpropagation through time unrolls. Gradients reach back at most this far.',
    inLists: (value) => `T=${value}`,
    isFixedIn: 'run',
  },
  batchSize: {
    type: 'integer',
    default: 32,
    minimum: 1,
    maximum: 1024,
    description: 'Batch size B: into how many contiguous parallel streams the text is cut.',
    inLists: (value) => `B=${value}`,
    isFixedIn: 'run',
  },
  optimizer: {
    ...choice(
      'adam',
      {
        sgd: 'Plain gradient descent.',
        momentum: `Gradient descent with momentum ${MOMENTUM}.`,
        adagrad: `Adagrad, eps ${EPSILON}.`,
        rmsprop: `RMSprop, alpha ${RMSPROP_ALPHA}, eps ${EPSILON}.`,
        adam: `Adam, betas ${ADAM_BETA1} and ${ADAM_BETA2}, eps ${EPSILON}.`,
      },
      "The optimizer, with PyTorch's semantics.",
    ),
    inLists: String,
    isFixedIn: 'run',
  },
  learningRate: {
    type: 'number',
    default: 0.002,
    minimum: 1e-8,
    maximum: 100,
    description: 'Learning rate. For adam 0.001 to 0.005 is usual, for adagrad 0.1.',
    inLists: (value) => `lr ${value}`,
  },
  clipNorm: {
    type: 'number',
    default: 5,
    minimum: 0,
    maximum: 1e9,
    description:
      'Gradient clipping by global norm: a gradient with a larger norm is scaled down to this one. 0 switches clipping off.',
    inLists: (value) => (value === 0 ? l10n.t('no clipping') : l10n.t('clip {norm}', { norm: value })),
  },
  reduction: {
    ...choice(
      'mean',
      {
        mean: 'L is the mean over the T·B characters of a window.',
        sum: 'L is their sum, as in min-char-rnn: gradients are T·B times as large.',
      },
      'What the total loss L is, and with it every gradient and norm. The loss shown is per character either way.',
    ),
    inLists: (value) => l10n.t('{reduction} loss', { reduction: value }),
  },
  initialization: {
    ...choice(
      'uniform',
      {
        uniform: "Uniform on ±1/√H, PyTorch's default for recurrent layers.",
        normal: 'Normal with standard deviation 0.01, biases 0, as in min-char-rnn.',
        orthogonal: `Each recurrent matrix (${RECURRENT}) a random orthogonal one, the rest uniform on ±1/√H, biases 0.`,
        identity: `Each recurrent matrix (${RECURRENT}) the identity, the rest normal with standard deviation 0.01, biases 0.`,
      },
      'How the parameters start.',
    ),
    inLists: (value) => l10n.t('{initialization} init', { initialization: value }),
    isFixedIn: 'fork',
  },
  initialBias: {
    ...choice(
      'cell',
      {
        cell: `As is usual for the cell (${USUAL_BIASES}), all others as the initialization says.`,
        initialization: 'All as the initialization says.',
        chrono: `Units begin by remembering 1 to T−1 steps (Tallec and Ollivier 2018): ${TIMESCALE_BIASES}, e^u of each unit uniform from 1 to T−1. For cells with gates only.`,
      },
      'What the biases of gates start with: how long a unit remembers before it has learned anything.',
    ),
    inLists: (value) => l10n.t('{start} bias', { start: value }),
    isFixedIn: 'fork',
  },
  seed: {
    type: 'integer',
    default: 1,
    minimum: 0,
    maximum: 2147483647,
    description: 'Seed. The text, the settings and the seed fix a run to the bit.',
    inLists: (value) => l10n.t('seed {value}', { value }),
    isFixedIn: 'fork',
  },
  tokens: {
    ...choice(
      'characters',
      {
        characters: 'Unicode code points.',
        bytes:
          'Bytes, at most 256 symbols: those of the file whatever they are, or, of a text in another encoding than UTF-8, those that it has in UTF-8.',
      },
      'What one symbol of the vocabulary is.',
    ),
    inLists: String,
    isFixedIn: 'fork',
  },
  validationFraction: {
    type: 'number',
    default: 0.1,
    minimum: 0,
    maximum: 0.5,
    description:
      'Share of the text, from its end, that is never trained on and measures the validation loss, by its first million characters where it has more. 0: none.',
    inLists: (value) => (value === 0 ? l10n.t('no validation') : l10n.t('validation {share}', { share: value })),
    isFixedIn: 'fork',
  },
  maxEpochs: {
    type: 'number',
    default: 20,
    minimum: 0.001,
    maximum: 1e6,
    description: 'The run finishes after this many passes over the training part of the text.',
    inLists: (value) => (value === 1 ? l10n.t('1 epoch') : l10n.t('{count} epochs', { count: value })),
  },
  startPaused: {
    ...choice(
      'no',
      {
        no: 'Training begins at once.',
        yes: 'The run waits before its first iteration, with all numbers of its first window to look at: Step makes one iteration, Resume goes on.',
      },
      'Whether a run starts paused, at iteration 0. A fork begins paused too, where its checkpoint stands; a run that is resumed goes on at once. Only in VS Code: in the terminal nobody could go on with it.',
    ),
    inLists: (value) => (value === 'yes' ? l10n.t('starts paused') : l10n.t('starts at once')),
    isFixedIn: 'run',
  },
  temperature: {
    type: 'number',
    default: 0.8,
    minimum: 0,
    maximum: 5,
    description:
      'Temperature of sampled text: below 1 the likely characters become likelier, above 1 the text becomes wilder; 0 takes the likeliest every time.',
    inLists: (value) => l10n.t('temperature {value}', { value }),
  },
  threads: {
    type: 'integer',
    default: 0,
    minimum: 0,
    maximum: 64,
    description:
      'Threads that compute an iteration together, with the kernels relaxed and simd. 0: one less than the machine has cores, fewer for small networks, at most one for each stream of the batch. Every number gives the same results to the bit.',
    inLists: (value) => (value === 1 ? l10n.t('1 thread') : l10n.t('{count} threads', { count: value })),
  },
  kernels: {
    ...choice(
      'auto',
      {
        auto: 'The fastest that this machine runs.',
        relaxed:
          'float32 in WebAssembly with relaxed vector instructions, such as fused multiply-add. The fastest; the last digits may differ between processors.',
        simd: 'float32 in WebAssembly with plain vector instructions: the same results to the bit on every machine.',
        scalar: 'float32 in TypeScript, without vector instructions.',
        reference: 'The float64 reference: the formulas as they are written down, slow.',
      },
      'Which implementation of the mathematics computes the run.',
    ),
    inLists: (value) => `${value} kernels`,
  },
} as const satisfies Record<string, Setting & RunSetting>;

export type SettingName = keyof typeof SETTINGS;
export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];

export type RunSettings = {
  readonly [N in SettingName]: SettingValue<(typeof SETTINGS)[N]>;
};

export const DEFAULT_SETTINGS = Object.fromEntries(
  SETTING_NAMES.map((name) => [name, SETTINGS[name].default]),
) as unknown as RunSettings;

/** A value as it is written in lists of runs. */
export function settingInLists(name: SettingName, value: string | number): string {
  return SETTINGS[name].inLists(value);
}

/** What network it is where it is not one layer of the derivation's cell, which goes without saying: `lstm cell`, `2 layers`. */
export function unusualNetwork(choice: NetworkChoice): string[] {
  return (['cell', 'layers'] as const)
    .filter((name) => choice[name] !== DEFAULT_SETTINGS[name])
    .map((name) => settingInLists(name, choice[name]));
}

/** Whether a run that begins waits before its first iteration. */
export function startsPaused({ startPaused }: Pick<RunSettings, 'startPaused'>): boolean {
  return startPaused === 'yes';
}

/** What keeps a setting's value; undefined where a person may change it at any time. */
export function keeperOf(name: SettingName): RunSetting['isFixedIn'] {
  const setting: RunSetting = SETTINGS[name];
  return setting.isFixedIn;
}

/**
 * Settings from values of unknown origin over the defaults.
 * @throws {InputError} naming the setting, the value and what is allowed, for an unknown name, a wrong type or a value
 * out of range.
 */
export function parseSettings(values: Readonly<Record<string, unknown>>): RunSettings {
  const parsed: Record<string, unknown> = { ...DEFAULT_SETTINGS };
  for (const [name, value] of Object.entries(values)) {
    if (!Object.hasOwn(SETTINGS, name)) {
      throw new InputError(
        l10n.t('There is no setting "{name}". The settings are: {names}.', { name, names: SETTING_NAMES.join(', ') }),
      );
    }
    parsed[name] = checkedValue(name, SETTINGS[name as SettingName], value);
  }
  return parsed as unknown as RunSettings;
}

/** A value written as text, as the headless form gets it, in the type that its setting has. */
export function settingFromText(name: string, text: string): unknown {
  const setting: Setting | undefined = Object.hasOwn(SETTINGS, name) ? SETTINGS[name as SettingName] : undefined;
  if (setting === undefined || setting.type === 'choice' || text.trim() === '') return text;
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}
