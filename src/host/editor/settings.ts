import * as vscode from 'vscode';
import { l10n } from '../../common/l10n.ts';
import { DisposableStore } from '../../common/disposable.ts';
import { type Feature, FEATURES } from '../../protocol/editorSettings.ts';

const SECTION = 'rnnInspector.editor';

/** Which features the person has switched on. */
export class EditorSettings implements vscode.Disposable {
  readonly #owned = new DisposableStore();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<undefined>());
  readonly onDidChange = this.#changed.event;
  /** The switching that was asked for last: VS Code takes its time to write a setting. */
  #switched: Promise<unknown> = Promise.resolve();

  constructor() {
    this.#owned.add(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(SECTION)) this.#changed.fire(undefined);
      }),
    );
  }

  isOn(feature: Feature): boolean {
    return vscode.workspace.getConfiguration(SECTION).get<boolean>(feature) === true;
  }

  /**
   * Switches a feature over, in the settings of the workspace where these have it, else in those of the person; returns
   * whether it is on then. Asked for twice in a row, it is switched over twice.
   */
  toggle(feature: Feature): Promise<boolean> {
    const switched = this.#switched.then(() => this.#switchOver(feature));
    this.#switched = switched.catch(() => undefined);
    return switched;
  }

  async #switchOver(feature: Feature): Promise<boolean> {
    const configuration = vscode.workspace.getConfiguration(SECTION);
    const isOn = !this.isOn(feature);
    const { workspaceValue } = configuration.inspect<boolean>(feature) ?? {};
    await configuration.update(
      feature,
      isOn,
      workspaceValue === undefined ? vscode.ConfigurationTarget.Global : vscode.ConfigurationTarget.Workspace,
    );
    return isOn;
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

/** What the status bar says after a command: "Loss shading: on". */
export function toggledMessage(feature: Feature, isOn: boolean): string {
  const { label } = FEATURES[feature];
  return isOn ? l10n.t('{feature}: on', { feature: label }) : l10n.t('{feature}: off', { feature: label });
}
