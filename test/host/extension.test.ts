import assert from 'node:assert/strict';
import * as vscode from 'vscode';

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

suite('the extension', () => {
  test('activates', async () => {
    const extension = installed();
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  test('registers every command of its manifest', async () => {
    const extension = installed();
    await extension.activate();
    const registered = new Set(await vscode.commands.getCommands(true));
    const manifest = extension.packageJSON as Manifest;
    assert.notEqual(manifest.contributes.commands.length, 0);
    assert.deepEqual(
      manifest.contributes.commands.map(({ command }) => command).filter((command) => !registered.has(command)),
      [],
    );
  });
});

function installed(): vscode.Extension<unknown> {
  const extension = vscode.extensions.getExtension('side-b.rnn-gradient-inspector');
  assert.ok(extension, 'VS Code does not know the extension.');
  return extension;
}
