import * as vscode from 'vscode';
import { parseSettings, SETTING_NAMES, type RunSettings } from '../../protocol/settings.ts';

const SECTION = 'rnnInspector';

/**
 * The settings as the person has them for a file. In restricted mode VS Code itself leaves workspace values out, because
 * the manifest lists every setting as restricted.
 * @throws {InputError} for a value of the wrong type or out of range.
 */
export function readSettings(resource: vscode.Uri | undefined): RunSettings {
  const configuration = vscode.workspace.getConfiguration(SECTION, resource ?? null);
  const values: Record<string, unknown> = {};
  for (const name of SETTING_NAMES) {
    const value = configuration.get<unknown>(name);
    if (value !== undefined) values[name] = value;
  }
  return parseSettings(values);
}

export async function openSettings(extensionId: string): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openSettings', `@ext:${extensionId}`);
}
