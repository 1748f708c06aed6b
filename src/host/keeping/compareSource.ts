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
  readonly #followed = new Map<string, Promise<Session>>();

  constructor(stage: Stage) {
    this.#stage = stage;
    // Named anew, for example.
    this.#owned.add(stage.keeper.onDidChange((runId) => this.#changed.fire(runId)));
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
    this.keepOnly([]);
  }

  /** Follows no other runs any more: nobody compares them. */
  keepOnly(runIds: readonly string[]): void {
    for (const runId of this.#followed.keys()) {
      if (!runIds.includes(runId)) this.#forget(runId);
    }
  }

  #follow(summary: RunSummary): Promise<Session> {
    const { runId } = summary;
    const known = this.#followed.get(runId);
    if (known !== undefined) return known;
    const opening = this.#open(summary);
    this.#followed.set(runId, opening);
    // What cannot be opened now may be later.
    opening.catch(() => this.#followed.delete(runId));
    return opening;
  }

  async #open(summary: RunSummary): Promise<Session> {
    const { runId } = summary;
    const session = await openRun(this.#stage, summary, () => {
      // It took another course, or nobody trains it any more: it is read anew.
      this.#forget(runId);
      this.#changed.fire(runId);
      return Promise.resolve();
    });
    session.onDidChange(() => this.#changed.fire(runId));
    return session;
  }

  #forget(runId: string): void {
    const opening = this.#followed.get(runId);
    this.#followed.delete(runId);
    void opening?.then(
      (session) => session.dispose(),
      () => undefined,
    );
  }
}

function ofSession({ history, status }: Session, run: StoredRun): SourceRun {
  const { state, elapsedMs } = status;
  return { run: { ...run, state }, history, progress: { elapsedMs } };
}
