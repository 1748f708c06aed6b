import * as vscode from 'vscode';
import { type RunSettings, unusualNetwork } from '../../protocol/settings.ts';

interface Preset {
  readonly id: string;
  readonly label: string;
  readonly detail: string;
  readonly values: Partial<RunSettings>;
}

const PRESETS: readonly Preset[] = [
  {
    id: 'quick',
    label: 'Quick look',
    detail: 'A small network that learns the look of the text within seconds.',
    values: { hiddenSize: 64, sequenceLength: 25, batchSize: 16, optimizer: 'adam', learningRate: 0.005, clipNorm: 5 },
  },
  {
    id: 'min-char-rnn',
    label: 'min-char-rnn',
    detail:
      'As published (Karpathy 2015), one stream, summed loss; clipped by global norm 5 instead of each element at ±5.',
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
    label: 'Balanced',
    detail: 'Learns well in minutes.',
    values: {
      hiddenSize: 128,
      sequenceLength: 50,
      batchSize: 32,
      optimizer: 'adam',
      learningRate: 0.002,
      clipNorm: 5,
    },
  },
  {
    id: 'lstm',
    label: 'LSTM',
    detail: 'Gates keep a memory over many steps; its forget gate begins open (bias 1).',
    values: {
      cell: 'lstm',
      hiddenSize: 128,
      sequenceLength: 50,
      batchSize: 32,
      optimizer: 'adam',
      learningRate: 0.002,
      clipNorm: 5,
    },
  },
  {
    id: 'gru',
    label: 'GRU',
    detail: 'Two gates and one state: nearly as long a memory as an LSTM, with fewer parameters.',
    values: {
      cell: 'gru',
      hiddenSize: 128,
      sequenceLength: 50,
      batchSize: 32,
      optimizer: 'adam',
      learningRate: 0.002,
      clipNorm: 5,
    },
  },
  {
    id: 'large',
    label: 'Large',
    detail: 'A longer memory and a lower loss, for a run of an hour or more.',
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
const MY_SETTINGS = 'settings';

/**
 * Asks which settings a run takes: a preset over the person's settings, or the settings as they are; the last choice
 * comes first.
 * @returns undefined where the person dismissed the choice.
 */
export async function pickSettings(
  settings: RunSettings,
  memory: vscode.Memento,
  fileName: string,
): Promise<RunSettings | undefined> {
  const options = [
    ...PRESETS.map(({ id, label, detail, values }) => ({
      id,
      label,
      detail,
      settings: { ...settings, reduction: 'mean', initialization: 'uniform', ...values } satisfies RunSettings,
    })),
    { id: MY_SETTINGS, label: 'My settings', detail: 'Everything as rnnInspector.* in the settings says.', settings },
  ].map((option) => ({ ...option, description: summary(option.settings) }));
  const lastChoice = memory.get<string>('rnnInspector.lastChoice');
  options.sort((one, other) => Number(other.id === lastChoice) - Number(one.id === lastChoice));
  const choice = await vscode.window.showQuickPick(options, {
    title: `Train RNN on ${fileName}`,
    placeHolder: 'With which settings?',
    matchOnDescription: true,
  });
  if (choice === undefined) return undefined;
  await memory.update('rnnInspector.lastChoice', choice.id);
  return choice.settings;
}

function summary(settings: RunSettings): string {
  const { hiddenSize, sequenceLength, batchSize, optimizer, learningRate } = settings;
  // What a preset leaves as the person has it is named where it is not the usual one.
  const unusual = unusualNetwork(settings)
    .map((said) => `${said} · `)
    .join('');
  return `${unusual}H=${hiddenSize} T=${sequenceLength} B=${batchSize} · ${optimizer} ${learningRate}`;
}
