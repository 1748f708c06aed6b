import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { followLost } from '../../src/host/run/opening.ts';
import { resumeRun } from '../../src/host/run/resuming.ts';
import { RunKeeper } from '../../src/host/run/runKeeper.ts';
import type { AskPerson } from '../../src/host/run/takingOver.ts';
import { RunLauncher } from '../../src/host/run/runLauncher.ts';
import { followMovedTexts } from '../../src/host/session/movedTexts.ts';
import type { Panels } from '../../src/host/panel/panels.ts';
import type { Session } from '../../src/host/session/session.ts';
import { Sessions } from '../../src/host/session/sessions.ts';
import type { TextSource } from '../../src/host/session/textSource.ts';
import type { RunSettings } from '../../src/protocol/settings.ts';
import type { RunSummary } from '../../src/runs/disk/library.ts';
import { sampleText } from '../../src/text/sampleText.ts';
import { SETTINGS, until } from './sessions.ts';

/** One window's worth of the extension, without panels. */
export class Window {
  readonly sessions = new Sessions();
  readonly keeper: RunKeeper;
  readonly launcher: RunLauncher;
  readonly #moved: vscode.Disposable;
  readonly #log = vscode.window.createOutputChannel('test of kept runs', { log: true });

  constructor(storage: string) {
    const extension = vscode.extensions.getExtension('side-b.rnn-gradient-inspector');
    assert.ok(extension);
    const memory = new Map<string, unknown>();
    const context = {
      extension,
      extensionUri: extension.extensionUri,
      globalStorageUri: vscode.Uri.file(storage),
      globalState: {
        get: (key: string, byDefault: unknown) => memory.get(key) ?? byDefault,
        update: (key: string, value: unknown) => Promise.resolve(void memory.set(key, value)),
      },
    } as unknown as vscode.ExtensionContext;
    this.keeper = new RunKeeper(context, this.sessions, this.#log);
    const panels = { of: () => undefined, show: () => undefined, showIn: () => undefined } as unknown as Panels;
    this.#moved = followMovedTexts(this.sessions);
    this.launcher = new RunLauncher(context, this.sessions, this.keeper, () => panels, this.#log);
    this.keeper.onDidLose((session) => void followLost(this.launcher, session));
  }

  begin(source: TextSource, settings: Partial<RunSettings> = {}): Session {
    const session = this.launcher.begin(source, { ...SETTINGS, ...settings });
    this.sessions.add(session);
    return session;
  }

  async summary(folder: string): Promise<RunSummary> {
    const found = await this.keeper.places.find(folder);
    assert.ok(found, `the run in ${folder} is not there`);
    return found.summary;
  }

  /** Resumes a run, and gives its new session. */
  async resume(folder: string, isPaused = false, asks?: AskPerson): Promise<Session> {
    await resumeRun(this.launcher, folder, isPaused, asks);
    const session = this.launcher.sessionOf(folder);
    assert.ok(session);
    return session;
  }

  async close(): Promise<void> {
    await this.keeper.shutDown();
    this.#moved.dispose();
    this.sessions.dispose();
    this.keeper.dispose();
    this.#log.dispose();
  }
}

/** A storage of its own with the sample text in it, and windows on it that are closed after each test; call it within a suite. */
export function keptWindows(): {
  readonly storage: () => string;
  readonly source: () => TextSource;
  /** @param at another storage. */
  readonly openWindow: (at?: string) => Window;
  /** Closes all windows in order, as VS Code does. */
  readonly closeAll: () => Promise<void>;
} {
  const windows: Window[] = [];
  let storage = '';
  const path = (): string => join(storage, 'text.txt');
  const closeAll = async (): Promise<void> => {
    for (const window of windows.splice(0)) await window.close();
  };
  setup(async () => {
    storage = await mkdtemp(join(tmpdir(), 'rnn-kept-'));
    await writeFile(path(), sampleText());
  });
  teardown(async () => {
    await closeAll();
    await rm(storage, { recursive: true, force: true });
  });
  return {
    storage: () => storage,
    source: () => ({
      uri: vscode.Uri.file(path()),
      name: 'text.txt',
      content: { file: { path: path(), encoding: 'utf-8' } },
    }),
    openWindow(at = storage) {
      const window = new Window(at);
      windows.push(window);
      return window;
    },
    closeAll,
  };
}

/** Where a run is kept. */
export function folderOf({ folder }: Session): string {
  assert.ok(folder, 'the run is not kept');
  return folder;
}

export function reaches(session: Session, iterations: number): Promise<void> {
  return until(session, () => session.history.iterations >= iterations);
}
