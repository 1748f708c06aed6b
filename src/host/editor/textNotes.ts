import * as vscode from 'vscode';
import { l10n } from '../../common/l10n.ts';
import { DisposableStore } from '../../common/disposable.ts';
import type { InspectedRuns } from './inspectedRuns.ts';
import type { LossShading } from './lossShading.ts';
import type { EditorSettings } from './settings.ts';
import type { ShadingHint } from './shadingHint.ts';

/**
 * What stands above the first line of a run's text, as VS Code writes what is not of a file: what the shades are, until the person knows
 * it, or why there are none.
 */
export class TextNotes implements vscode.Disposable, vscode.CodeLensProvider {
  readonly #owned = new DisposableStore();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.#changed.event;
  readonly #runs: InspectedRuns;
  readonly #settings: EditorSettings;
  readonly #shading: LossShading;
  readonly #hint: ShadingHint;

  constructor(runs: InspectedRuns, settings: EditorSettings, shading: LossShading, hint: ShadingHint) {
    this.#runs = runs;
    this.#settings = settings;
    this.#shading = shading;
    this.#hint = hint;
    const changed = (): void => this.#changed.fire();
    this.#owned.add(runs.onDidChange(changed));
    this.#owned.add(settings.onDidChange(changed));
    this.#owned.add(hint.onDidChange(changed));
    this.#owned.add(shading.onDidChangeShaded((editor) => this.#shaded(editor)));
    this.#owned.add(vscode.languages.registerCodeLensProvider('*', this));
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!this.#settings.isOn('lossShading') || this.#runs.of(document) === undefined) return [];
    const range = new vscode.Range(0, 0, 0, 0);
    const problem = this.#runs.problem(document);
    if (problem !== undefined) {
      const title = `RNN: ${l10n.t('loss shading is off: {problem}', { problem })}`;
      return [new vscode.CodeLens(range, { title, command: '' })];
    }
    return this.#hint.isWanted && this.#shading.isShaded(document) ? this.#hint.lenses(range) : [];
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #shaded({ document }: vscode.TextEditor): void {
    if (!this.#hint.isWanted) return;
    const isAbove = vscode.workspace.getConfiguration('editor', document).get<boolean>('codeLens') !== false;
    if (isAbove) this.#changed.fire();
    else if (this.#shading.isShaded(document)) void this.#hint.tell();
  }
}
