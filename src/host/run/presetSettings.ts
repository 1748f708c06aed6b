import { l10n } from '../../common/l10n.ts';
import type { CellName } from '../../network/cells.ts';
import { DEFAULT_SETTINGS, type RunSettings, unusualNetwork } from '../../protocol/settings.ts';

/** Settings that belong together. What a preset does not name, such as the cell of most, is as the person has it. */
export interface Preset {
  readonly id: string;
  readonly label: string;
  readonly detail: string;
  readonly values: Partial<RunSettings>;
}

/** What learns well in minutes, with any of the cells. */
const BALANCED: Partial<RunSettings> = {
  hiddenSize: 128,
  sequenceLength: 50,
  batchSize: 32,
  optimizer: 'adam',
  learningRate: 0.002,
  clipNorm: 5,
};

/**
 * As few numbers as a network can have that still shows everything; what a derivation leaves out (validation, the optimizer's memory, float32) is
 * off, so that the numbers of an iteration follow from those on the screen. A few words are an epoch of a few iterations: many
 * epochs, for somebody who goes on with it after a look.
 */
export const BY_HAND: Preset = {
  id: 'by-hand',
  label: l10n.t('By hand'),
  detail: l10n.t(
    'One layer of the tanh cell with three hidden units, five time steps, one stream: all numbers on one screen, to be recomputed. Starts paused.',
  ),
  values: {
    cell: 'tanh',
    layers: 1,
    hiddenSize: 3,
    sequenceLength: 5,
    batchSize: 1,
    optimizer: 'sgd',
    learningRate: 0.2,
    clipNorm: 5,
    validationFraction: 0,
    maxEpochs: 100_000,
    startPaused: 'yes',
    kernels: 'reference',
  },
};

export const PRESETS: readonly Preset[] = [
  {
    id: 'quick',
    label: l10n.t('Quick look'),
    detail: l10n.t('A small network that learns the look of the text within seconds.'),
    values: { hiddenSize: 64, sequenceLength: 25, batchSize: 16, optimizer: 'adam', learningRate: 0.005, clipNorm: 5 },
  },
  BY_HAND,
  {
    id: 'min-char-rnn',
    label: 'min-char-rnn',
    detail: l10n.t(
      'As published (Karpathy 2015): one layer of the tanh cell, one stream, summed loss; clipped by global norm 5 instead of each element at ±5.',
    ),
    values: {
      cell: 'tanh',
      layers: 1,
      hiddenSize: 100,
      sequenceLength: 25,
      batchSize: 1,
      optimizer: 'adagrad',
      learningRate: 0.1,
      clipNorm: 5,
      reduction: 'sum',
      initialization: 'normal',
    },
  },
  {
    id: 'balanced',
    label: l10n.t('Balanced'),
    detail: l10n.t('Learns well in minutes.'),
    values: BALANCED,
  },
  {
    id: 'lstm',
    label: 'LSTM',
    detail: l10n.t('Gates keep a memory over many steps; its forget gate begins open (bias 1).'),
    values: { cell: 'lstm', ...BALANCED },
  },
  {
    id: 'gru',
    label: 'GRU',
    detail: l10n.t('Two gates and one state: nearly as long a memory as an LSTM, with fewer parameters.'),
    values: { cell: 'gru', ...BALANCED },
  },
  {
    id: 'large',
    label: l10n.t('Large'),
    detail: l10n.t('A longer memory and a lower loss, for a run of an hour or more.'),
    values: {
      hiddenSize: 512,
      sequenceLength: 128,
      batchSize: 64,
      optimizer: 'adam',
      learningRate: 0.001,
      clipNorm: 5,
    },
  },
];
/** How parameters begin and what the total loss is: a preset has the usual ones where it does not name others, never a person's. */
const USUAL: Partial<RunSettings> = Object.fromEntries(
  (['reduction', 'initialization', 'initialBias'] as const).map((name) => [name, DEFAULT_SETTINGS[name]]),
);

/** The settings that a run by a preset takes. */
export function settingsByPreset({ values }: Preset, settings: RunSettings): RunSettings {
  return { ...settings, ...USUAL, ...values };
}

/** Those of a run by hand with a cell, whatever a person has set. */
export function byHandSettings(cell: CellName): RunSettings {
  return { ...settingsByPreset(BY_HAND, DEFAULT_SETTINGS), cell };
}

/** In a line, for lists. */
export function summary(settings: RunSettings): string {
  const { hiddenSize, sequenceLength, batchSize, optimizer, learningRate } = settings;
  // What a preset leaves as the person has it is named where it is not the usual one.
  const unusual = unusualNetwork(settings)
    .map((said) => `${said} · `)
    .join('');
  return `${unusual}H=${hiddenSize} T=${sequenceLength} B=${batchSize} · ${optimizer} ${learningRate}`;
}
