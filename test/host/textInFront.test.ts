import assert from 'node:assert/strict';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { PANEL_TYPE } from '../../src/host/panel/panel.ts';
import { revealText, showText } from '../../src/host/run/textInFront.ts';
import { MAX_EDITOR_BYTES } from '../../src/host/session/textSource.ts';
import { next } from './editorScene.ts';

suite('the text of a run that is about to begin', () => {
  let folder: string;
  suiteSetup(async () => (folder = await mkdtemp(join(tmpdir(), 'rnn-front-'))));
  suiteTeardown(() => rm(folder, { recursive: true }));
  teardown(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  async function put(name: string, content: string | Uint8Array): Promise<vscode.Uri> {
    await writeFile(join(folder, name), content);
    return vscode.Uri.file(join(folder, name));
  }
  /** What each group shows of these tests, from left to right; others may have left an editor that was never saved. */
  const shown = (): string[][] =>
    vscode.window.tabGroups.all
      .toSorted((one, other) => one.viewColumn - other.viewColumn)
      .map(({ tabs }) => tabs.map(({ label }) => label).filter((label) => /\.(txt|bin)$/.test(label)))
      .filter((tabs) => tabs.length > 0);

  test('comes to the front, so that its panel opens beside it', async () => {
    await showText(await put('one.txt', 'one'));
    assert.deepEqual(shown(), [['one.txt']]);
    assert.equal(vscode.window.activeTextEditor?.document.getText(), 'one');
  });

  test('comes to the left of a panel that fills the window, and once', async () => {
    const opened = next(vscode.window.tabGroups.onDidChangeTabs, () => shown().length > 0);
    const panel = vscode.window.createWebviewPanel(PANEL_TYPE, 'RNN: two.txt', vscode.ViewColumn.One);
    await opened;
    const uri = await put('two.txt', 'two');
    await showText(uri);
    assert.deepEqual(shown(), [['two.txt'], ['RNN: two.txt']]);
    panel.reveal(undefined, false);
    await showText(uri);
    assert.deepEqual(shown(), [['two.txt'], ['RNN: two.txt']]);
    panel.dispose();
  });

  test('stays away where no editor can show it: too large, no text, or gone', async () => {
    const large = await put('large.txt', 'large');
    await truncate(large.fsPath, MAX_EDITOR_BYTES + 1);
    await showText(large);
    await showText(await put('bytes.bin', new Uint8Array(2000)));
    await showText(vscode.Uri.file(join(folder, 'gone.txt')));
    assert.deepEqual(shown(), []);
  });

  test('is said to be gone where a person wants to see a file that is', async () => {
    const gone = vscode.Uri.file(join(folder, 'gone.txt'));
    await assert.rejects(
      Promise.resolve(revealText(gone)),
      /not at .*gone\.txt any more: it was moved, renamed or deleted/,
    );
  });
});
