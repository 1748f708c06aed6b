import * as vscode from 'vscode';
import { l10n } from '../../common/l10n.ts';
import { DisposableStore } from '../../common/disposable.ts';
import { InputError } from '../../common/inputError.ts';
import type { StoredRun } from '../../protocol/storedRun.ts';
import type { RunSummary } from '../../runs/disk/library.ts';
import type { SourceRun } from '../compare/comparedRun.ts';
import type { CompareSource } from '../compare/comparePanels.ts';
import type { Session } from '../session/session.ts';
import { openRun } from './opening.ts';
import type { RunLauncher } from './runLauncher.ts';
import { whoTrains } from './whoTrains.ts';

/** Compared runs come from the sessions of this window, else from their folders; those that others train are followed. */
export class RunsToCompare implements CompareSource, vscode.Disposable {
  readonly #launcher: RunLauncher;
  readonly #owned = new DisposableStore();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<string>());
  readonly onDidChange = this.#changed.event;
  /** Sessions that follow what others train, by the run's folder. */
  readonly #followed = new Map<string, Promise<Session>>();

  constructor(launcher: RunLauncher) {
    this.#launcher = launcher;
    // Named anew, for example.
    this.#owned.add(launcher.keeper.onDidChange((folder) => this.#changed.fire(folder)));
    this.#owned.add(
      launcher.sessions.onDidChange(({ session: { folder } }) => folder !== undefined && this.#changed.fire(folder)),
    );
  }

  async read(folder: string): Promise<SourceRun> {
    const { keeper } = this.#launcher;
    const session = this.#launcher.sessionOf(folder);
    const run = keeper.runOf(folder);
    if (session !== undefined && run !== undefined) return ofSession(session, run);
    const found = await keeper.places.find(folder);
    if (found === undefined)
      throw new InputError(l10n.t('The run in {folder} is not there any more: it was deleted.', { folder }));
    const { summary } = found;
    if (summary.run !== undefined && whoTrains(summary, summary.run) !== undefined) {
      return ofSession(await this.#follow(summary), summary.run);
    }
    this.#forget(folder);
    return keeper.reading.readRun(folder);
  }

  async foldersOf(runIds: readonly string[]): Promise<readonly string[]> {
    const { places } = this.#launcher.keeper;
    const found = await Promise.all(runIds.map((runId) => places.findRemembered({ runId })));
    return found.flatMap((run) => (run === undefined ? [] : [run.summary.folder]));
  }

  dispose(): void {
    this.#owned.dispose();
    this.keepOnly([]);
  }

  /** Follows no other runs any more: nobody compares them. */
  keepOnly(folders: readonly string[]): void {
    for (const folder of this.#followed.keys()) {
      if (!folders.includes(folder)) this.#forget(folder);
    }
  }

  #follow(summary: RunSummary): Promise<Session> {
    const { folder } = summary;
    const known = this.#followed.get(folder);
    if (known !== undefined) return known;
    const opening = this.#open(summary);
    this.#followed.set(folder, opening);
    // What cannot be opened now may be later.
    opening.catch(() => this.#followed.delete(folder));
    return opening;
  }

  async #open(summary: RunSummary): Promise<Session> {
    const { folder } = summary;
    const session = await openRun(this.#launcher, summary, () => {
      // It took another course, or nobody trains it any more: it is read anew.
      this.#forget(folder);
      this.#changed.fire(folder);
      return Promise.resolve();
    });
    session.onDidChange(() => this.#changed.fire(folder));
    return session;
  }

  #forget(folder: string): void {
    const opening = this.#followed.get(folder);
    this.#followed.delete(folder);
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
