import { stat } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import * as vscode from 'vscode';
import { l10n } from '../../common/l10n.ts';
import { DisposableStore } from '../../common/disposable.ts';
import type { RunHistory } from '../../history/history.ts';
import type { StoredRun } from '../../protocol/storedRun.ts';
import { describeOwner, ownerOf } from '../../runs/disk/lock.ts';
import type { RunChange } from '../../runs/disk/library.ts';
import { ReadingThread } from '../../runs/reading/readingThread.ts';
import type { RecorderOptions, RunRecorder } from '../../runs/recording/recorder.ts';
import { runFilePath } from '../../runs/format/runFile.ts';
import { readRunsSettings } from './runsSettings.ts';
import type { Session } from '../session/session.ts';
import type { Sessions } from '../session/sessions.ts';
import { KeptFolders, type Origin } from './keptFolders.ts';
import { type FolderPlan, KeptRun, type OwnedLock } from './keptRun.ts';
import { LateRecords, textOf } from './lateRecords.ts';
import { offerCheckpoint } from './offeredCheckpoint.ts';
import { openFolders } from './openFolders.ts';
import { WINDOW_NAME } from './owning.ts';
import { RunPlaces } from './places.ts';
import { StoredChanges } from './storedChanges.ts';
import { warn } from '../message.ts';

/** VS Code gives a window that closes a few seconds. */
const SHUTDOWN_MS = 3500;
const CHECKPOINT_MS = 2000;
/** Folders elsewhere that earlier versions opened runs from, by the runs' ids. */
const OPENED_BEFORE = 'rnnInspector.openedRunFolders';

/** Keeps every run of this window in a folder of its own. */
export class RunKeeper implements vscode.Disposable {
  readonly places: RunPlaces;
  /** Makes the runs' folders ready to be written. */
  readonly folders: KeptFolders;
  /** Reads runs beside this thread. */
  readonly reading: ReadingThread;
  readonly #owned = new DisposableStore();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<string>());
  /** Something of a run's folder changed that a list of runs shows; tells the folder. */
  readonly onDidChange = this.#changed.event;
  readonly #lost = this.#owned.add(new vscode.EventEmitter<Session>());
  /** A run of this window belongs to somebody else now; its session is over, and knows nothing of what becomes of it. */
  readonly onDidLose = this.#lost.event;
  readonly #kept = new Map<Session, KeptRun>();
  /** Runs that are over and still being written, by their folders. */
  readonly #finishing = new Map<string, Promise<void>>();
  /** What is found out of runs that are over, by their folders. */
  readonly #late = new Map<string, LateRecords>();
  readonly #changes: StoredChanges;
  readonly #log: vscode.LogOutputChannel;

  constructor(context: vscode.ExtensionContext, sessions: Sessions, log: vscode.LogOutputChannel) {
    this.#log = log;
    const { version } = context.extension.packageJSON as { version: string };
    const versions = { inspector: version, vscode: vscode.version, node: process.versions.node };
    const thread = vscode.Uri.joinPath(context.extensionUri, 'dist', 'reading.cjs');
    this.reading = this.#owned.add(new ReadingThread(thread.fsPath));
    this.places = new RunPlaces(
      context.globalStorageUri.fsPath,
      openFolders,
      {
        window: WINDOW_NAME,
        updateOwned: (folder, change) => this.#updateOwned(folder, change),
        readRunFile: (folder) => this.reading.readRunFile(folder),
      },
      Object.values(context.globalState.get<Record<string, string>>(OPENED_BEFORE, {})),
    );
    this.folders = new KeptFolders(this.places, versions, (message) => this.#complain(message));
    this.#changes = new StoredChanges(this.places, {
      changed: (folder) => this.#changed.fire(folder),
      failed: (error) => log.warn(error instanceof Error ? error.message : String(error)),
    });
    this.#owned.add(sessions.onDidRemove((session) => void this.#release(session)));
    this.#owned.add(
      sessions.onDidChange(({ session, change }) => {
        if (change.type === 'sampling') this.#keepSampling(session);
        if (change.type === 'text') void this.#followText(session);
      }),
    );
  }

  /** Seconds between two checkpoints of a run on a file. */
  checkpointSeconds(file: vscode.Uri): number {
    return readRunsSettings(file).checkpointSeconds;
  }

  /** Keeps a run that begins, from the moment on at which its text is read. */
  begin(session: Session, origin: Origin): void {
    this.#keep(session, { open: (started) => this.folders.create(session, origin, started) });
  }

  /**
   * Goes on keeping a run in its folder, which is left as it is until the run has started: a text that is refused changes nothing.
   * @param take takes the run back to where it goes on.
   */
  goOn(session: Session, owned: OwnedLock, take: (options: RecorderOptions) => Promise<RunRecorder>): void {
    this.#keep(session, {
      open: (started) => this.folders.continueIn(owned, started, take),
      giveUp: () => owned.lock.release(),
    });
  }

  /** Waits until a run of this window that is over is on the disk, its folder free and its last checkpoint offered. */
  async settled(folder: string): Promise<void> {
    await this.#finishing.get(folder);
    await this.#changes.settled(folder);
    await this.#late.get(folder)?.close();
    this.#late.delete(folder);
  }

  /** Changes a run while nothing else of this window writes its folder: of one that has just ended, something may still do. */
  async alone<R>(folder: string, work: () => Promise<R>): Promise<R> {
    await this.#finishing.get(folder);
    await this.#changes.settled(folder);
    return this.#late.get(folder)?.alone(work) ?? work();
  }

  /** Puts what a run of this window recorded so far on the disk. */
  async flush(folder: string): Promise<void> {
    await this.#of(folder)?.flush();
  }

  /** The history of a run as it is on the disk, with what this window has recorded of it; undefined where it cannot be read. */
  async recordedHistory(folder: string): Promise<RunHistory | undefined> {
    try {
      await this.flush(folder);
      return (await this.reading.readRun(folder)).history;
    } catch (error) {
      this.#log.warn(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  /** Saves the runs under way and gives their folders free; VS Code waits for it as long as it waits for anything. */
  async shutDown(): Promise<void> {
    const saved = [...this.#kept.values()].map(async (kept) => {
      kept.session.control('pause');
      // None comes of a network whose numbers are not finite.
      await Promise.race([kept.session.checkpoint().catch(() => undefined), setTimeout(CHECKPOINT_MS)]);
      if (!kept.session.isOver) await kept.noteClosing();
      await kept.close();
    });
    const all = Promise.allSettled([...saved, ...this.#finishing.values(), this.#changes.allSettled()]).then(() =>
      Promise.allSettled([...this.#late.values()].map((late) => late.close())),
    );
    await Promise.race([all, setTimeout(SHUTDOWN_MS)]);
  }

  /** `run.json` of a run of this window, as it is or will be. */
  runOf(folder: string): StoredRun | undefined {
    return this.#of(folder)?.run;
  }

  /** A run's folder was changed by somebody who does not keep it. */
  noteChange(folder: string): void {
    this.#changed.fire(folder);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #keep(session: Session, plan: FolderPlan): void {
    const kept = new KeptRun(session, plan, {
      lost: (folder) => void this.#tellLost(session, folder),
      notWritten: (folder) =>
        this.#complain(
          l10n.t(
            'The end of the run on {file} could not be written to {folder}: it can go on from its last checkpoint. Make room there.',
            { file: session.description.fileName, folder },
          ),
        ),
    });
    this.#kept.set(session, kept);
    const subscription = session.onDidChange((change) => {
      if (change.type !== 'status') return;
      const { folder } = session;
      if (folder !== undefined) this.#changed.fire(folder);
      if (!session.isOver) return;
      subscription.dispose();
      const finishing = this.#finish(kept, folder);
      if (folder === undefined) return;
      this.#finishing.set(
        folder,
        finishing.finally(() => this.#finishing.delete(folder)),
      );
    });
  }

  async #tellLost({ description: { fileName } }: Session, folder: string): Promise<void> {
    const isThere = await stat(runFilePath(folder)).then(
      () => true,
      () => false,
    );
    const owner = await ownerOf(folder);
    const other =
      owner === undefined ? l10n.t('another program') : l10n.t('the {owner}', { owner: describeOwner(owner) });
    this.#complain(
      isThere
        ? l10n.t(
            'The run on {file} now belongs to {owner}: it was taken over there, or this window stood still for long. It was stopped here; what it did since its last checkpoint may not be kept.',
            { file: fileName, owner: other },
          )
        : l10n.t('The folder of the run on {file} is gone: {folder}. The run was stopped; nothing of it is kept.', {
            file: fileName,
            folder,
          }),
    );
  }

  /** The run is over: its folder is free, and it can go on from the last checkpoint. */
  async #finish(kept: KeptRun, folder: string | undefined): Promise<void> {
    const { session } = kept;
    if (folder === undefined || kept.isLost) {
      await kept.close();
      this.#kept.delete(session);
      // Nothing that is found out of it here belongs to the course that it takes elsewhere.
      if (kept.isLost) this.#lost.fire(session);
      return;
    }
    // From the moment on at which the run's own writer takes nothing any more.
    const late = new LateRecords(session, this);
    this.#late.set(folder, late);
    session.onDidDispose(
      () => void late.close().then(() => this.#late.get(folder) === late && this.#late.delete(folder)),
    );
    await kept.close();
    this.#kept.delete(session);
    this.#changed.fire(folder);
    const found = await this.places.find(folder);
    if (found?.summary.run !== undefined) late.begin(folder);
    if (found !== undefined) await offerCheckpoint(session, folder);
  }

  async #release(session: Session): Promise<void> {
    await this.#kept.get(session)?.close();
    this.#kept.delete(session);
  }

  #of(folder: string): KeptRun | undefined {
    return [...this.#kept.values()].find(({ session }) => session.folder === folder);
  }

  /** A run that is only shown has nobody who writes its folder. */
  #keepSampling(session: Session): void {
    const { folder, sampling } = session.description;
    if (folder === undefined || this.#kept.has(session)) return;
    if (this.#late.has(folder) || session.status.resumable === undefined) return;
    this.#changes.make(folder, { sampling });
  }

  /** What is over already is written by its late records. */
  async #followText(session: Session): Promise<void> {
    const { folder } = session;
    const kept = this.#kept.get(session);
    if (kept !== undefined) {
      await kept.update({ text: textOf(session) });
      if (session.folder !== undefined) this.#changed.fire(session.folder);
    } else if (folder !== undefined && !this.#late.has(folder)) this.#changes.make(folder, { text: textOf(session) });
  }

  async #updateOwned(folder: string, change: RunChange): Promise<boolean> {
    const kept = this.#of(folder);
    if (kept?.isOpen !== true) return false;
    await kept.update(change);
    this.#changed.fire(folder);
    return true;
  }

  #complain(message: string): void {
    this.#log.error(message);
    void warn(message);
  }
}
