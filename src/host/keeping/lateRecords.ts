import { DisposableStore } from '../../common/disposable.ts';
import { isOver } from '../../protocol/run.ts';
import { RunRecorder, type RecorderOptions } from '../../runs/recorder.ts';
import type { RunRecord } from '../../runs/records.ts';
import { readRunFile } from '../../runs/runFile.ts';
import type { HeldBy, RunLock } from '../../runs/lock.ts';
import type { Session } from '../session.ts';
import type { OwnedLock } from './keptRun.ts';

/** What comes within so short a time is written together. */
const TOGETHER_MS = 300;

/** What a late record needs of whoever keeps the runs. */
export interface LateKeeper {
  own(folder: string): Promise<OwnedLock | HeldBy>;
  optionsFor(lock: RunLock): RecorderOptions;
}

/**
 * Adds to a run's folder what is found out after its end: how far errors reach in the network as it ended, the baselines of a
 * short run, text that a person had written. It stops when the run goes on.
 */
export class LateRecords {
  readonly #folder: string;
  readonly #keeper: LateKeeper;
  readonly #owned = new DisposableStore();
  #waiting: RunRecord[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(session: Session, folder: string, keeper: LateKeeper) {
    this.#folder = folder;
    this.#keeper = keeper;
    this.#owned.add(
      session.onDidChange((change) => {
        if (change.type === 'memoryPoint' || change.type === 'sample') this.#add(change);
        const baselines = change.type === 'study' ? change.change.baselines : undefined;
        if (baselines !== undefined && baselines.ngramNats.length === baselines.orders) {
          this.#add({ type: 'baselines', baselines });
        }
      }),
    );
    this.#owned.add(session.onDidDispose(() => void this.close()));
  }

  /** Writes what waits; nothing is added any more. */
  async close(): Promise<void> {
    this.#owned.dispose();
    this.#write();
    await this.#writing;
  }

  #add(record: RunRecord): void {
    this.#waiting.push(record);
    this.#timer ??= setTimeout(() => this.#write(), TOGETHER_MS);
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const records = this.#waiting;
    this.#waiting = [];
    if (records.length > 0) this.#writing = this.#writing.then(() => this.#append(records));
  }

  /** Where the run is gone, or somebody else goes on with it, nothing is written. */
  async #append(records: readonly RunRecord[]): Promise<void> {
    try {
      const run = await readRunFile(this.#folder);
      // Where the end could not be written, the file is behind the records: going by it would make some of them void.
      if (!isOver(run.state)) return;
      const owned = await this.#keeper.own(this.#folder);
      if ('heldBy' in owned) return;
      try {
        const recorder = await RunRecorder.continueAt(
          this.#folder,
          run,
          run.iterations,
          this.#keeper.optionsFor(owned.lock),
        );
        for (const record of records) recorder.add(record);
        await recorder.close();
      } finally {
        await owned.lock.release();
      }
    } catch {
      // What is lost can be found out again: the run itself is on the disk.
    }
  }
}
