import type { RunFacts } from '../../protocol/run.ts';
import { SETTINGS, type RunSettings, type SettingName } from '../../protocol/settings.ts';
import type { Setting } from '../../protocol/setting.ts';
import { divisorText } from './divisor.ts';

/** What the figures of the settings line mean, in sentences: the words of the settings themselves, and those of what follows from the text. */

/** A setting, and the choice that was made where it is one of a few. */
export function settingWords(name: SettingName, value: string | number): string {
  const setting: Setting = SETTINGS[name];
  if (setting.type !== 'choice') return setting.description;
  const chosen = setting.choiceDescriptions[setting.choices.indexOf(String(value))];
  return chosen === undefined ? setting.description : `${setting.description} ${value}: ${chosen}`;
}

/** The text, in whatever its symbols are. */
export function textWords({ tokens }: RunSettings, part: 'training' | 'validation'): string {
  return part === 'training'
    ? `How many ${tokens} of the text the network is trained on.`
    : `How many ${tokens} at the end of the text are never trained on: the validation loss is measured on them.`;
}

export function vocabularyWords({ tokens }: RunSettings): string {
  return `Vocabulary size V: how many different ${tokens} the text has. The network gives each of them a probability.`;
}

export function reductionWords(settings: RunSettings): string {
  const { reduction, sequenceLength: T, batchSize: B } = settings;
  return `${settingWords('reduction', reduction)} ${divisorText({ T, N: reduction === 'mean' ? T * B : 1 })}.`;
}

export const PARAMETERS_WORDS = 'How many numbers are learned: all weights and biases together.';

/** The kernels that compute the run, which may be those that `auto` chose. */
export function kernelsWords({ kernels, threads }: Pick<RunFacts, 'kernels' | 'threads'>): string {
  const computed = threads === 1 ? 'on one thread' : `by ${threads} threads together`;
  return `${settingWords('kernels', kernels)} They compute ${computed}.`;
}
