import { DisposableStore } from '../../common/disposable.ts';
import { isOver } from '../../protocol/run.ts';
import type { ReadingThread } from '../../runs/reading/readingThread.ts';
import { RunRecorder, type RecorderOptions } from '../../runs/recording/recorder.ts';
import type { RunRecord } from '../../runs/format/records.ts';
import type { RunChange } from '../../runs/disk/library.ts';
import type { RunLock } from '../../runs/disk/lock.ts';
import type { Session } from '../session/session.ts';
import { lateRecordIn } from './findings.ts';
import { own } from './owning.ts';

/** What comes within so short a time is written together. */
const TOGETHER_MS = 300;

/** What a late record needs of whoever keeps the runs. */
export interface LateKeeper {
  readonly reading: Pick<ReadingThread, 'readRunFile'>;
  readonly folders: { optionsFor(lock: RunLock): RecorderOptions };
  noteChange(folder: string): void;
}

/**
 * Adds to a run's folder what is found out after its end: how far errors reach in the network as it ended, the baselines of a
 * short run, text that a person had written, with which prompt, and where its file was moved. It stops when the run goes on.
 */
export class LateRecords {
  readonly #keeper: LateKeeper;
  readonly #session: Session;
  #folder: string | undefined;
  readonly #owned = new DisposableStore();
  #waiting: RunRecord[] = [];
  /** `run.json` is behind: the sampling changed, or where the text is. */
  #isRunNew = false;
  #movedText: RunChange['text'];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  /** Listens from now on; nothing is written before `begin`. */
  constructor(session: Session, keeper: LateKeeper) {
    this.#keeper = keeper;
    this.#session = session;
    this.#owned.add(
      session.onDidChange((change) => {
        const record = lateRecordIn(change);
        if (record !== undefined) this.#waiting.push(record);
        if (change.type === 'text') this.#movedText = textOf(session);
        const isRunNew = change.type === 'sampling' || change.type === 'text';
        this.#isRunNew ||= isRunNew;
        if (record !== undefined || isRunNew) this.#writeSoon();
      }),
    );
    this.#owned.add(session.onDidDispose(() => void this.close()));
  }

  /** The run's own writer is done with the folder. */
  begin(folder: string): void {
    this.#folder = folder;
    if (this.#waiting.length > 0 || this.#isRunNew) this.#writeSoon();
  }

  /** Does what needs the folder to be free between two writings of this, which goes on afterwards. */
  alone<R>(work: () => Promise<R>): Promise<R> {
    const done = this.#writing.then(work);
    this.#writing = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  /** Writes what waits; nothing is added any more. */
  async close(): Promise<void> {
    this.#owned.dispose();
    this.#write();
    await this.#writing;
  }

  #writeSoon(): void {
    if (this.#folder !== undefined) this.#timer ??= setTimeout(() => this.#write(), TOGETHER_MS);
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const folder = this.#folder;
    if (folder === undefined || (this.#waiting.length === 0 && !this.#isRunNew)) return;
    const records = this.#waiting;
    this.#waiting = [];
    this.#isRunNew = false;
    this.#writing = this.#writing.then(() => this.#append(folder, records));
  }

  /** Where the run is gone, or somebody else goes on with it, nothing is written. */
  async #append(folder: string, records: readonly RunRecord[]): Promise<void> {
    try {
      const run = await this.#keeper.reading.readRunFile(folder);
      // Where the end could not be written, the file is behind the records: going by it would make some of them void.
      if (!isOver(run.state)) return;
      const owned = await own(folder);
      if ('heldBy' in owned) return;
      try {
        const recorder = await RunRecorder.continueAt(
          folder,
          run,
          run.iterations,
          this.#keeper.folders.optionsFor(owned.lock),
        );
        for (const record of records) recorder.add(record);
        const { text } = run;
        const moved = text && this.#movedText && { text: { ...text, ...this.#movedText } };
        recorder.update({ sampling: this.#session.description.sampling, ...moved });
        await recorder.close();
        if (moved !== undefined) this.#keeper.noteChange(folder);
      } finally {
        await owned.lock.release();
      }
    } catch {
      // The run itself is on the disk: what is lost is little, and most of it can be found out again.
    }
  }
}

/** Where the text of a run is, for its `run.json`. */
export function textOf({ uri, description }: Session): NonNullable<RunChange['text']> {
  return { uri: uri.toString(), fileName: description.fileName };
}
