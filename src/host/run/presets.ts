import * as vscode from 'vscode';
import { l10n } from '../../common/l10n.ts';
import type { RunSettings } from '../../protocol/settings.ts';
import { PRESETS, settingsByPreset, summary } from './presetSettings.ts';

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
    ...PRESETS.map((preset) => {
      const { id, label, detail } = preset;
      return { id, label, detail, settings: settingsByPreset(preset, settings) };
    }),
    {
      id: MY_SETTINGS,
      label: l10n.t('My settings'),
      detail: l10n.t('Everything as rnnInspector.* in the settings says.'),
      settings,
    },
  ].map((option) => ({ ...option, description: summary(option.settings) }));
  const lastChoice = memory.get<string>('rnnInspector.lastChoice');
  options.sort((one, other) => Number(other.id === lastChoice) - Number(one.id === lastChoice));
  const choice = await vscode.window.showQuickPick(options, {
    title: l10n.t('Train RNN on {file}', { file: fileName }),
    placeHolder: l10n.t('With which settings?'),
    matchOnDescription: true,
  });
  if (choice === undefined) return undefined;
  await memory.update('rnnInspector.lastChoice', choice.id);
  return choice.settings;
}
