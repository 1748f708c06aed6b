import * as vscode from 'vscode';
import { parseSettings, SETTING_NAMES, SETTINGS, type RunSettings, type SettingName } from '../../protocol/settings.ts';

const SECTION = 'rnnInspector';
const EXTENSION = 'side-b.rnn-gradient-inspector';

/** As much of package.json as is read here. */
interface Manifest {
  readonly contributes: {
    readonly configuration: readonly {
      readonly properties: Readonly<Record<string, { readonly description: string }>>;
    }[];
  };
}

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

/** What a setting is, in the person's language: VS Code has put its own translation of the manifest in place. */
export function settingDescription(name: SettingName): string {
  const manifest = vscode.extensions.getExtension(EXTENSION)?.packageJSON as Manifest | undefined;
  const sections = manifest?.contributes.configuration ?? [];
  const described = sections.flatMap(({ properties }) => properties[`${SECTION}.${name}`] ?? []);
  return described.at(0)?.description ?? SETTINGS[name].description;
}

export async function openSettings(extensionId: string): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openSettings', `@ext:${extensionId}`);
}
