import { l10n } from '../common/l10n.ts';
import type { SettingName } from './settings.ts';

/** What settings are called within a sentence or at the head of a column. */
export const SETTING_TITLES: Readonly<Record<SettingName, string>> = {
  cell: l10n.t('cell'),
  layers: l10n.t('layers'),
  hiddenSize: l10n.t('hidden size'),
  sequenceLength: l10n.t('sequence length'),
  batchSize: l10n.t('batch size'),
  optimizer: l10n.t('optimizer'),
  learningRate: l10n.t('learning rate'),
  clipNorm: l10n.t('clip norm'),
  reduction: l10n.t('reduction'),
  initialization: l10n.t('initialization'),
  initialBias: l10n.t('initial bias'),
  seed: l10n.t('seed'),
  tokens: l10n.t('tokens'),
  validationFraction: l10n.t('validation fraction'),
  maxEpochs: l10n.t('max epochs'),
  startPaused: l10n.t('start paused'),
  temperature: l10n.t('temperature'),
  threads: l10n.t('threads'),
  kernels: l10n.t('kernels'),
};
