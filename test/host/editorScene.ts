import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../../src/common/disposable.ts';
import { CaretLink } from '../../src/host/editor/caretLink.ts';
import { FEATURE_NAMES } from '../../src/protocol/editorSettings.ts';
import { InspectedRuns } from '../../src/host/editor/inspectedRuns.ts';
import { LossShading } from '../../src/host/editor/lossShading.ts';
import { EditorSettings } from '../../src/host/editor/settings.ts';
import type { EditorStudy } from '../../src/host/editor/study.ts';
import { WindowMark } from '../../src/host/editor/windowMark.ts';
import type { SessionChange } from '../../src/host/session/session.ts';
import type { CharacterScores, Tape } from '../../src/protocol/study.ts';
import { sessionOf, tapeOf } from '../unit/host/editorFakes.ts';

/** Characters of one and of two units, in lines that end as on Windows. */
export const LINES = Array.from({ length: 400 }, (_, line) => `line ${line}: a 😀 and some text\r\n`);
export const TEXT = LINES.join('');

export interface Asked {
  readonly before: string;
  readonly text: string;
}

/** A study whose network finds every character as likely as its place is even. */
export class FakeStudy implements EditorStudy {
  readonly session: EditorStudy['session'];
  readonly asked: Asked[] = [];
  readonly chosen: number[] = [];
  tape: Tape | undefined;
  step: number | undefined;
  problem: string | undefined;
  iteration = 10;
  readonly #scored = new vscode.EventEmitter<undefined>();
  readonly #tape = new vscode.EventEmitter<Tape>();
  readonly #step = new vscode.EventEmitter<number | undefined>();
  readonly #changed = new vscode.EventEmitter<SessionChange>();
  readonly onDidChangeTape = this.#tape.event;
  readonly onDidChooseStep = this.#step.event;
  readonly #shown = new vscode.EventEmitter<boolean>();
  readonly onDidChangeShown = this.#shown.event;
  isShown = true;

  constructor(uri: vscode.Uri, text: string) {
    const session = sessionOf(text);
    session.begin();
    const status = { state: 'paused' };
    const more = { uri, status, onDidChange: this.#changed.event };
    this.session = Object.assign(session, more as unknown as EditorStudy['session']);
  }

  /** The panel of the run is closed, or opened again. */
  setShown(isShown: boolean): void {
    this.isShown = isShown;
    this.#shown.fire(isShown);
  }

  score(before: string, text: string): Promise<CharacterScores> {
    this.asked.push({ before, text });
    this.#scored.fire(undefined);
    if (this.problem !== undefined) return Promise.reject(new Error(this.problem));
    const offsets: number[] = [];
    let offset = 0;
    for (const character of text) {
      offsets.push(offset);
      offset += character.length;
    }
    return Promise.resolve({
      iteration: this.iteration,
      offsets: Int32Array.from(offsets),
      lossNats: Float32Array.from(offsets, (at) => (at % 2 === 0 ? 0.1 : 3)),
      topIds: Int32Array.from({ length: 5 * offsets.length }, (_, at) => at % 5),
      topProbability: new Float32Array(5 * offsets.length).fill(0.125),
    });
  }

  /** The next question, or the one that the condition asks for. */
  question(isMeant: (asked: Asked) => boolean = () => true, from = this.asked.length): Promise<Asked> {
    const found = (): Asked | undefined => this.asked.slice(from).find(isMeant);
    return new Promise((resolve) => {
      const look = (): void => {
        const asked = found();
        if (asked === undefined) return;
        subscription.dispose();
        resolve(asked);
      };
      const subscription = this.#scored.event(look);
      look();
    });
  }

  show(tape: Tape): void {
    this.tape = tape;
    this.#tape.fire(tape);
  }

  choose(step: number | undefined): void {
    this.step = step;
    this.#step.fire(step);
  }

  chooseStep(t: number): void {
    this.step = t;
    this.chosen.push(t);
  }

  change(change: SessionChange): void {
    this.#changed.fire(change);
  }
}

export function next<T>(event: vscode.Event<T>, isMeant: (value: T) => boolean = () => true): Promise<T> {
  return new Promise((resolve) => {
    const subscription = event((value) => {
      if (!isMeant(value)) return;
      subscription.dispose();
      resolve(value);
    });
  });
}

/** After all that was waiting in this thread. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The symbols of the text before a line. */
export const symbolsBefore = (line: number): number => Array.from(LINES.slice(0, line).join('')).length;

/** A file of the text in an editor, all that the extension shows in it, and a run of it that nothing knows of yet. */
export class EditorScene {
  readonly owned = new DisposableStore();
  readonly runs = this.owned.add(new InspectedRuns());
  readonly settings = this.owned.add(new EditorSettings());
  readonly shading = this.owned.add(new LossShading(this.runs, this.settings, { debug: () => undefined }));
  readonly document: vscode.TextDocument;
  readonly editor: vscode.TextEditor;
  readonly study: FakeStudy;

  private constructor(editor: vscode.TextEditor) {
    this.editor = editor;
    this.document = editor.document;
    this.owned.add(new WindowMark(this.runs, this.settings));
    this.owned.add(new CaretLink(this.runs, this.settings));
    this.study = new FakeStudy(this.document.uri, TEXT);
  }

  static async open(path: string): Promise<EditorScene> {
    await writeFile(path, TEXT);
    const document = await vscode.workspace.openTextDocument(path);
    return new EditorScene(await vscode.window.showTextDocument(document, vscode.ViewColumn.One));
  }

  /** The tape of the window that begins with symbol `position`. */
  readonly tapeAt = (position: number, T = 20): Tape => {
    const vocabulary = this.study.session.description.facts?.vocabulary ?? [];
    const symbols = Array.from(TEXT).slice(position, position + T);
    return tapeOf(
      position,
      symbols.map((symbol) => vocabulary.indexOf(symbol)),
    );
  };

  /** Scrolls, and waits until a line is on the screen. */
  readonly scrolledTo = async (line: number, scroll: () => void): Promise<void> => {
    const { editor } = this;
    const isShown = (): boolean => editor.visibleRanges.some((range) => range.contains(new vscode.Position(line, 0)));
    const shown = next(vscode.window.onDidChangeTextEditorVisibleRanges, isShown);
    scroll();
    await shown;
    await settled();
  };

  async close(): Promise<void> {
    this.owned.dispose();
    for (const feature of FEATURE_NAMES) {
      await vscode.workspace.getConfiguration('rnnInspector.editor').update(feature, undefined, true);
    }
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
}

/** An editor of its own for every test of a suite; call the result within tests. */
export function freshEditor(): () => EditorScene {
  let folder: string;
  let scene: EditorScene;
  let files = 0;
  suiteSetup(async () => (folder = await mkdtemp(join(tmpdir(), 'rnn-editor-'))));
  suiteTeardown(() => rm(folder, { recursive: true }));
  setup(async () => (scene = await EditorScene.open(join(folder, `text-${++files}.txt`))));
  teardown(() => scene.close());
  return () => scene;
}
