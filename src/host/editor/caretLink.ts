import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposable.ts';
import { type InspectedRun, type InspectedRuns, rangeOf } from './inspectedRuns.ts';
import { spanOfStep, stepAt } from './inspectedWindow.ts';
import type { EditorSettings } from './settings.ts';

const BY_PERSON: readonly (vscode.TextEditorSelectionChangeKind | undefined)[] = [
  vscode.TextEditorSelectionChangeKind.Keyboard,
  vscode.TextEditorSelectionChangeKind.Mouse,
];

/**
 * Ties the caret to the time step that is chosen in the panel: a person who moves the caret into the inspected window chooses
 * the step that reads the character behind it, and a step that is chosen in the panel shows its character. Nothing goes round:
 * showing a character leaves caret and focus where they are, and steps are revealed only when the panel's person chose them.
 */
export class CaretLink implements vscode.Disposable {
  readonly #owned = new DisposableStore();
  readonly #runs: InspectedRuns;
  readonly #settings: EditorSettings;
  readonly #highlight: vscode.TextEditorDecorationType;

  constructor(runs: InspectedRuns, settings: EditorSettings) {
    this.#runs = runs;
    this.#settings = settings;
    const color = new vscode.ThemeColor('rnnInspector.chosenStep');
    this.#highlight = this.#owned.add(
      vscode.window.createTextEditorDecorationType({
        borderColor: color,
        borderStyle: 'solid',
        borderWidth: '2px',
        overviewRulerColor: color,
        overviewRulerLane: vscode.OverviewRulerLane.Full,
      }),
    );
    const all = (): void => this.#highlightIn(vscode.window.visibleTextEditors);
    this.#owned.add(runs.onDidChooseStep((run) => this.#reveal(run)));
    // The window moves on while the run trains: the mark goes with it, the screen does not.
    this.#owned.add(runs.onDidChangeTape((run) => this.#highlightIn(this.#editorsOf(run))));
    this.#owned.add(runs.onDidChange(all));
    this.#owned.add(settings.onDidChange(all));
    this.#owned.add(vscode.window.onDidChangeVisibleTextEditors(all));
    this.#owned.add(vscode.window.onDidChangeTextEditorSelection((event) => this.#caretMoved(event)));
    this.#owned.add(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length === 0 || runs.of(document) === undefined) return;
        this.#highlightIn(vscode.window.visibleTextEditors.filter((editor) => editor.document === document));
      }),
    );
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** Programs move the caret, too, and so does what a reveal brings about: only keys and clicks are a person's. */
  #caretMoved({ textEditor, selections, kind }: vscode.TextEditorSelectionChangeEvent): void {
    const isMoved = selections.length === 1 && selections[0].isEmpty;
    if (!BY_PERSON.includes(kind) || !isMoved || !this.#settings.isOn('caretLink')) return;
    const { document } = textEditor;
    const fitting = this.#runs.fitting(document);
    const tape = fitting?.run.study.tape;
    if (fitting === undefined || tape === undefined) return;
    const t = stepAt(fitting.text, tape, document.offsetAt(selections[0].active));
    if (t === undefined || t === fitting.run.study.step) return;
    fitting.run.study.chooseStep(t);
    this.#highlightIn(this.#editorsOf(fitting.run));
  }

  #reveal(run: InspectedRun): void {
    const editors = this.#editorsOf(run);
    this.#highlightIn(editors);
    for (const editor of editors) {
      const range = this.#chosenIn(editor);
      if (range !== undefined) editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    }
  }

  #highlightIn(editors: readonly vscode.TextEditor[]): void {
    for (const editor of editors) {
      const range = this.#chosenIn(editor);
      editor.setDecorations(this.#highlight, range === undefined ? [] : [range]);
    }
  }

  /** The character that the chosen step reads. */
  #chosenIn({ document }: vscode.TextEditor): vscode.Range | undefined {
    const fitting = this.#settings.isOn('caretLink') ? this.#runs.fitting(document) : undefined;
    if (fitting === undefined) return undefined;
    const { tape, step } = fitting.run.study;
    if (tape === undefined || step === undefined) return undefined;
    const span = spanOfStep(fitting.text, tape, step);
    return span && rangeOf(document, span);
  }

  #editorsOf(run: InspectedRun): vscode.TextEditor[] {
    return vscode.window.visibleTextEditors.filter(({ document }) => this.#runs.of(document) === run);
  }
}
