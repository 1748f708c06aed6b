import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { InputError } from '../../src/common/inputError.ts';
import { readTextSource } from '../../src/host/session/textSource.ts';
import type { UnicodeEncoding } from '../../src/text/decode.ts';
import { Tokenizer } from '../../src/text/tokenizer.ts';

const TEXT = 'Grüße aus Köln, ½ 🙂 done\n';
const ASCII = 'greetings from Cologne\n';

function utf16(text: string, littleEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(2 + 2 * text.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xfeff, littleEndian);
  for (let unit = 0; unit < text.length; unit++) view.setUint16(2 + 2 * unit, text.charCodeAt(unit), littleEndian);
  return bytes;
}

/** The text that is sent, or what the training thread reads from the file that it is sent to. */
async function textOf(uri: vscode.Uri): Promise<string> {
  const { name, content } = await readTextSource(uri);
  if ('text' in content) return content.text;
  const ids: number[] = [];
  const take = (all: Uint16Array) => ids.push(...all);
  const tokenizer = new Tokenizer(name, 'characters', { append: take }, content.file.encoding as UnicodeEncoding);
  tokenizer.pushBytes(await readFile(content.file.path));
  const { vocabulary, finalIds } = tokenizer.finish();
  return ids.map((id) => vocabulary.symbols[finalIds[id]]).join('');
}

async function isReadByThread(uri: vscode.Uri): Promise<boolean> {
  return 'file' in (await readTextSource(uri)).content;
}

suite('Reading the text of a file', () => {
  let folder: string;
  suiteSetup(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rnn-text-'));
  });
  suiteTeardown(() => rm(folder, { recursive: true }));

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

  test('UTF-8 and UTF-16 by their byte order marks are left to the training thread, which reads what VS Code does', async () => {
    const contents = {
      'plain.txt': Buffer.from(TEXT),
      'utf8-bom.txt': Buffer.from(`\uFEFF${TEXT}`),
      'utf16le.txt': utf16(TEXT, true),
      'utf16be.txt': utf16(TEXT, false),
      // Found by the zeros in it, as VS Code does.
      'unmarked-utf16le.txt': utf16(ASCII, true).subarray(2),
      'unmarked-utf16be.txt': utf16(ASCII, false).subarray(2),
    };
    for (const [name, content] of Object.entries(contents)) {
      const uri = await file(name, content);
      const { name: shown, content: read } = await readTextSource(uri);
      assert.ok('file' in read, name);
      assert.deepEqual([shown, read.file.path], [name, uri.fsPath]);
      assert.equal(await textOf(uri), name.startsWith('unmarked') ? ASCII : TEXT, name);
      const document = await vscode.workspace.openTextDocument(uri);
      assert.equal(await textOf(uri), document.getText(), `${name}, open in an editor`);
      assert.ok(await isReadByThread(uri), `${name}, open in an editor`);
    }
  });

  test('a document that was opened with another encoding is read with that one', async () => {
    const uri = await file('latin1.txt', Buffer.from('Köln und Zürich', 'latin1'));
    await vscode.workspace.openTextDocument(uri, { encoding: 'iso88591' });
    assert.equal(await textOf(uri), 'Köln und Zürich');
  });

  test('an encoding of the settings is read by VS Code', async () => {
    const files = vscode.workspace.getConfiguration('files');
    await files.update('encoding', 'windows1252', vscode.ConfigurationTarget.Global);
    try {
      const uri = await file('windows1252.txt', Buffer.from('Köln und Zürich', 'latin1'));
      assert.equal(await isReadByThread(uri), false);
      assert.equal(await textOf(uri), 'Köln und Zürich');
      // A byte order mark says more than the settings.
      assert.equal(await textOf(await file('marked.txt', utf16(TEXT, true))), TEXT);
    } finally {
      await files.update('encoding', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  test('a file that is too large for an editor is never read by this thread, in any encoding that can be decoded', async () => {
    // All of it but the beginning is a hole, of which nothing is read here.
    const large = await file('large.txt', 'abcdefgh\n'.repeat(200_000));
    await truncate(large.fsPath, 3 * 2 ** 30);
    const encodingOf = async (): Promise<string | undefined> => {
      const { content } = await readTextSource(large);
      return 'file' in content ? content.file.encoding : 'none';
    };
    assert.equal(await encodingOf(), 'utf-8');
    const files = vscode.workspace.getConfiguration('files');
    const update = (encoding: string | undefined) =>
      files.update('encoding', encoding, vscode.ConfigurationTarget.Global);
    try {
      for (const [name, label] of [
        ['windows1252', 'windows-1252'],
        ['iso88592', 'iso-8859-2'],
        ['shiftjis', 'shift_jis'],
        ['koi8r', 'koi8-r'],
      ]) {
        await update(name);
        assert.equal(await encodingOf(), label);
      }
      await update('cp437');
      await refused(large, ['large.txt', 'cp437', '3072 MB', '50 MB', 'Save it as UTF-8']);
    } finally {
      await update(undefined);
    }
  });

  test('as bytes, a file is what it is, whatever that is; as characters its bytes are offered', async () => {
    const content = Uint8Array.from({ length: 4096 }, (_, at) => (at * 37) & 0xff);
    const uri = await file('any.bin', content);
    await refused(uri, ['any.bin', 'NUL']);
    const remedy = await readTextSource(uri).catch((error: unknown) => (error as InputError).remedy);
    assert.deepEqual(remedy, { setting: 'tokens', value: 'bytes', label: 'Train on bytes' });
    const encodings = {
      'any.bin': [content, 'utf-8'],
      'noise-with-zeros.bin': [Uint8Array.of(65, 0, 66, 0, 0, 0), 'utf-8'],
      'marked.txt': [utf16(TEXT, true), 'utf-8'],
      'unmarked.txt': [utf16(ASCII, true).subarray(2), 'utf-16le'],
      'invalid.txt': [Buffer.from('Köln und Zürich', 'latin1'), 'utf-8'],
    } as const;
    for (const [name, [bytes, encoding]] of Object.entries(encodings)) {
      const source = await readTextSource(await file(name, bytes), 'bytes');
      assert.ok('file' in source.content, name);
      assert.equal(source.content.file.encoding, encoding, name);
    }
  });

  test('a vocabulary that is too large is not refused before the settings are chosen', async () => {
    const many = String.fromCodePoint(...Array.from({ length: 20_001 }, (_, at) => 0x4e00 + at));
    assert.ok(await isReadByThread(await file('many.txt', many)));
  });

  test('a dirty document gives what the editor shows, a clean one what the file holds', async () => {
    const uri = await file('dirty.txt', TEXT);
    const document = await vscode.workspace.openTextDocument(uri);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, new vscode.Position(0, 0), 'edited ');
    await vscode.workspace.applyEdit(edit);
    assert.ok(document.isDirty);
    assert.equal(await textOf(uri), `edited ${TEXT}`);
    await document.save();
    assert.equal(await textOf(uri), `edited ${TEXT}`);
  });

  test('an untitled document is read from the editor', async () => {
    const document = await vscode.workspace.openTextDocument({ content: TEXT });
    assert.equal(await textOf(document.uri), TEXT);
  });

  test('what cannot be trained on is refused with the name of the file and the way out', async () => {
    await refused(await file('empty.txt', ''), ['empty.txt', 'empty']);
    await refused(await file('same.txt', 'aaaaaaaa'), ['same.txt', 'a']);
    await refused(await file('binary.dat', new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 0, 3])), ['binary.dat']);
    await refused(vscode.Uri.file(join(folder, 'missing.txt')), ['missing.txt', 'Check that it exists']);
    await refused(vscode.Uri.file(folder), ['folder']);
    await refused(vscode.Uri.from({ scheme: 'untitled', path: 'closed.txt' }), [
      'closed.txt',
      'in no editor that is open',
    ]);
  });
});
