import { rm, stat } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposable.ts';
import { fileReason } from '../../common/fileReason.ts';
import { InputError } from '../../common/inputError.ts';
import { withFirstLoss } from '../../protocol/imported.ts';
import { isOver } from '../../protocol/run.ts';
import type { RunSettings } from '../../protocol/settings.ts';
import type { StoredRun } from '../../protocol/storedRun.ts';
import { CheckpointFolder } from '../../runs/checkpoints.ts';
import { acquire, type HeldBy, type RunLock, thisOwner } from '../../runs/lock.ts';
import type { RunChange } from '../../runs/library.ts';
import { type RecorderOptions, RunRecorder } from '../../runs/recorder.ts';
import { runFilePath } from '../../runs/runFile.ts';
import type { LoadedNetwork } from '../restoredRun.ts';
import { readRunsSettings } from '../runs/settings.ts';
import type { Session } from '../session.ts';
import type { Sessions } from '../sessions.ts';
import type { TextSource } from '../textSource.ts';
import { type FolderPlan, KeptRun, type OwnedFolder, type OwnedLock, type StartedEvent } from './keptRun.ts';
import { LateRecords } from './lateRecords.ts';
import { RunPlaces } from './places.ts';
import { warn } from '../message.ts';

/** VS Code gives a window that closes a few seconds. */
const SHUTDOWN_MS = 3500;
const CHECKPOINT_MS = 2000;
export const WINDOW_NAME = 'VS Code window';

/** What a new run is, besides what its session knows. */
export interface Origin {
  readonly source: TextSource;
  readonly settings: RunSettings;
  readonly maxIterations?: number;
  readonly name?: string;
  readonly forkedFrom?: StoredRun['forkedFrom'];
  readonly imported?: StoredRun['imported'];
  /** Fills the new folder before the run writes to it, such as with what a fork takes over; returns the iterations that are there. */
  readonly prepare?: (folder: string) => Promise<number>;
}

/** Keeps every run of this window in a folder of its own. */
export class RunKeeper implements vscode.Disposable {
  readonly places: RunPlaces;
  readonly #owned = new DisposableStore();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<string>());
  /** Something of a run's folder changed that a list of runs shows; tells the run's id. */
  readonly onDidChange = this.#changed.event;
  readonly #kept = new Map<Session, KeptRun>();
  /** Runs that are over and still being written, by their ids. */
  readonly #finishing = new Map<string, Promise<void>>();
  /** What is found out of runs that are over, by their ids. */
  readonly #late = new Map<string, LateRecords>();
  /** Changes of `run.json` of runs that nobody trains, by their ids. */
  readonly #changing = new Map<string, Promise<unknown>>();
  readonly #versions: Readonly<Record<string, string>>;
  readonly #log: vscode.LogOutputChannel;

  constructor(context: vscode.ExtensionContext, sessions: Sessions, log: vscode.LogOutputChannel) {
    this.#log = log;
    const { version } = context.extension.packageJSON as { version: string };
    this.#versions = { inspector: version, vscode: vscode.version, node: process.versions.node };
    this.places = new RunPlaces(context.globalStorageUri, context.globalState, {
      window: WINDOW_NAME,
      updateOwned: (runId, change) => this.#updateOwned(runId, change),
    });
    this.#owned.add(sessions.onDidRemove((session) => void this.#release(session)));
    this.#owned.add(
      sessions.onDidChange(({ session, change }) => {
        if (change.type === 'sampling') this.#keepSampling(session);
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

  isKept(runId: string): boolean {
    return this.#of(runId)?.isOpen ?? false;
  }

  /** Waits until a run of this window that is over is on the disk, its folder free and its last checkpoint offered. */
  async settled(runId: string): Promise<void> {
    await this.#finishing.get(runId);
    await this.#changing.get(runId);
    await this.#late.get(runId)?.close();
    this.#late.delete(runId);
  }

  /** Puts what a run of this window recorded so far on the disk. */
  async flush(runId: string): Promise<void> {
    await this.#of(runId)?.flush();
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
  runOf(runId: string): StoredRun | undefined {
    return this.#of(runId)?.run;
  }

  /** A run's folder was changed by somebody who does not keep it. */
  noteChange(runId: string): void {
    this.#changed.fire(runId);
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
      this.#changed.fire(session.description.runId);
      if (!session.isOver) return;
      subscription.dispose();
      const { runId } = session.description;
      const finishing = this.#finish(kept).finally(() => this.#finishing.delete(runId));
      this.#finishing.set(runId, finishing);
    });
  }

  async #tellLost({ description: { fileName } }: Session, folder: string): Promise<void> {
    const isThere = await stat(runFilePath(folder)).then(
      () => true,
      () => false,
    );
    this.#complain(
      isThere
        ? `The run on ${fileName} now belongs to another window, since this one stood still for long. It was stopped here; what it did since is not kept.`
        : `The folder of the run on ${fileName} is gone: ${folder}. The run was stopped; nothing of it is kept.`,
    );
  }

  /** The run is over: its folder is free, and it can go on from the last checkpoint. */
  async #finish(kept: KeptRun): Promise<void> {
    const { session } = kept;
    const { runId } = session.description;
    // From the moment on at which the run's own writer takes nothing any more.
    const late = new LateRecords(session, this);
    this.#late.set(runId, late);
    await kept.close();
    this.#kept.delete(session);
    this.#changed.fire(runId);
    const found = await this.places.find(runId);
    if (found?.summary.run !== undefined) late.begin(found.summary.folder);
    if (found !== undefined) await offerCheckpoint(session, found.summary.folder);
  }

  async #release(session: Session): Promise<void> {
    await this.#kept.get(session)?.close();
    this.#kept.delete(session);
  }

  #of(runId: string): KeptRun | undefined {
    return [...this.#kept.values()].find(({ session }) => session.description.runId === runId);
  }

  /** A run that is only shown has nobody who writes its folder. */
  #keepSampling(session: Session): void {
    const { runId, sampling } = session.description;
    if (this.#kept.has(session) || this.#late.has(runId) || session.status.resumable === undefined) return;
    const change = async (): Promise<void> => {
      await this.#changing.get(runId);
      await (await this.places.find(runId))?.library.update(runId, { sampling });
    };
    this.#changing.set(
      runId,
      change().catch((error: unknown) => this.#log.warn(error instanceof Error ? error.message : String(error))),
    );
  }

  async #updateOwned(runId: string, change: RunChange): Promise<boolean> {
    const kept = this.#of(runId);
    if (kept?.isOpen !== true) return false;
    await kept.update(change);
    this.#changed.fire(runId);
    return true;
  }

  /** Makes the folder of a new run; where that is not possible, the person is told and the run trains without. */
  async #create(session: Session, origin: Origin, started: StartedEvent): Promise<OwnedFolder | undefined> {
    const { runId } = session.description;
    const folder = await this.#explained(undefined, () => this.places.folderFor(runId, session.uri));
    const owned = folder === undefined ? undefined : await this.#explained(undefined, () => this.own(folder));
    if (folder === undefined || owned === undefined || 'heldBy' in owned) return undefined;
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
    return { onProblem: (message) => this.#complain(message), mayWrite: () => lock.isOurs() };
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

  #describe(session: Session, origin: Origin, started: StartedEvent): StoredRun {
    const now = new Date().toISOString();
    const { source, settings, maxIterations, name, forkedFrom, imported } = origin;
    const encoding = 'file' in source.content ? source.content.file.encoding : undefined;
    return {
      format: 'rnn-gradient-inspector-run',
      version: 1,
      runId: session.description.runId,
      ...(name !== undefined && { name }),
      isPinned: false,
      source: 'inspector',
      settings,
      ...(maxIterations !== undefined && { maxIterations }),
      text: {
        uri: session.uri.toString(),
        fileName: source.name,
        ...started.text,
        ...(encoding !== undefined && { encoding }),
        isKept: false,
      },
      vocabulary: started.vocabulary,
      facts: started.facts,
      sampling: session.description.sampling,
      versions: this.#versions,
      createdAt: now,
      changedAt: now,
      state: session.status.state,
      iterations: started.iterations,
      elapsedMs: session.status.elapsedMs,
      ...(forkedFrom && { forkedFrom }),
      ...(imported && { imported: withFirstLoss(imported, started) }),
    };
  }

  #complain(message: string): void {
    this.#log.error(message);
    void warn(message);
  }
}

/** Says from where a run that is over can go on, and lets text be written with the network of that checkpoint. */
export async function offerCheckpoint(session: Session, folder: string, wasInterrupted = false): Promise<void> {
  const checkpoints = new CheckpointFolder(folder);
  const newest = await checkpoints.newestFacts().catch((error: unknown) => {
    void warn(error instanceof Error ? error.message : String(error));
  });
  if (!newest) return;
  const { iteration, elapsedMs } = newest;
  const { status } = session;
  if (!isOver(status.state) && !status.restored) return;
  session.resumable = {
    iteration,
    lostSeconds: Math.max(0, status.elapsedMs - elapsedMs) / 1000,
    wasInterrupted,
  };
  session.checkpointReader = () => readNetwork(checkpoints);
}

async function readNetwork(checkpoints: CheckpointFolder): Promise<LoadedNetwork | undefined> {
  const newest = await checkpoints.newestReadable();
  return newest?.vocabulary && { checkpoint: newest.checkpoint, vocabulary: newest.vocabulary };
}
