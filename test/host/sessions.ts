import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Session } from '../../src/host/session/session.ts';
import type { TextSource } from '../../src/host/session/textSource.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../src/protocol/settings.ts';

/** Of a network that trains hundreds of iterations in a moment. */
export const SETTINGS: RunSettings = {
  ...DEFAULT_SETTINGS,
  hiddenSize: 24,
  sequenceLength: 20,
  batchSize: 8,
  threads: 1,
};

export function source(text: string): TextSource {
  return { uri: vscode.Uri.parse('untitled:text'), name: 'text', content: { text } };
}

/** Resolves when the condition holds, looked at after every change of the session. */
export function until(session: Session, condition: () => boolean): Promise<void> {
  if (condition()) return Promise.resolve();
  return new Promise((resolve) => {
    const subscription = session.onDidChange(() => {
      if (!condition()) return;
      subscription.dispose();
      resolve();
    });
  });
}

export function workerPath(): string {
  const extension = vscode.extensions.getExtension('side-b.rnn-gradient-inspector');
  assert.ok(extension);
  return vscode.Uri.joinPath(extension.extensionUri, 'dist', 'worker.cjs').fsPath;
}
