import assert from 'node:assert/strict';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { InputError } from '../../src/common/inputError.ts';
import { readTextSource } from '../../src/host/textSource.ts';

const TEXT = 'Grüße aus Köln, ½ 🙂 done\n';

function utf16(text: string, littleEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(2 + 2 * text.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xfeff, littleEndian);
  for (let unit = 0; unit < text.length; unit++) view.setUint16(2 + 2 * unit, text.charCodeAt(unit), littleEndian);
  return bytes;
}

suite('Reading the text of a file', () => {
  let folder: string;
  suiteSetup(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rnn-text-'));
  });

  async function file(name: string, content: Uint8Array | string): Promise<vscode.Uri> {
    const path = join(folder, name);
    await writeFile(path, content);
    return vscode.Uri.file(path);
  }

  async function refused(uri: vscode.Uri, parts: readonly string[]): Promise<void> {
    await assert.rejects(readTextSource(uri), (error: unknown) => {
      assert.ok(error instanceof InputError, String(error));
      for (const part of parts) assert.ok(error.message.includes(part), `"${error.message}" lacks "${part}"`);
      return true;
    });
  }

  test('VS Code decodes UTF-8 and UTF-16 by their byte order marks', async () => {
    const contents = {
      'plain.txt': Buffer.from(TEXT),
      'utf8-bom.txt': Buffer.from(`\uFEFF${TEXT}`),
      'utf16le.txt': utf16(TEXT, true),
      'utf16be.txt': utf16(TEXT, false),
    };
    for (const [name, content] of Object.entries(contents)) {
      const uri = await file(name, content);
      const source = await readTextSource(uri);
      assert.equal(source.text, TEXT, name);
      assert.equal(source.name, name);
      await vscode.workspace.openTextDocument(uri);
      assert.equal((await readTextSource(uri)).text, TEXT, `${name}, open in an editor`);
    }
  });

  test('a document that was opened with another encoding is read with that one', async () => {
    const uri = await file('latin1.txt', Buffer.from('Köln und Zürich', 'latin1'));
    await vscode.workspace.openTextDocument(uri, { encoding: 'iso88591' });
    assert.equal((await readTextSource(uri)).text, 'Köln und Zürich');
  });

  test('a dirty document gives what the editor shows, a clean one what the file holds', async () => {
    const uri = await file('dirty.txt', TEXT);
    const document = await vscode.workspace.openTextDocument(uri);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, new vscode.Position(0, 0), 'edited ');
    await vscode.workspace.applyEdit(edit);
    assert.ok(document.isDirty);
    assert.equal((await readTextSource(uri)).text, `edited ${TEXT}`);
    await document.save();
    assert.equal((await readTextSource(uri)).text, `edited ${TEXT}`);
  });

  test('an untitled document is read from the editor', async () => {
    const document = await vscode.workspace.openTextDocument({ content: TEXT });
    assert.equal((await readTextSource(document.uri)).text, TEXT);
  });

  test('what cannot be trained on is refused with the name of the file and the way out', async () => {
    await refused(await file('empty.txt', ''), ['empty.txt', 'empty']);
    await refused(await file('same.txt', 'aaaaaaaa'), ['same.txt', 'a']);
    await refused(await file('binary.dat', new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 0, 3])), ['binary.dat']);
    await refused(vscode.Uri.file(join(folder, 'missing.txt')), ['missing.txt', 'Check that it exists']);
    await refused(vscode.Uri.file(folder), ['folder']);
  });
});
