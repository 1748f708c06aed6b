import type { CheckpointReason } from '../protocol/checkpoint.ts';
import type { StoredRun } from '../protocol/storedRun.ts';
import type { WorkerEvent } from '../protocol/worker.ts';
import { CheckpointFolder, type CheckpointInfo } from '../runs/disk/checkpoints.ts';
import type { RunLock } from '../runs/disk/lock.ts';
import type { RecorderOptions, RunRecorder } from '../runs/recording/recorder.ts';
import { formatCount } from './format.ts';

export type StartedEvent = Extract<WorkerEvent, { type: 'started' }>;

/** How the folder of a run is made ready, or gone on with. */
export interface FolderPlan {
  /** As the person names it. */
  readonly name: string;
  readonly lock: RunLock;
  readonly checkpointSeconds: number;
  /** Of the numbers, up to which every iteration is kept whole. */
  readonly metricsBytes: number;
  /** Begins to write, once the text is read. */
  open(started: StartedEvent, options: RecorderOptions): Promise<RunRecorder>;
  /** Does what is left then, while training goes on; @returns what a person should know. */
  opened?(recorder: RunRecorder, started: StartedEvent): Promise<string | undefined>;
  /** Undoes what was done before the run began, where it never does. */
  giveUp?(): Promise<void>;
}

export interface FolderListeners {
  /** Once for each kind of trouble: training goes on. */
  warn(message: string): void;
  /** A checkpoint is in place. */
  checkpoint(info: CheckpointInfo, reason: CheckpointReason): void;
  /** The run cannot be kept at all. */
  failed(error: unknown): void;
}

/** The folder that a run is written to while it trains. */
export class KeptFolder {
  readonly #plan: FolderPlan;
  readonly #listeners: FolderListeners;
  /** Events that came before the folder was ready. */
  #early: WorkerEvent[] = [];
  #recorder: RunRecorder | undefined;
  #opening: Promise<void> | undefined;

  constructor(plan: FolderPlan, listeners: FolderListeners) {
    this.#plan = plan;
    this.#listeners = listeners;
  }

  get name(): string {
    return this.#plan.name;
  }

  receive(event: WorkerEvent): void {
    if (event.type === 'started') this.#opening ??= this.#open(event);
    if (this.#recorder === undefined) this.#early.push(event);
    else this.#recorder.receive(event);
  }

  /**
   * Writes what is left and gives the folder free.
   * @param change of `run.json`: what no event says.
   * @returns what is missing in the folder, for a person; undefined where nothing is.
   */
  async close(change: Partial<StoredRun> = {}): Promise<string | undefined> {
    await this.#opening;
    const recorder = this.#recorder;
    try {
      if (recorder === undefined) {
        await this.#plan.giveUp?.();
        return undefined;
      }
      recorder.update(change);
      await recorder.settle();
      return (await recorder.close()) ? undefined : await this.#whatIsMissing();
    } finally {
      await this.#plan.lock.release();
    }
  }

  /** Writes no more: somebody else owns the folder. */
  async abandon(): Promise<void> {
    await this.#opening;
    await this.#recorder?.abandon();
  }

  async #open(started: StartedEvent): Promise<void> {
    try {
      this.#recorder = await this.#plan.open(started, {
        onProblem: (message) => this.#listeners.warn(message),
        mayWrite: () => this.#plan.lock.isOurs(),
        metricsBytes: this.#plan.metricsBytes,
        onCheckpoint: (info, reason) => this.#listeners.checkpoint(info, reason),
      });
    } catch (error) {
      this.#listeners.failed(error);
      return;
    }
    for (const event of this.#early) this.#recorder.receive(event);
    this.#early = [];
    const news = await this.#plan.opened?.(this.#recorder, started);
    if (news !== undefined) this.#listeners.warn(news);
  }

  async #whatIsMissing(): Promise<string> {
    const { folder } = this.#plan.lock;
    const newest = (await new CheckpointFolder(folder).list().catch(() => []))[0];
    const stands =
      newest === undefined
        ? 'it has no checkpoint to go on from. Make room for it there, or choose another folder, and train anew'
        : `its newest checkpoint is that of iteration ${formatCount(newest.iteration)}. Make room for it there, then go on from that one with: resume ${this.name}`;
    return `The end of the run could not be written to "${this.name}": ${stands}.`;
  }
}
