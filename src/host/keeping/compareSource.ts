import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposable.ts';
import { InputError } from '../../common/inputError.ts';
import type { StoredRun } from '../../protocol/storedRun.ts';
import type { RunSummary } from '../../runs/library.ts';
import { readRun } from '../../runs/runReader.ts';
import type { SourceRun } from '../compare/comparedRun.ts';
import type { CompareSource } from '../compare/comparePanels.ts';
import type { Session } from '../session.ts';
import { openRun } from './opening.ts';
import type { Stage } from './stage.ts';
import { whoTrains } from './whoTrains.ts';

/** Compared runs come from the sessions of this window, else from their folders; those that others train are followed. */
export class StageSource implements CompareSource, vscode.Disposable {
  readonly #stage: Stage;
  readonly #owned = new DisposableStore();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<string>());
  readonly onDidChange = this.#changed.event;
  /** Sessions that follow what others train, by the run's id. */
  readonly #followed = new Map<string, Session>();

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#owned.add(stage.sessions.onDidChange(({ session }) => this.#changed.fire(session.description.runId)));
  }

  async read(runId: string): Promise<SourceRun> {
    const { sessions, keeper } = this.#stage;
    const session = sessions.all.findLast(({ description }) => description.runId === runId);
    const run = keeper.runOf(runId);
    if (session !== undefined && run !== undefined) return ofSession(session, run);
    const found = await keeper.places.find(runId);
    if (found === undefined) throw new InputError(`The run ${runId} is not there any more: it was deleted.`);
    const { summary } = found;
    if (summary.run !== undefined && whoTrains(summary, summary.run) !== undefined) {
      return ofSession(await this.#follow(summary), summary.run);
    }
    this.#forget(runId);
    return readRun(summary.folder);
  }

  dispose(): void {
    this.#owned.dispose();
    for (const session of this.#followed.values()) session.dispose();
  }

  async #follow(summary: RunSummary): Promise<Session> {
    const { runId } = summary;
    const known = this.#followed.get(runId);
    if (known !== undefined) return known;
    const session = await openRun(this.#stage, summary, () => {
      // It took another course, or nobody trains it any more: it is read anew.
      this.#forget(runId);
      this.#changed.fire(runId);
      return Promise.resolve();
    });
    this.#followed.set(runId, session);
    session.onDidChange(() => this.#changed.fire(runId));
    return session;
  }

  #forget(runId: string): void {
    this.#followed.get(runId)?.dispose();
    this.#followed.delete(runId);
  }
}

function ofSession({ history, status }: Session, run: StoredRun): SourceRun {
  const { state, elapsedMs } = status;
  return { run: { ...run, state }, history, progress: { elapsedMs } };
}
