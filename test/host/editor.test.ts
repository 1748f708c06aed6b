import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { rangeOf } from '../../src/host/editor/inspectedRuns.ts';
import { windowSpan } from '../../src/host/editor/inspectedWindow.ts';
import { shadedSpans } from '../../src/host/editor/shadedSpans.ts';
import { FakeStudy, freshEditor, LINES, settled, symbolsBefore, TEXT } from './editorScene.ts';

suite('The editor of a file that is trained on', () => {
  const scene = freshEditor();

  test('is scored where it is on the screen, after what stands before that', async () => {
    const { owned, runs, shading, document, study } = scene();
    const asked = study.question();
    owned.add(runs.add(study));
    const { before, text } = await asked;
    assert.equal(before, '');
    assert.ok(text.startsWith(LINES[0]));
    assert.ok(text.length < TEXT.length, 'not all of the text');
    await settled();
    const scored = shading.scoredAt(document, 5);
    assert.deepEqual(scored?.span, { from: 0, to: text.length });
    assert.equal(shading.scoredAt(document, TEXT.length - 1), undefined);
  });

  test('is scored anew where one scrolls to', async () => {
    const { owned, runs, shading, document, editor, study } = scene();
    owned.add(runs.add(study));
    const asked = study.question(({ text }) => text.includes(LINES[300].trim()));
    editor.revealRange(document.lineAt(300).range, vscode.TextEditorRevealType.AtTop);
    const { before, text } = await asked;
    const from = TEXT.indexOf(before + text);
    assert.ok(from > 0);
    assert.ok(before.length >= 199 && before.length <= 201, `${before.length} units before`);
    await settled();
    assert.equal(shading.scoredAt(document, TEXT.indexOf(LINES[300]))?.span.from, from + before.length);
  });

  test('is scored anew when the network of a run that stands has changed', async () => {
    const { owned, runs, shading, document, study } = scene();
    owned.add(runs.add(study));
    await study.question(undefined, 0);
    await settled();
    const asked = study.question();
    study.iteration = 11;
    study.change({ type: 'rows' });
    await asked;
    await settled();
    assert.equal(shading.scoredAt(document, 5)?.scores.iteration, 11);
  });

  test('has no shade any more once its text was edited, and has it again when that is undone', async () => {
    const { owned, runs, shading, document, editor, study, scrolledTo } = scene();
    owned.add(runs.add(study));
    await study.question(undefined, 0);
    await settled();
    await editor.edit((edit) => edit.insert(new vscode.Position(3, 0), 'x'));
    await settled();
    assert.equal(shading.scoredAt(document, 5), undefined);
    assert.match(runs.problem(document) ?? '', /the file changed since the run began/);
    const questions = study.asked.length;
    await scrolledTo(300, () => editor.revealRange(document.lineAt(300).range));
    assert.equal(study.asked.length, questions, 'nothing is asked about another text');
    await scrolledTo(0, () => editor.revealRange(document.lineAt(0).range));
    const asked = study.question();
    await vscode.commands.executeCommand('undo');
    await asked;
    await settled();
    assert.notEqual(shading.scoredAt(document, 5), undefined);
    assert.equal(runs.problem(document), undefined);
  });

  test('goes with the text where its file is renamed', async () => {
    const { owned, runs, shading, document, study } = scene();
    owned.add(runs.add(study));
    await study.question(undefined, 0);
    await settled();
    const renamed = document.uri.with({ path: `${document.uri.path}.renamed` });
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(document.uri, renamed);
    assert.ok(await vscode.workspace.applyEdit(edit));
    const moved = await vscode.workspace.openTextDocument(renamed);
    await vscode.window.showTextDocument(moved);
    assert.equal(runs.fitting(moved), undefined, 'a run that stayed behind');
    const asked = study.question();
    Object.assign(study.session, { uri: renamed });
    study.change({ type: 'text' });
    await asked;
    await settled();
    assert.notEqual(shading.scoredAt(moved, 5), undefined);
    assert.equal(runs.problem(moved), undefined);
  });

  test('is that of the run in front, where there are several on one file', async () => {
    const { owned, runs, shading, document, study } = scene();
    const other = new FakeStudy(document.uri, TEXT);
    owned.add(runs.add(study));
    owned.add(runs.add(other));
    await other.question(undefined, 0);
    await settled();
    assert.equal(shading.scoredAt(document, 5)?.run.study, other, 'the one that came last');
    const asked = study.question();
    runs.prefer(study.session);
    await asked;
    await settled();
    assert.equal(shading.scoredAt(document, 5)?.run.study, study);
  });

  test('without a panel of the run its file is shown as any other', async () => {
    const { owned, runs, shading, document, study } = scene();
    owned.add(runs.add(study));
    await study.question(undefined, 0);
    await settled();
    assert.notEqual(shading.scoredAt(document, 5), undefined);
    study.setShown(false);
    await settled();
    assert.equal(shading.scoredAt(document, 5), undefined);
    assert.equal(runs.fitting(document), undefined);
    const asked = study.question();
    study.setShown(true);
    await asked;
    await settled();
    assert.notEqual(shading.scoredAt(document, 5), undefined);
  });

  test('a window that the text does not hold ends it all', async () => {
    const { owned, runs, shading, document, study, tapeAt } = scene();
    owned.add(runs.add(study));
    await study.question(undefined, 0);
    study.show(tapeAt(symbolsBefore(3)));
    assert.equal(runs.problem(document), undefined);
    study.show({ ...tapeAt(symbolsBefore(3)), position: 1 });
    await settled();
    assert.match(runs.problem(document) ?? '', /does not show the characters that the run read/);
    assert.equal(shading.scoredAt(document, 5), undefined);
  });

  test('ranges of shades and of the window are where their characters are', async () => {
    const { owned, runs, document, study, tapeAt } = scene();
    owned.add(runs.add(study));
    const asked = await study.question(undefined, 0);
    const scores = await study.score(asked.before, asked.text);
    const [likely, , , , unlikely] = shadedSpans(scores, 0, asked.text.length).map((spans) =>
      spans.map((span) => document.getText(rangeOf(document, span))),
    );
    assert.equal(likely[0] + unlikely[0] + likely[1] + unlikely[1], 'line');
    const text = runs.fitting(document)?.text;
    assert.ok(text);
    const range = rangeOf(document, windowSpan(text, tapeAt(symbolsBefore(5) + 2, 8)));
    assert.deepEqual([range.start.line, range.start.character], [5, 2]);
    assert.equal(document.getText(range), 'ne 5: a ');
  });
});
