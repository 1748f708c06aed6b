import * as vscode from 'vscode';
import { l10n } from '../../common/l10n.ts';
import { groupDigits } from '../../common/written.ts';
import { InputError } from '../../common/inputError.ts';
import type { ReadableHistory } from '../../history/history.ts';
import { lossesAt } from './checkpointLosses.ts';
import type { CheckpointInfo } from '../../runs/disk/checkpoints.ts';
import {
  parseSettings,
  settingFromText,
  SETTINGS,
  type RunSettings,
  type SettingName,
} from '../../protocol/settings.ts';
import { settingDescription } from './settings.ts';
import { CHANGEABLE_IN_FORK, describeChanges } from '../../runs/recording/settingChanges.ts';

/**
 * Asks from which checkpoint; the only one is taken without a question.
 * @param history of the run, by which their losses are told; undefined where it cannot be read.
 */
export async function pickCheckpoint(
  checkpoints: readonly CheckpointInfo[],
  title: string,
  history: () => Promise<ReadableHistory | undefined>,
): Promise<CheckpointInfo | undefined> {
  if (checkpoints.length <= 1) return checkpoints[0];
  // The list opens while the history is being read.
  const items = history().then((known) =>
    checkpoints.map((info) => {
      const losses = known === undefined ? '' : lossesAt(known, info.iteration);
      return {
        label: l10n.t('Iteration {iteration}', { iteration: groupDigits(info.iteration) }),
        description: info.isBest ? l10n.t('best validation loss') : '',
        detail: [losses, l10n.t('saved {time}', { time: new Date(info.savedAtMs).toLocaleString(l10n.language) })]
          .filter((part) => part !== '')
          .join(' · '),
        info,
      };
    }),
  );
  return (await vscode.window.showQuickPick(items, { title, placeHolder: l10n.t('From which checkpoint?') }))?.info;
}

/**
 * Asks which settings the fork changes, one after the other; undefined where the person changed their mind.
 * @param then those with which the run came to the checkpoint: what is otherwise is told.
 * @param isFinished the run did all its epochs: with as many, its fork would end at once.
 */
export async function askForSettings(
  settings: RunSettings,
  then: RunSettings,
  isFinished: boolean,
  title: string,
): Promise<RunSettings | undefined> {
  const maxEpochs = Math.min(SETTINGS.maxEpochs.maximum, (isFinished ? 2 : 1) * settings.maxEpochs);
  let changed: RunSettings = { ...settings, maxEpochs };
  for (;;) {
    const start = { label: `$(play) ${l10n.t('Start the fork')}`, detail: differences(then, changed), name: undefined };
    const items = CHANGEABLE_IN_FORK.map((name) => ({
      label: name,
      description: String(changed[name]),
      detail: settingDescription(name),
      name,
    }));
    const answer = await vscode.window.showQuickPick([start, ...items], {
      title,
      placeHolder: l10n.t('Change settings, then start'),
      matchOnDescription: true,
    });
    if (answer === undefined) return undefined;
    if (answer.name === undefined) return changed;
    changed = (await askForSetting(changed, answer.name)) ?? changed;
  }
}

async function askForSetting(settings: RunSettings, name: SettingName): Promise<RunSettings | undefined> {
  const setting = SETTINGS[name];
  const value =
    setting.type === 'choice'
      ? await vscode.window.showQuickPick([...setting.choices], { title: name })
      : await vscode.window.showInputBox({
          title: name,
          prompt: settingDescription(name),
          value: String(settings[name]),
          validateInput: (text) => problemOf(settings, name, text),
        });
  return value === undefined ? undefined : parseSettings({ ...settings, [name]: settingFromText(name, value) });
}

function problemOf(settings: RunSettings, name: SettingName, text: string): string | undefined {
  try {
    parseSettings({ ...settings, [name]: settingFromText(name, text) });
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

function differences(before: RunSettings, after: RunSettings): string {
  const changed = describeChanges(before, after);
  return changed.length === 0 ? l10n.t('With the same settings') : changed.join(' · ');
}
