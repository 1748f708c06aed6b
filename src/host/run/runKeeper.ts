import { rm, stat } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposable.ts';
import { fileReason } from '../../common/fileReason.ts';
import { InputError } from '../../common/inputError.ts';
import type { RunSettings } from '../../protocol/settings.ts';
import type { StoredRun } from '../../protocol/storedRun.ts';
import {
  acquire,
  describeOwner,
  type HeldBy,
  ownerOf,
  type RunLock,
  takeOver,
  thisOwner,
} from '../../runs/disk/lock.ts';
import type { RunChange } from '../../runs/disk/library.ts';
import { newStoredRun } from '../../runs/recording/newRun.ts';
import { ReadingThread } from '../../runs/reading/readingThread.ts';
import { type RecorderOptions, RunRecorder } from '../../runs/recording/recorder.ts';
import { runFilePath } from '../../runs/format/runFile.ts';
import { readRunsSettings } from '../runsView/settings.ts';
import type { Session } from '../session/session.ts';
import type { Sessions } from '../session/sessions.ts';
import type { TextSource } from '../session/textSource.ts';
import { type FolderPlan, KeptRun, type OwnedFolder, type OwnedLock, type StartedEvent } from './keptRun.ts';
import { LateRecords, textOf } from './lateRecords.ts';
import { offerCheckpoint } from './offeredCheckpoint.ts';
import { openFolders } from './openFolders.ts';
import { RunPlaces } from './places.ts';
import { warn } from '../message.ts';

/** VS Code gives a window that closes a few seconds. */
const SHUTDOWN_MS = 3500;
const CHECKPOINT_MS = 2000;
const WINDOW_NAME = 'VS Code window';
/** Folders elsewhere that earlier versions opened runs from, by the runs' ids. */
const OPENED_BEFORE = 'rnnInspector.openedRunFolders';

/** What a new run is, besides what its session knows. */
export interface Origin {
  readonly source: TextSource;
  readonly settings: RunSettings;
  readonly maxIterations?: number;
  readonly name?: string;
  readonly forkedFrom?: StoredRun['forkedFrom'];
  readonly imported?: StoredRun['imported'];
  readonly settingChanges?: NonNullable<StoredRun['settingChanges']>;
  /** Fills the new folder before the run writes to it, such as with what a fork takes over; returns the iterations that are there. */
  readonly prepare?: (folder: string) => Promise<number>;
}

/** Keeps every run of this window in a folder of its own. */
export class RunKeeper implements vscode.Disposable {
  readonly places: RunPlaces;
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
  /** Changes of `run.json` of runs that nobody trains, by their folders. */
  readonly #changing = new Map<string, Promise<unknown>>();
  readonly #versions: Readonly<Record<string, string>>;
  readonly #log: vscode.LogOutputChannel;

  constructor(context: vscode.ExtensionContext, sessions: Sessions, log: vscode.LogOutputChannel) {
    this.#log = log;
    const { version } = context.extension.packageJSON as { version: string };
    this.#versions = { inspector: version, vscode: vscode.version, node: process.versions.node };
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
    this.#keep(session, { open: (started) => this.#create(session, origin, started) });
  }

  /**
   * Goes on keeping a run in its folder, which is left as it is until the run has started: a text that is refused changes nothing.
   * @param take takes the run back to where it goes on.
   */
  goOn(session: Session, owned: OwnedLock, take: (options: RecorderOptions) => Promise<RunRecorder>): void {
    this.#keep(session, {
      open: async ({ facts }) => {
        const recorder = await this.#explained(owned.lock, () => take(this.optionsFor(owned.lock)));
        recorder?.update({ facts, source: 'inspector', versions: this.#versions });
        return recorder && { ...owned, recorder };
      },
      giveUp: () => owned.lock.release(),
    });
  }

  /** Becomes the owner of a run's folder, or says who is. */
  async own(folder: string): Promise<OwnedLock | HeldBy> {
    let tellLost: () => void = () => undefined;
    const lost = new Promise<void>((resolve) => (tellLost = resolve));
    const lock = await acquire(folder, thisOwner(WINDOW_NAME), tellLost);
    return 'heldBy' in lock ? lock : { lock, lost };
  }

  /** Becomes the owner of a run's folder whoever owns it, as a person decided. */
  async takeOver(folder: string): Promise<OwnedLock> {
    let tellLost: () => void = () => undefined;
    const lost = new Promise<void>((resolve) => (tellLost = resolve));
    return { lock: await takeOver(folder, thisOwner(WINDOW_NAME), tellLost), lost };
  }

  /** Waits until a run of this window that is over is on the disk, its folder free and its last checkpoint offered. */
  async settled(folder: string): Promise<void> {
    await this.#finishing.get(folder);
    await this.#changing.get(folder);
    await this.#late.get(folder)?.close();
    this.#late.delete(folder);
  }

  /** Puts what a run of this window recorded so far on the disk. */
  async flush(folder: string): Promise<void> {
    await this.#of(folder)?.flush();
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
    const all = Promise.allSettled([...saved, ...this.#finishing.values(), ...this.#changing.values()]).then(() =>
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
          `The end of the run on ${session.description.fileName} could not be written to ${folder}: it can go on from its last checkpoint. Make room there.`,
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
    const other = owner === undefined ? 'another program' : `the ${describeOwner(owner)}`;
    this.#complain(
      isThere
        ? `The run on ${fileName} now belongs to ${other}: it was taken over there, or this window stood still for long. It was stopped here; what it did since its last checkpoint may not be kept.`
        : `The folder of the run on ${fileName} is gone: ${folder}. The run was stopped; nothing of it is kept.`,
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
    this.#change(folder, { sampling });
  }

  /** What is over already is written by its late records. */
  async #followText(session: Session): Promise<void> {
    const { folder } = session;
    const kept = this.#kept.get(session);
    if (kept !== undefined) {
      await kept.update({ text: textOf(session) });
      if (session.folder !== undefined) this.#changed.fire(session.folder);
    } else if (folder !== undefined && !this.#late.has(folder)) this.#change(folder, { text: textOf(session) });
  }

  /** Changes `run.json` of a run that nobody trains, after what is being changed of it already. */
  #change(folder: string, change: RunChange): void {
    const before = this.#changing.get(folder);
    const changed = async (): Promise<void> => {
      await before;
      const found = await this.places.find(folder);
      await found?.library.update(found.summary.runId, change);
      this.#changed.fire(folder);
    };
    this.#changing.set(
      folder,
      changed().catch((error: unknown) => this.#log.warn(error instanceof Error ? error.message : String(error))),
    );
  }

  async #updateOwned(folder: string, change: RunChange): Promise<boolean> {
    const kept = this.#of(folder);
    if (kept?.isOpen !== true) return false;
    await kept.update(change);
    this.#changed.fire(folder);
    return true;
  }

  /** Makes the folder of a new run; where that is not possible, the person is told and the run trains without. */
  async #create(session: Session, origin: Origin, started: StartedEvent): Promise<OwnedFolder | undefined> {
    const folder = await this.#explained(undefined, async () => {
      const planned = this.places.folderFor(session.description.runId, session.uri);
      // From the first moment on at which somebody could find it.
      session.keptIn(planned);
      await this.places.make(planned);
      return planned;
    });
    const owned = folder === undefined ? undefined : await this.#explained(undefined, () => this.own(folder));
    if (folder === undefined || owned === undefined || 'heldBy' in owned) {
      session.keptIn(undefined);
      return undefined;
    }
    const recorder = await this.#explained(owned.lock, async () => {
      const iterations = await origin.prepare?.(folder);
      const stored = this.#describe(session, origin, started);
      const options = this.optionsFor(owned.lock);
      return iterations === undefined
        ? RunRecorder.create(folder, stored, options)
        : RunRecorder.continueAt(folder, stored, iterations, options);
    });
    if (recorder === undefined) {
      // What there is of the folder is no run.
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
      session.keptIn(undefined);
      return undefined;
    }
    await this.#keepText(recorder, session.uri, origin.source, started).catch((error: unknown) =>
      this.#complain(error instanceof Error ? error.message : String(error)),
    );
    return { ...owned, recorder };
  }

  /** Tells the person why a run cannot be kept, and gives the folder free; the run trains without. */
  async #explained<R>(lock: RunLock | undefined, work: () => Promise<R>): Promise<R | undefined> {
    try {
      return await work();
    } catch (error) {
      const why = error instanceof InputError ? error.message : `${fileReason(error)}.`;
      this.#complain(`What this run does is not kept, and is lost when its window closes. ${why}`);
      await lock?.release();
      return undefined;
    }
  }

  /** How a recorder of a folder of this window behaves. */
  optionsFor(lock: RunLock): RecorderOptions {
    return {
      onProblem: (message) => this.#complain(message),
      mayWrite: () => lock.isOurs(),
      metricsBytes: readRunsSettings(undefined).metricsBytes,
    };
  }

  async #keepText(
    recorder: RunRecorder,
    uri: vscode.Uri,
    { content }: TextSource,
    started: StartedEvent,
  ): Promise<void> {
    const limit = readRunsSettings(uri).keepTextBytes;
    if (started.text.bytes > limit) return;
    await recorder.keepText('text' in content ? { text: content.text } : { path: content.file.path });
  }

  #describe(session: Session, { source, settings, maxIterations, imported, ...origin }: Origin, started: StartedEvent) {
    const { name, settingChanges, forkedFrom } = origin;
    const encoding = 'file' in source.content ? source.content.file.encoding : undefined;
    return newStoredRun(
      {
        runId: session.description.runId,
        settings,
        maxIterations,
        text: { ...textOf(session), ...(encoding !== undefined && { encoding }) },
        sampling: session.description.sampling,
        versions: this.#versions,
        state: session.status.state,
        elapsedMs: session.status.elapsedMs,
        imported,
        ...(name !== undefined && { name }),
        ...(settingChanges && { settingChanges }),
        ...(forkedFrom && { forkedFrom }),
      },
      started,
    );
  }

  #complain(message: string): void {
    this.#log.error(message);
    void warn(message);
  }
}
