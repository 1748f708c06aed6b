import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { resumeRun } from '../../src/host/keeping/resuming.ts';
import { RunKeeper } from '../../src/host/keeping/runKeeper.ts';
import { Stage } from '../../src/host/keeping/stage.ts';
import type { Panels } from '../../src/host/panels.ts';
import type { Session } from '../../src/host/session.ts';
import { Sessions } from '../../src/host/sessions.ts';
import type { TextSource } from '../../src/host/textSource.ts';
import type { RunSettings } from '../../src/protocol/settings.ts';
import type { RunSummary } from '../../src/runs/library.ts';
import { SETTINGS } from './sessions.ts';

/** One window's worth of the extension, without panels. */
export class Window {
  readonly sessions = new Sessions();
  readonly keeper: RunKeeper;
  readonly stage: Stage;
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
    this.stage = new Stage(context, this.sessions, this.keeper, () => panels, this.#log);
  }

  begin(source: TextSource, settings: Partial<RunSettings> = {}): Session {
    const session = this.stage.begin(source, { ...SETTINGS, ...settings });
    this.sessions.add(session);
    return session;
  }

  async summary(runId: string): Promise<RunSummary> {
    const found = await this.keeper.places.find(runId);
    assert.ok(found, `the run ${runId} is not there`);
    return found.summary;
  }

  /** Resumes a run, and gives its new session. */
  async resume(runId: string, isPaused = false): Promise<Session> {
    await resumeRun(this.stage, runId, isPaused);
    const session = this.stage.sessionOf(runId);
    assert.ok(session);
    return session;
  }

  async close(): Promise<void> {
    await this.keeper.shutDown();
    this.sessions.dispose();
    this.keeper.dispose();
    this.#log.dispose();
  }
}
