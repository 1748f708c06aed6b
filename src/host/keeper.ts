import * as vscode from 'vscode';
import { DisposableStore } from '../common/disposable.ts';
import { RunStore, type StoredRun } from '../runs/storedRun.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

const INTERVAL_MS = 5000;

/**
 * Keeps the history of every session on disk, so that a panel can come back after the window was reloaded: every few
 * seconds while it changes, at every change of state, and when the window closes.
 */
export class Keeper implements vscode.Disposable {
  readonly #store: RunStore;
  readonly #sessions: Sessions;
  readonly #log: vscode.LogOutputChannel;
  readonly #owned = new DisposableStore();
  readonly #unsaved = new Set<Session>();
  #writing: Promise<void> = Promise.resolve();
  #complained = false;

  constructor(folder: vscode.Uri, sessions: Sessions, log: vscode.LogOutputChannel) {
    this.#store = new RunStore(folder.fsPath);
    this.#sessions = sessions;
    this.#log = log;
    this.#owned.add(
      sessions.onDidChange(({ session, change }) => {
        this.#unsaved.add(session);
        if (change.type === 'status') this.#writeUnsaved();
      }),
    );
    const timer = setInterval(() => this.#writeUnsaved(), INTERVAL_MS);
    this.#owned.add({ dispose: () => clearInterval(timer) });
  }

  async read(runId: string): Promise<StoredRun | undefined> {
    return this.#store.read(runId);
  }

  /** Writes what is unsaved without waiting: VS Code gives an extension little time when a window closes. */
  dispose(): void {
    this.#owned.dispose();
    for (const session of this.#unsaved) {
      if (!this.#sessions.all.includes(session)) continue;
      try {
        this.#store.writeNow(session.stored());
      } catch (error) {
        this.#complain(error);
      }
    }
  }

  #writeUnsaved(): void {
    const sessions = [...this.#unsaved].filter((session) => session.history.iterations > 0);
    this.#unsaved.clear();
    for (const session of sessions) {
      // One write after the other: an earlier snapshot must not replace a later one.
      this.#writing = this.#writing
        .then(() => this.#store.write(session.stored()))
        .catch((error: unknown) => this.#complain(error));
    }
  }

  #complain(error: unknown): void {
    this.#log.error(error instanceof Error ? error : String(error));
    if (this.#complained) return;
    this.#complained = true;
    void vscode.window.showWarningMessage(
      `The run's history cannot be stored, so it will not come back after a reload: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
