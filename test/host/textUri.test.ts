import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { trustedTextUri, unknownTextUri } from '../../src/host/run/textUri.ts';

suite('where a stored run says that its text is', () => {
  test('is used as it is for a file of this machine and for an editor that was never saved', () => {
    for (const address of [vscode.Uri.file('/texts/alice.txt').toString(), 'untitled:Untitled-1']) {
      assert.equal(trustedTextUri(address)?.toString(), address);
    }
  });

  for (const address of [
    'https://example.org/alice.txt',
    'ms-msdt:/id PCWDiagnostic',
    'command:workbench.action.terminal.new',
    'file://host/share/alice.txt',
    'file:////host/share/alice.txt',
    'vscode-vfs://github/somebody/something/alice.txt',
    'alice.txt',
    '',
  ]) {
    test(`is not looked for unasked at "${address}"`, () => {
      assert.equal(trustedTextUri(address), undefined);
    });
  }

  test('is an editor that nobody has opened where it is nowhere, whatever the name', () => {
    for (const name of ['alice.txt', '//host/share', '\\\\host\\share', '', 'a b#c?d']) {
      assert.equal(unknownTextUri(name).scheme, 'untitled', name);
    }
  });
});
