import { l10n } from '../../common/l10n.ts';
import type { ComparedRun, ComparedText } from '../../protocol/compare.ts';
import { SETTING_NAMES, type RunSettings, type SettingName } from '../../protocol/settings.ts';
import { SETTING_TITLES } from '../../protocol/settingTitles.ts';
import { differingSettings, tellingSettings } from '../../protocol/tellingSettings.ts';
import { formatShare, unitName, formatLoss, groupDigits, type LossUnit } from '../../common/format.ts';

/** What runs are called, what sets them apart, and what must be said about comparing them. Pure functions. */

/** As short as the derivation has them; what says itself has no name. */
const SHORT_NAMES: Partial<Readonly<Record<SettingName, string>>> = {
  cell: '',
  hiddenSize: 'H',
  sequenceLength: 'T',
  batchSize: 'B',
  optimizer: '',
  learningRate: 'lr',
  clipNorm: 'clip',
  reduction: '',
  initialization: '',
  seed: 'seed',
  tokens: '',
  kernels: '',
};
const MOST_PARTS = 4;

/** One label a run: its name where a person gave it one, else the fewest settings that tell it from the others. */
export function runLabels(runs: readonly ComparedRun[]): string[] {
  const isNamed = ({ name }: ComparedRun): boolean => name !== undefined && name !== '';
  const unnamed = runs.filter((run) => !isNamed(run));
  const telling = tellingSettings(unnamed.length > 1 ? unnamed : runs, MOST_PARTS);
  const filesDiffer = runs.some(({ fileName }) => fileName !== runs[0].fileName);
  return runs.map((run) => {
    if (run.name !== undefined && isNamed(run)) return run.name;
    const parts = telling.map((setting) => shortSetting(setting, run.settings));
    return (filesDiffer || parts.length === 0 ? [run.fileName, ...parts] : parts).join(', ');
  });
}

function shortSetting(name: SettingName, settings: RunSettings): string {
  const short = SHORT_NAMES[name] ?? SETTING_TITLES[name];
  return `${short} ${settingValue(name, settings)}`.trim();
}

/** A setting's value as people write it. */
export function settingValue(name: SettingName, settings: RunSettings): string {
  const value = settings[name];
  if (typeof value === 'string') return value;
  if (name === 'validationFraction') return value === 0 ? l10n.t('none') : formatShare(value);
  if (name === 'clipNorm' && value === 0) return l10n.t('off');
  if (name === 'threads' && value === 0) return l10n.t('auto');
  return Number.isInteger(value) && Math.abs(value) < 1e9 && name !== 'seed' ? groupDigits(value) : String(value);
}

/** What all runs have in common, in one sentence; empty for fewer than two runs. */
export function allElseEqual(runs: readonly ComparedRun[]): string {
  if (runs.length < 2) return '';
  const differing = new Set(differingSettings(runs));
  const equal = SETTING_NAMES.filter((name) => !differing.has(name));
  if (equal.length === 0) return l10n.t('No setting is the same in all of them.');
  const list = equal.map((name) => `${SETTING_TITLES[name]} ${settingValue(name, runs[0].settings)}`).join(', ');
  return differing.size === 0
    ? l10n.t('All settings are equal: {settings}.', { settings: list })
    : l10n.t('All else equal: {settings}.', { settings: list });
}

/** What must be kept in mind with these runs; none where all can be compared as they are. */
export function caveats(runs: readonly ComparedRun[]): string[] {
  const notes: string[] = [];
  const texts = runs.flatMap(({ text }) => (text ? [text] : []));
  const differ = (valueOf: (run: ComparedRun) => unknown): boolean =>
    runs.some((run) => valueOf(run) !== valueOf(runs[0]));
  if (texts.some((text) => !isSameText(text, texts[0]))) {
    notes.push(
      l10n.t(
        'These runs read different texts: losses per character of different texts do not compare, since one text is easier to predict than another. Gradients and horizons over training can still be set side by side.',
      ),
    );
  } else if (new Set(texts.map(({ vocabularyId }) => vocabularyId)).size > 1) {
    notes.push(
      l10n.t(
        'These runs have different vocabularies: a loss per symbol of one does not compare with a loss per symbol of another, since a symbol stands for more or less of the text.',
      ),
    );
  } else if (differ(({ settings }) => settings.validationFraction)) {
    notes.push(
      l10n.t(
        'These runs keep different shares of the text for validation: their validation losses are measured on different passages, and their training losses as well.',
      ),
    );
  }
  if (differ(({ settings }) => settings.reduction)) {
    notes.push(
      l10n.t(
        'These runs differ in their reduction: with “sum” every gradient is T·B times as large as with “mean”, so their norms stand that far apart whatever they learn.',
      ),
    );
  }
  return notes;
}

/** Without the sum of its bytes, a text is taken for another where its size differs. */
function isSameText(one: ComparedText, other: ComparedText): boolean {
  if (one.sha256 !== undefined && other.sha256 !== undefined) return one.sha256 === other.sha256;
  // In other tokens the same text has another size.
  if (one.vocabularyId !== other.vocabularyId) return true;
  return one.trainingCharacters + one.validationCharacters === other.trainingCharacters + other.validationCharacters;
}

/** The lowest validation loss and when it was: "1.234 at 5 000". */
export function bestText({ best }: ComparedRun, unit: LossUnit): string {
  return best === undefined ? '–' : formatLoss(best.lossNats, unit);
}

/** The unit as the head of a column. */
export function bestTitle(unit: LossUnit): string {
  return l10n.t('best validation, {unit}', { unit: unitName(unit) });
}
