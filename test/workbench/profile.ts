import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProfileFolders } from './codeServer.ts';

export type VSCodeSettings = Readonly<Record<string, unknown>>;

/** A VS Code that shows what it is asked to and nothing of its own: no welcome, no chat, no questions, no network. */
const quietSettings: VSCodeSettings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': 'off',
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'git.enabled': false,
  'editor.minimap.enabled': false,
  'remote.autoForwardPorts': false,
  'workbench.quickOpen.closeOnFocusLost': false,
  'security.workspace.trust.startupPrompt': 'never',
};

/** An isolated VS Code: settings and extensions in a folder of their own, so that a person's own VS Code is not touched. */
export class Profile implements ProfileFolders {
  readonly userData: string;
  readonly extensions: string;

  /** Makes the folders, and the settings of a VS Code that asks nothing; settings that are there already stay. */
  constructor(folder: string, settings: VSCodeSettings = {}) {
    this.userData = join(folder, 'user-data');
    this.extensions = join(folder, 'extensions');
    mkdirSync(join(this.userData, 'User'), { recursive: true });
    mkdirSync(this.extensions, { recursive: true });
    if (!existsSync(this.file)) this.reset(settings);
  }

  /** Gives a VS Code without open windows the settings of a fresh one, and these. */
  reset(settings: VSCodeSettings): void {
    this.write({ ...quietSettings, ...settings });
  }

  private get file(): string {
    return join(this.userData, 'User', 'settings.json');
  }

  /** Whether the file says so; VS Code may be in the middle of writing it. */
  holds(setting: string, value: unknown): boolean {
    return readFileSync(this.file, 'utf8').includes(`${JSON.stringify(setting)}: ${JSON.stringify(value)}`);
  }

  /** Changes settings of a VS Code that is not running; a running one, see window.ts. A value of undefined takes the setting out. */
  update(settings: VSCodeSettings): void {
    const current = JSON.parse(readFileSync(this.file, 'utf8')) as VSCodeSettings;
    this.write({ ...current, ...settings });
  }

  private write(settings: VSCodeSettings): void {
    writeFileSync(this.file, `${JSON.stringify(settings, undefined, 2)}\n`);
  }
}
