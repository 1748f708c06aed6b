import * as vscode from 'vscode';
import { DisposableStore } from '../common/disposable.ts';
import { RunStore, type StoredRun } from '../runs/storedRun.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

/** Only a crash loses what came since the last write: closing a window writes once more. */
const INTERVAL_MS = 30_000;

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
  #beingWritten: Session | undefined;
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

  /** Writes what is unsaved, or being written, without waiting: VS Code gives little time when a window closes. */
  dispose(): void {
    this.#owned.dispose();
    if (this.#beingWritten !== undefined) this.#unsaved.add(this.#beingWritten);
    for (const session of this.#unsaved) {
      if (!this.#sessions.all.includes(session) || session.history.iterations === 0) continue;
      try {
        this.#store.writeNow(session.stored());
      } catch (error) {
        this.#complain(error);
      }
    }
  }

  #writeUnsaved(): void {
    for (const session of this.#unsaved) {
      if (session.history.iterations === 0) continue;
      // One write after the other: an earlier snapshot must not replace a later one.
      this.#writing = this.#writing.then(() => this.#write(session)).catch((error: unknown) => this.#complain(error));
    }
  }

  async #write(session: Session): Promise<void> {
    if (!this.#unsaved.delete(session)) return;
    this.#beingWritten = session;
    try {
      const spared = new Set(this.#sessions.all.map(({ description }) => description.runId));
      await this.#store.write(session.stored(), spared);
    } catch (error) {
      this.#unsaved.add(session);
      throw error;
    } finally {
      this.#beingWritten = undefined;
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
