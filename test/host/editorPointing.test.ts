import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { CharacterHover } from '../../src/host/editor/characterHover.ts';
import { FEATURE_NAMES, FEATURES } from '../../src/protocol/editorSettings.ts';
import { rangeOf } from '../../src/host/editor/inspectedRuns.ts';
import { freshEditor, LINES, next, settled, symbolsBefore, TEXT } from './editorScene.ts';

suite('A person in the editor of a file that is trained on', () => {
  const scene = freshEditor();

  test('a caret that a person moves into the window chooses the time step that reads the character behind it', async () => {
    const { owned, runs, editor, study, tapeAt } = scene();
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
    const { owned, runs, editor, study, tapeAt, scrolledTo } = scene();
    owned.add(runs.add(study));
    study.show(tapeAt(symbolsBefore(350)));
    const before = editor.selection;
    await scrolledTo(350, () => study.choose(4));
    assert.deepEqual(editor.selection, before);
    assert.deepEqual(study.chosen, []);
    assert.equal(vscode.window.activeTextEditor, editor);
  });

  test('the hover of a character tells what the shade shows, and where it lies in the window', async () => {
    const { owned, runs, settings, shading, document, study, tapeAt } = scene();
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
    const { owned, runs, settings, shading, document, study } = scene();
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
    const [said] = (shown?.contents ?? []) as vscode.MarkdownString[];
    assert.match(said?.value ?? '', /The network is gone&#46;/);
  });

  test('says nothing of other files, and nothing any more when the run goes', async () => {
    const { runs, settings, shading, document, study } = scene();
    const added = runs.add(study);
    await study.question(undefined, 0);
    await settled();
    const other = await vscode.workspace.openTextDocument({ content: TEXT });
    const hover = new CharacterHover(runs, settings, shading);
    assert.equal(await hover.provideHover(other, new vscode.Position(0, 0)), undefined);
    added.dispose();
    await settled();
    assert.equal(shading.scoredAt(document, 5), undefined);
    assert.equal(await hover.provideHover(document, new vscode.Position(0, 0)), undefined);
  });

  test('every command switches its setting over, and back', async () => {
    const { settings } = scene();
    for (const feature of FEATURE_NAMES) {
      assert.equal(settings.isOn(feature), true, feature);
      await vscode.commands.executeCommand(`rnnInspector.${FEATURES[feature].command}`);
      assert.equal(settings.isOn(feature), false, feature);
      await vscode.commands.executeCommand(`rnnInspector.${FEATURES[feature].command}`);
      assert.equal(settings.isOn(feature), true, feature);
    }
  });

  test('a command that is given twice in a row switches over twice', async () => {
    const { settings } = scene();
    const { command } = FEATURES.caretLink;
    const values: boolean[] = [];
    const subscription = settings.onDidChange(() => values.push(settings.isOn('caretLink')));
    await Promise.all([1, 2].map(() => vscode.commands.executeCommand(`rnnInspector.${command}`)));
    subscription.dispose();
    assert.deepEqual(values, [false, true]);
  });

  test('a feature that is switched off shows nothing', async () => {
    const { owned, runs, settings, shading, document, study, tapeAt } = scene();
    owned.add(runs.add(study));
    await study.question(undefined, 0);
    await settled();
    await settings.toggle('lossShading');
    await settled();
    assert.equal(shading.scoredAt(document, 5), undefined);
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
