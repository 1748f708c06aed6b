import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { InputError } from '../../src/common/inputError.ts';
import { readSettings } from '../../src/host/run/settings.ts';
import { DEFAULT_SETTINGS } from '../../src/protocol/settings.ts';

suite('Settings', () => {
  const update = (name: string, value: unknown): Thenable<void> =>
    vscode.workspace.getConfiguration('rnnInspector').update(name, value, vscode.ConfigurationTarget.Global);

  teardown(() => update('hiddenSize', undefined));

  test('are the defaults where nothing is set', () => {
    assert.deepEqual(readSettings(undefined), DEFAULT_SETTINGS);
  });

  test('follow the configuration, and refuse a value out of range with its name and range', async () => {
    await update('hiddenSize', 77);
    assert.equal(readSettings(undefined).hiddenSize, 77);
    await update('hiddenSize', 0);
    assert.throws(
      () => readSettings(undefined),
      (error: unknown) => error instanceof InputError && /hiddenSize is 0.*1 to 4096/.test(error.message),
    );
  });
});
