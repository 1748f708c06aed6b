import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../../src/common/disposable.ts';
import { CaretLink } from '../../src/host/editor/caretLink.ts';
import { CharacterHover } from '../../src/host/editor/characterHover.ts';
import { FEATURE_NAMES, FEATURES } from '../../src/host/editor/features.ts';
import { InspectedRuns, rangeOf } from '../../src/host/editor/inspectedRuns.ts';
import { windowSpan } from '../../src/host/editor/inspectedWindow.ts';
import { shadedSpans } from '../../src/host/editor/lossClasses.ts';
import { LossShading } from '../../src/host/editor/lossShading.ts';
import { EditorSettings } from '../../src/host/editor/settings.ts';
import type { EditorStudy } from '../../src/host/editor/study.ts';
import { WindowMark } from '../../src/host/editor/windowMark.ts';
import type { SessionChange } from '../../src/host/session.ts';
import type { Judgement, Tape } from '../../src/protocol/study.ts';
import { sessionOf, tapeOf } from '../unit/host/editorFakes.ts';

/** Characters of one and of two units, in lines that end as on Windows. */
const LINES = Array.from({ length: 400 }, (_, line) => `line ${line}: a 😀 and some text\r\n`);
const TEXT = LINES.join('');

interface Asked {
  readonly before: string;
  readonly text: string;
}

/** A study whose network finds every character as likely as its place is even. */
class FakeStudy implements EditorStudy {
  readonly session: EditorStudy['session'];
  readonly asked: Asked[] = [];
  readonly chosen: number[] = [];
  tape: Tape | undefined;
  step: number | undefined;
  problem: string | undefined;
  iteration = 10;
  readonly #judged = new vscode.EventEmitter<undefined>();
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

  judge(before: string, text: string): Promise<Judgement> {
    this.asked.push({ before, text });
    this.#judged.fire(undefined);
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
      const subscription = this.#judged.event(look);
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

function next<T>(event: vscode.Event<T>, isMeant: (value: T) => boolean = () => true): Promise<T> {
  return new Promise((resolve) => {
    const subscription = event((value) => {
      if (!isMeant(value)) return;
      subscription.dispose();
      resolve(value);
    });
  });
}

/** After all that was waiting in this thread. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

suite('The editor of a file that is trained on', () => {
  let folder: string;
  let owned: DisposableStore;
  let runs: InspectedRuns;
  let settings: EditorSettings;
  let shading: LossShading;
  let document: vscode.TextDocument;
  let editor: vscode.TextEditor;
  let study: FakeStudy;
  let files = 0;

  suiteSetup(async () => (folder = await mkdtemp(join(tmpdir(), 'rnn-editor-'))));
  suiteTeardown(() => rm(folder, { recursive: true }));

  setup(async () => {
    const path = join(folder, `text-${++files}.txt`);
    await writeFile(path, TEXT);
    document = await vscode.workspace.openTextDocument(path);
    editor = await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    owned = new DisposableStore();
    runs = owned.add(new InspectedRuns());
    settings = owned.add(new EditorSettings());
    shading = owned.add(new LossShading(runs, settings, { debug: () => undefined }));
    owned.add(new WindowMark(runs, settings));
    owned.add(new CaretLink(runs, settings));
    study = new FakeStudy(document.uri, TEXT);
  });

  teardown(async () => {
    owned.dispose();
    for (const feature of FEATURE_NAMES) {
      await vscode.workspace.getConfiguration('rnnInspector.editor').update(feature, undefined, true);
    }
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  /** The tape of the window that begins with symbol `position`. */
  function tapeAt(position: number, T = 20): Tape {
    const vocabulary = study.session.description.facts?.vocabulary ?? [];
    const symbols = Array.from(TEXT).slice(position, position + T);
    return tapeOf(
      position,
      symbols.map((symbol) => vocabulary.indexOf(symbol)),
    );
  }

  /** Scrolls, and waits until a line is on the screen. */
  async function scrolledTo(line: number, scroll: () => void): Promise<void> {
    const isShown = (): boolean => editor.visibleRanges.some((range) => range.contains(new vscode.Position(line, 0)));
    const shown = next(vscode.window.onDidChangeTextEditorVisibleRanges, isShown);
    scroll();
    await shown;
    await settled();
  }

  /** The symbols of the text before a line. */
  const symbolsBefore = (line: number): number => Array.from(LINES.slice(0, line).join('')).length;

  test('is judged where it is on the screen, after what stands before that', async () => {
    const asked = study.question();
    owned.add(runs.add(study));
    const { before, text } = await asked;
    assert.equal(before, '');
    assert.ok(text.startsWith(LINES[0]));
    assert.ok(text.length < TEXT.length, 'not all of the text');
    await settled();
    const judged = shading.judgedAt(document, 5);
    assert.deepEqual(judged?.span, { from: 0, to: text.length });
    assert.equal(shading.judgedAt(document, TEXT.length - 1), undefined);
  });

  test('is judged anew where one scrolls to', async () => {
    owned.add(runs.add(study));
    const asked = study.question(({ text }) => text.includes(LINES[300].trim()));
    editor.revealRange(document.lineAt(300).range, vscode.TextEditorRevealType.AtTop);
    const { before, text } = await asked;
    const from = TEXT.indexOf(before + text);
    assert.ok(from > 0);
    assert.ok(before.length >= 199 && before.length <= 201, `${before.length} units before`);
    await settled();
    assert.equal(shading.judgedAt(document, TEXT.indexOf(LINES[300]))?.span.from, from + before.length);
  });

  test('is judged anew when the network of a run that stands has changed', async () => {
    owned.add(runs.add(study));
    await study.question(undefined, 0);
    await settled();
    const asked = study.question();
    study.iteration = 11;
    study.change({ type: 'rows' });
    await asked;
    await settled();
    assert.equal(shading.judgedAt(document, 5)?.judgement.iteration, 11);
  });

  test('has no shade any more once its text was edited, and has it again when that is undone', async () => {
    owned.add(runs.add(study));
    await study.question(undefined, 0);
    await settled();
    await editor.edit((edit) => edit.insert(new vscode.Position(3, 0), 'x'));
    await settled();
    assert.equal(shading.judgedAt(document, 5), undefined);
    assert.match(runs.problem(document) ?? '', /the file changed since the run began/);
    const questions = study.asked.length;
    await scrolledTo(300, () => editor.revealRange(document.lineAt(300).range));
    assert.equal(study.asked.length, questions, 'nothing is asked about another text');
    await scrolledTo(0, () => editor.revealRange(document.lineAt(0).range));
    const asked = study.question();
    await vscode.commands.executeCommand('undo');
    await asked;
    await settled();
    assert.notEqual(shading.judgedAt(document, 5), undefined);
    assert.equal(runs.problem(document), undefined);
  });

  test('without a panel of the run its file is shown as any other', async () => {
    owned.add(runs.add(study));
    await study.question(undefined, 0);
    await settled();
    assert.notEqual(shading.judgedAt(document, 5), undefined);
    study.setShown(false);
    await settled();
    assert.equal(shading.judgedAt(document, 5), undefined);
    assert.equal(runs.fitting(document), undefined);
    const asked = study.question();
    study.setShown(true);
    await asked;
    await settled();
    assert.notEqual(shading.judgedAt(document, 5), undefined);
  });

  test('a window that the text does not hold ends it all', async () => {
    owned.add(runs.add(study));
    await study.question(undefined, 0);
    study.show(tapeAt(symbolsBefore(3)));
    assert.equal(runs.problem(document), undefined);
    study.show({ ...tapeAt(symbolsBefore(3)), position: 1 });
    await settled();
    assert.match(runs.problem(document) ?? '', /does not show the characters that the run read/);
    assert.equal(shading.judgedAt(document, 5), undefined);
  });

  test('ranges of shades and of the window are where their characters are', async () => {
    owned.add(runs.add(study));
    const asked = await study.question(undefined, 0);
    const judgement = await study.judge(asked.before, asked.text);
    const [likely, , , , unlikely] = shadedSpans(judgement, 0, asked.text.length).map((spans) =>
      spans.map((span) => document.getText(rangeOf(document, span))),
    );
    assert.equal(likely[0] + unlikely[0] + likely[1] + unlikely[1], 'line');
    const text = runs.fitting(document)?.text;
    assert.ok(text);
    const range = rangeOf(document, windowSpan(text, tapeAt(symbolsBefore(5) + 2, 8)));
    assert.deepEqual([range.start.line, range.start.character], [5, 2]);
    assert.equal(document.getText(range), 'ne 5: a ');
  });

  test('a caret that a person moves into the window chooses the time step that reads the character behind it', async () => {
    owned.add(runs.add(study));
    study.show(tapeAt(symbolsBefore(5)));
    editor.selection = new vscode.Selection(5, 1, 5, 1);
    await next(vscode.window.onDidChangeTextEditorSelection);
    assert.deepEqual(study.chosen, [], 'a program moved it');
    const moved = next(vscode.window.onDidChangeTextEditorSelection);
    await vscode.commands.executeCommand('cursorMove', { to: 'right', by: 'character', value: 1 });
    await moved;
    assert.deepEqual(study.chosen, [2]);
    // Past the emoji, which has two units and is one symbol: "line 5: a 😀 and" has it at 10.
    const beyond = next(vscode.window.onDidChangeTextEditorSelection);
    await vscode.commands.executeCommand('cursorMove', { to: 'right', by: 'character', value: 9 });
    await beyond;
    assert.equal(editor.selection.active.character, 12);
    assert.deepEqual(study.chosen, [2, 11]);
    const outside = next(vscode.window.onDidChangeTextEditorSelection);
    await vscode.commands.executeCommand('cursorMove', { to: 'down', by: 'line', value: 1 });
    await outside;
    assert.deepEqual(study.chosen, [2, 11]);
  });

  test('a time step that is chosen in the panel shows its character, and moves neither caret nor focus', async () => {
    owned.add(runs.add(study));
    study.show(tapeAt(symbolsBefore(350)));
    const before = editor.selection;
    await scrolledTo(350, () => study.choose(4));
    assert.deepEqual(editor.selection, before);
    assert.deepEqual(study.chosen, []);
    assert.equal(vscode.window.activeTextEditor, editor);
  });

  test('the hover of a character tells what the shade shows, and where it lies in the window', async () => {
    owned.add(runs.add(study));
    await study.question(undefined, 0);
    await settled();
    study.show(tapeAt(symbolsBefore(0)));
    const questions = study.asked.length;
    const hover = new CharacterHover(runs, settings, shading);
    const at = TEXT.indexOf('😀');
    const shown = await hover.provideHover(document, document.positionAt(at + 1));
    const [content] = shown?.contents ?? [];
    assert.ok(content instanceof vscode.MarkdownString);
    assert.ok(content.isTrusted !== true && content.supportHtml !== true);
    assert.match(content.value, /&#128512;.*loss 0\.100 nats, probability 0\.90 \(iteration 10\)/);
    assert.match(content.value, new RegExp(`read at t = ${at} of 0 … 19, ‖∂h\\(${at}\\)‖`));
    assert.deepEqual(shown?.range, rangeOf(document, { from: at, to: at + 2 }));
    assert.equal(study.asked.length, questions, 'nothing is asked anew');
  });

  test('the hover of a character that is not shaded asks the network, and says why it has no answer', async () => {
    await vscode.workspace.getConfiguration('rnnInspector.editor').update('lossShading', false, true);
    owned.add(runs.add(study));
    await settled();
    assert.deepEqual(study.asked, []);
    const hover = new CharacterHover(runs, settings, shading);
    const asked = study.question();
    await hover.provideHover(document, new vscode.Position(300, 0));
    const { before, text } = await asked;
    assert.equal(text, 'l');
    assert.ok(TEXT.includes(`${before}${LINES[300]}`));
    study.problem = 'The network is gone.';
    const shown = await hover.provideHover(document, new vscode.Position(300, 0));
    assert.match((shown?.contents[0] as vscode.MarkdownString).value, /The network is gone&#46;/);
  });

  test('says nothing of other files, and nothing any more when the run goes', async () => {
    const added = runs.add(study);
    await study.question(undefined, 0);
    await settled();
    const other = await vscode.workspace.openTextDocument({ content: TEXT });
    const hover = new CharacterHover(runs, settings, shading);
    assert.equal(await hover.provideHover(other, new vscode.Position(0, 0)), undefined);
    added.dispose();
    await settled();
    assert.equal(shading.judgedAt(document, 5), undefined);
    assert.equal(await hover.provideHover(document, new vscode.Position(0, 0)), undefined);
  });

  test('every command switches its setting over, and back', async () => {
    for (const feature of FEATURE_NAMES) {
      assert.equal(settings.isOn(feature), true, feature);
      await vscode.commands.executeCommand(`rnnInspector.${FEATURES[feature].command}`);
      assert.equal(settings.isOn(feature), false, feature);
      await vscode.commands.executeCommand(`rnnInspector.${FEATURES[feature].command}`);
      assert.equal(settings.isOn(feature), true, feature);
    }
  });

  test('a feature that is switched off shows nothing', async () => {
    owned.add(runs.add(study));
    await study.question(undefined, 0);
    await settled();
    await settings.toggle('lossShading');
    await settled();
    assert.equal(shading.judgedAt(document, 5), undefined);
    await settings.toggle('caretLink');
    study.show(tapeAt(symbolsBefore(0)));
    const moved = next(vscode.window.onDidChangeTextEditorSelection);
    await vscode.commands.executeCommand('cursorMove', { to: 'right', by: 'character', value: 1 });
    await moved;
    assert.deepEqual(study.chosen, []);
    await settings.toggle('characterHover');
    const hover = new CharacterHover(runs, settings, shading);
    assert.equal(await hover.provideHover(document, new vscode.Position(0, 0)), undefined);
  });
});
