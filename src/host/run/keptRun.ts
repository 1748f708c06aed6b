import { DisposableStore } from '../../common/disposable.ts';
import { MAX_REASON } from '../../common/limits.ts';
import type { StoredRun } from '../../protocol/storedRun.ts';
import type { WorkerEvent } from '../../protocol/worker.ts';
import type { RunChange } from '../../runs/disk/library.ts';
import type { RunLock } from '../../runs/disk/lock.ts';
import type { RunRecorder } from '../../runs/recording/recorder.ts';
import type { RunRecord } from '../../runs/format/records.ts';
import type { Session } from '../session/session.ts';
import { findingIn } from './findings.ts';

/** A run's folder, ready to be written: owned by this window. */
export interface OwnedFolder extends OwnedLock {
  readonly recorder: RunRecorder;
}

export interface OwnedLock {
  readonly lock: RunLock;
  /** Settles if somebody else takes the folder over, as after the machine slept. */
  readonly lost: Promise<void>;
}

/** How the folder of a run is made ready, or given up where there is nothing to keep. */
export interface FolderPlan {
  /** Called once there is something to keep: a text that was refused leaves no trace. Undefined where the run cannot be kept. */
  open(started: StartedEvent): Promise<OwnedFolder | undefined>;
  /** Undoes what was done before, of a run that ended before it started. */
  giveUp?(): Promise<void>;
}

export interface KeptRunListeners {
  /** The folder is no longer this window's, or gone. */
  lost(folder: string): void;
  /** The end of the run could not be written. */
  notWritten(folder: string): void;
}

export type StartedEvent = Extract<WorkerEvent, { type: 'started' }>;

/**
 * Writes a session of this window down while it trains: every event of its thread goes to the recorder, in order, and the run's
 * own file follows its status.
 */
export class KeptRun {
  readonly session: Session;
  /** Settles when the folder is ready; undefined where the run could not be kept. */
  readonly #opening: Promise<OwnedFolder | undefined>;
  readonly #owned = new DisposableStore();
  readonly #plan: FolderPlan;
  readonly #listeners: KeptRunListeners;
  #folder: OwnedFolder | undefined;
  /** What came before the folder was ready. */
  #early: WorkerEvent[] = [];
  #earlyFindings: RunRecord[] = [];
  #isLost = false;
  #closing: Promise<void> | undefined;

  constructor(session: Session, plan: FolderPlan, listeners: KeptRunListeners) {
    this.session = session;
    this.#plan = plan;
    this.#listeners = listeners;
    this.#opening = new Promise((resolve) => {
      let isOpening = false;
      const subscription = this.#owned.add(
        session.onDidReceive((event) => {
          if (event.type !== 'started') return;
          subscription.dispose();
          isOpening = true;
          void plan.open(event).then(resolve, () => resolve(undefined));
        }),
      );
      // Of a run that ends before it started there is nothing to keep.
      this.#owned.add({ dispose: () => isOpening || resolve(undefined) });
    });
    void this.#opening.then((folder) => this.#opened(folder));
    this.#owned.add(session.onDidReceive((event) => this.#receive(event)));
    this.#owned.add(
      session.onDidChange((change) => {
        const finding = findingIn(change);
        if (finding !== undefined) this.#find(finding);
        if (change.type === 'sampling' || (change.type === 'status' && session.isOver)) this.#followStatus();
      }),
    );
  }

  /** Whether the folder is being written: its run must not be touched by anybody else. */
  get isOpen(): boolean {
    return this.#folder !== undefined && this.#closing === undefined;
  }

  /** Whether somebody else owns the folder now. */
  get isLost(): boolean {
    return this.#isLost;
  }

  async flush(): Promise<void> {
    const folder = await this.#opening;
    await folder?.recorder.flush();
  }

  /** `run.json` as it is. */
  get run(): StoredRun | undefined {
    return this.#folder?.recorder.run;
  }

  /** Changes what a person may change of a run, as soon as there is a folder. */
  async update({ text, ...change }: RunChange): Promise<void> {
    const { recorder } = (await this.#opening) ?? {};
    const old = recorder?.run.text;
    recorder?.update({ ...change, ...(text && old && { text: { ...old, ...text } }) });
    await recorder?.flush();
  }

  /** The window closes under the run: it stands still until somebody resumes it, which is no crash. */
  async noteClosing(): Promise<void> {
    // Of a run that just began, the folder may still be on its way.
    if (this.session.description.facts !== undefined) await this.#opening;
    this.#folder?.recorder.update({ state: 'paused', changedAt: new Date().toISOString() });
  }

  /** Puts everything on the disk and gives the folder free. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    this.#owned.dispose();
    const folder = await this.#opening;
    if (folder === undefined) {
      await this.#plan.giveUp?.();
      return;
    }
    const isWritten = this.#isLost || (await folder.recorder.close());
    await folder.lock.release();
    if (!isWritten) this.#listeners.notWritten(folder.lock.folder);
  }

  /** Somebody else owns the folder now: nothing may be written any more, and a run is trained by its owner only. */
  #lose(): void {
    if (this.#closing !== undefined) return;
    this.#isLost = true;
    this.#owned.dispose();
    void this.#folder?.recorder.abandon();
    this.session.control('stop');
    if (this.#folder !== undefined) this.#listeners.lost(this.#folder.lock.folder);
  }

  #opened(folder: OwnedFolder | undefined): void {
    const [early, findings] = [this.#early, this.#earlyFindings];
    this.#early = [];
    this.#earlyFindings = [];
    if (folder === undefined) {
      // Nobody will ever take the events: they would fill the memory, the networks of all checkpoints among them.
      this.#owned.dispose();
      return;
    }
    this.#folder = folder;
    void folder.lost.then(() => this.#lose());
    for (const event of early) folder.recorder.receive(event);
    for (const finding of findings) folder.recorder.add(finding);
    this.#followStatus();
  }

  /** The n-grams of a short text are there before the folder is. */
  #find(finding: RunRecord): void {
    if (this.#folder === undefined) this.#earlyFindings.push(finding);
    else this.#folder.recorder.add(finding);
  }

  #receive(event: WorkerEvent): void {
    if (this.#isLost) return;
    if (this.#folder === undefined) this.#early.push(event);
    else this.#folder.recorder.receive(event);
  }

  /** Notes why a run failed: a thread that died sends no event of its end. */
  #followStatus(): void {
    const { status, description } = this.session;
    this.#folder?.recorder.update({ sampling: description.sampling });
    if (status.state !== 'failed') return;
    const now = new Date().toISOString();
    this.#folder?.recorder.update({
      state: 'failed',
      changedAt: now,
      endedAt: now,
      ...(status.failure && { failure: status.failure.message.slice(0, MAX_REASON) }),
    });
  }
}
