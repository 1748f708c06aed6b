import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { posix } from 'node:path';
import type * as vscode from 'vscode';
import { saveWith, type SavingApi } from '../../../src/host/panel/saveFlow.ts';

type Message = Parameters<typeof saveWith>[1];
const CSV: Message = {
  type: 'save',
  fileName: 'text-loss.csv',
  encoding: 'utf8',
  content: 'iteration,löss\r\n0,4\r\n',
};

function uri(path: string): vscode.Uri {
  return { path } as vscode.Uri;
}

/** VS Code with a person in front of it who chooses a file, or none, and may press a button. */
class SavingPerson {
  readonly written = new Map<string, Uint8Array>();
  readonly opened: string[] = [];
  readonly told: string[] = [];
  suggested: string | undefined;
  filters: vscode.SaveDialogOptions['filters'];
  readonly api: SavingApi;

  constructor(chosen: string | undefined, { button, refusal }: { button?: string; refusal?: string } = {}) {
    this.api = {
      window: {
        showSaveDialog: (options?: vscode.SaveDialogOptions) => {
          this.suggested = options?.defaultUri?.path;
          this.filters = options?.filters;
          return Promise.resolve(chosen === undefined ? undefined : uri(chosen));
        },
      },
      tell: (message) => {
        this.told.push(message);
        return Promise.resolve(button);
      },
      workspace: {
        workspaceFolders: [{ uri: uri('/folder') }],
        fs: {
          writeFile: ({ path }, content) => {
            if (refusal !== undefined) return Promise.reject(new Error(refusal));
            this.written.set(path, content);
            return Promise.resolve();
          },
        },
      },
      commands: {
        executeCommand: ((_command: string, target: vscode.Uri) => {
          this.opened.push(target.path);
          return Promise.resolve();
        }) as SavingApi['commands']['executeCommand'],
      },
      Uri: { joinPath: ({ path }, ...parts) => uri(posix.join(path, ...parts)) },
    };
  }
}

describe('saving a picture', () => {
  it('suggests the folder of the text and writes what came, in UTF-8', async () => {
    const saving = new SavingPerson('/elsewhere/a.csv');
    assert.equal(await saveWith(saving.api, CSV, uri('/texts/text.txt')), undefined);
    assert.equal(saving.suggested, '/texts/text-loss.csv');
    assert.deepEqual(saving.filters, { CSV: ['csv'] });
    assert.equal(Buffer.from(saving.written.get('/elsewhere/a.csv') ?? []).toString('utf8'), CSV.content);
  });

  it('suggests the open folder where there is no text to save beside', async () => {
    const saving = new SavingPerson('/a.csv');
    await saveWith(saving.api, CSV, undefined);
    assert.equal(saving.suggested, '/folder/text-loss.csv');
  });

  it('writes the bytes that a picture is made of', async () => {
    const saving = new SavingPerson('/a.png');
    const bytes = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0, 255]);
    const content = Buffer.from(bytes).toString('base64');
    await saveWith(saving.api, { type: 'save', fileName: 'a.png', encoding: 'base64', content }, uri('/t.txt'));
    assert.deepEqual(Uint8Array.from(saving.written.get('/a.png') ?? []), bytes);
  });

  it('does nothing where the person closes the dialog', async () => {
    const saving = new SavingPerson(undefined);
    assert.equal(await saveWith(saving.api, CSV, uri('/t.txt')), undefined);
    assert.equal(saving.written.size, 0);
    assert.deepEqual(saving.told, []);
  });

  it('offers to open what was saved', async () => {
    const saving = new SavingPerson('/texts/a.csv', { button: 'Open' });
    await saveWith(saving.api, CSV, uri('/texts/text.txt'));
    // The reply does not wait for the person to read the message.
    await Promise.resolve();
    assert.deepEqual(saving.told, ['Saved a.csv.']);
    assert.deepEqual(saving.opened, ['/texts/a.csv']);
  });

  it('returns why it failed, for the panel to show, and tells of no success', async () => {
    const saving = new SavingPerson('/readonly/a.csv', { refusal: 'EACCES: permission denied' });
    const problem = await saveWith(saving.api, CSV, uri('/t.txt'));
    assert.equal(problem, 'a.csv could not be saved: EACCES: permission denied');
    assert.deepEqual(saving.told, []);
  });
});
