import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposable.ts';
import { type InspectedRun, type InspectedRuns, rangeOf } from './inspectedRuns.ts';
import { windowSpan } from './inspectedWindow.ts';
import type { EditorSettings } from './settings.ts';

/** Marks the characters that the inspected window reads: underlined, with a bar before their lines and in the overview. */
export class WindowMark implements vscode.Disposable {
  readonly #owned = new DisposableStore();
  readonly #runs: InspectedRuns;
  readonly #settings: EditorSettings;
  readonly #characters: vscode.TextEditorDecorationType;
  readonly #lines: vscode.TextEditorDecorationType;

  constructor(runs: InspectedRuns, settings: EditorSettings) {
    this.#runs = runs;
    this.#settings = settings;
    const color = new vscode.ThemeColor('rnnInspector.trainingWindow');
    this.#characters = this.#owned.add(
      vscode.window.createTextEditorDecorationType({
        borderColor: color,
        borderStyle: 'solid',
        borderWidth: '0 0 2px 0',
        overviewRulerColor: color,
        overviewRulerLane: vscode.OverviewRulerLane.Left,
      }),
    );
    this.#lines = this.#owned.add(
      vscode.window.createTextEditorDecorationType({
        isWholeLine: true,
        borderColor: color,
        borderStyle: 'solid',
        borderWidth: '0 0 0 3px',
      }),
    );
    const all = (): void => this.#mark(vscode.window.visibleTextEditors);
    this.#owned.add(runs.onDidChangeTape((run) => this.#markRun(run)));
    this.#owned.add(runs.onDidChange(all));
    this.#owned.add(settings.onDidChange(all));
    this.#owned.add(vscode.window.onDidChangeVisibleTextEditors(all));
    this.#owned.add(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length === 0 || runs.of(document) === undefined) return;
        this.#mark(vscode.window.visibleTextEditors.filter((editor) => editor.document === document));
      }),
    );
    all();
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #markRun(run: InspectedRun): void {
    this.#mark(vscode.window.visibleTextEditors.filter(({ document }) => this.#runs.of(document) === run));
  }

  #mark(editors: readonly vscode.TextEditor[]): void {
    for (const editor of editors) {
      const fitting = this.#settings.isOn('trainingWindow') ? this.#runs.fitting(editor.document) : undefined;
      const tape = fitting?.run.study.tape;
      const ranges = fitting && tape ? [rangeOf(editor.document, windowSpan(fitting.text, tape))] : [];
      editor.setDecorations(this.#characters, ranges);
      editor.setDecorations(this.#lines, ranges);
    }
  }
}
