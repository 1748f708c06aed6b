import { InputError } from '../../common/inputError.ts';
import type { CheckpointReason } from '../../protocol/checkpoint.ts';
import { networkOf } from '../../network/network.ts';
import { unpackEvents } from '../../protocol/eventBatches.ts';
import { DEFAULT_METRICS_BYTES } from '../../protocol/runsSettings.ts';
import { isOwnValidation, type StoredRun, type StoredText } from '../../protocol/storedRun.ts';
import type { WorkerEvent } from '../../protocol/worker.ts';
import { CheckpointFolder, type CheckpointInfo } from '../disk/checkpoints.ts';
import { columnsOf } from '../format/columns.ts';
import { CompactionStopped } from './compaction.ts';
import { diskFiles, type RunFiles } from '../disk/files.ts';
import { copyText, type TextOutcome, type TextToKeep, tooLittleRoom } from '../disk/keptText.ts';
import { runAfter } from './recordedRun.ts';
import { fileOf, type RunRecord } from '../format/records.ts';
import type { CompactionRequest, RecordStream } from './recordStream.ts';
import { writeRunFile } from '../format/runFile.ts';
import { makeRunFolder, takeBackRunFolder, type RecordStreams } from './runFolder.ts';
import { noRoomForText, Troubles } from '../disk/troubles.ts';
import { type CheckpointEvent, WaitingCheckpoints } from './waitingCheckpoints.ts';

export interface RecorderOptions {
  /** For a person: called once for each kind of trouble, and again only after everything could be written in between. */
  readonly onProblem: (message: string) => void;
  /** A checkpoint is in place. */
  readonly onCheckpoint?: ((info: CheckpointInfo, reason: CheckpointReason) => void) | undefined;
  /** Asked before every write: whether the folder still belongs to this recorder's owner. Until it says so again, nothing is written. */
  readonly mayWrite?: (() => Promise<boolean>) | undefined;
  /** The file `metrics` is written anew in less room when it has so many bytes. */
  readonly metricsBytes?: number | undefined;
  readonly files?: RunFiles | undefined;
  /** Milliseconds since 1970. */
  readonly nowMs?: (() => number) | undefined;
}

/** Rows and measurements wait so long for others, to be written together. */
const WRITE_MS = 1000;
/** After a write that failed, the next try comes so much later: it may be a checkpoint on a full disk. */
const RETRY_MS = 10_000;
/** Samples may have so many; measured text is thinned as it comes, and few runs reach it. */
const SAMPLES_BYTES = 12 * 2 ** 20;
/** `run.json` says at least so often how far the run is. */
const RUN_FILE_MS = 15_000;

/**
 * Writes a run's folder while the run goes on: the events of training go in, nothing waits for the disk. One process may have a
 * recorder of a run at a time. Writes that fail leave what is there intact, and are tried again.
 *
 * Everything goes to the disk in one queue of writes, each of which takes all that came since the one before: records first, and
 * only when these are safe the checkpoints that came after them, then `run.json`.
 */
export class RunRecorder {
  readonly #folder: string;
  readonly #files: RunFiles;
  readonly #onCheckpoint: RecorderOptions['onCheckpoint'];
  readonly #mayWrite: () => Promise<boolean>;
  readonly #metricsBytes: number;
  readonly #nowMs: () => number;
  readonly #troubles: Troubles;
  readonly #metrics: RecordStream;
  readonly #samples: RecordStream;
  readonly #checkpointFolder: CheckpointFolder;
  readonly #checkpoints = new WaitingCheckpoints();
  #run: StoredRun;
  #isRunWritten = true;
  #runWrittenMs: number;
  #timer: NodeJS.Timeout | undefined;
  /** The write that is to begin, if one is. */
  #next: Promise<boolean> | undefined;
  #last: Promise<boolean> = Promise.resolve(true);
  #hasFailed = false;
  #closing: Promise<boolean> | undefined;
  #isAbandoned = false;

  private constructor(
    folder: string,
    run: StoredRun,
    streams: RecordStreams,
    {
      files = diskFiles,
      onProblem,
      onCheckpoint,
      mayWrite = () => Promise.resolve(true),
      metricsBytes = DEFAULT_METRICS_BYTES,
      nowMs = Date.now,
    }: RecorderOptions,
  ) {
    this.#folder = folder;
    this.#run = run;
    this.#files = files;
    this.#onCheckpoint = onCheckpoint;
    this.#mayWrite = mayWrite;
    this.#metricsBytes = metricsBytes;
    this.#nowMs = nowMs;
    this.#troubles = new Troubles(folder, onProblem);
    this.#metrics = streams.metrics;
    this.#samples = streams.samples;
    this.#checkpointFolder = new CheckpointFolder(folder, files);
    this.#runWrittenMs = nowMs();
  }

  /**
   * Makes the folder of a new run.
   * @throws {InputError} where there is a run already, or the folder cannot be written.
   */
  static async create(folder: string, run: StoredRun, options: RecorderOptions): Promise<RunRecorder> {
    return new RunRecorder(folder, run, await makeRunFolder(folder, run, options.files), options);
  }

  /**
   * Goes on with a run from iteration `iterations`. What was recorded beyond becomes void, and checkpoints beyond are removed.
   * @throws {InputError} where the records are of another version or the folder cannot be written.
   */
  static async continueAt(
    folder: string,
    run: StoredRun,
    iterations: number,
    options: RecorderOptions,
  ): Promise<RunRecorder> {
    return new RunRecorder(folder, run, await takeBackRunFolder(folder, run, iterations, options.files), options);
  }

  /** `run.json` as it is, or will be after the next write. */
  get run(): StoredRun {
    return this.#run;
  }

  /**
   * Takes what is to be kept of an event: rows, measurements, checkpoints, and what of it belongs into `run.json` (facts,
   * vocabulary, state, iterations, best validation, end). Others, and those of another run, change nothing.
   */
  receive(event: WorkerEvent): void {
    if (event.runId !== this.#run.runId || this.#closing !== undefined) return;
    this.#runChanged(runAfter(this.#run, event, () => new Date(this.#nowMs()).toISOString()));
    switch (event.type) {
      case 'progress':
        this.add({ ...event, type: 'rows', columns: columnsOf(networkOf(this.#run.settings)).rows });
        break;
      case 'measured':
        for (const measured of unpackEvents(event.events)) this.add(measured);
        break;
      case 'checkpoint':
        this.#takeCheckpoint(event);
        break;
      case 'started':
      case 'state':
      case 'ended':
        this.#addLeft();
        this.#writeSoon(0);
        break;
      case 'captured':
      case 'excerpt':
      case 'generated':
      case 'reading':
      case 'refused':
        break;
    }
  }

  /** Records what does not come from the training thread. */
  add(record: RunRecord): void {
    if (this.#closing !== undefined) return;
    const stream = fileOf(record) === 'samples' ? this.#samples : this.#metrics;
    if (stream.add(record) > 0) this.#troubles.gaveUp();
    this.#writeSoon();
  }

  /** Changes `run.json`. */
  update(change: Partial<StoredRun>): void {
    if (this.#closing !== undefined) return;
    this.#run = { ...this.#run, ...change };
    this.#isRunWritten = false;
    this.#writeSoon(0);
  }

  /**
   * Puts the text's bytes into the folder, and says so in `run.text`; not if they are no longer those that are expected, nor where
   * they would take the room that checkpoints need.
   */
  async keepText(
    source: TextToKeep,
    expected: Pick<StoredText, 'sha256' | 'bytes'> | undefined = this.#run.text,
  ): Promise<TextOutcome> {
    if (expected === undefined) throw new TypeError('a text is kept only once it is known which one was trained on');
    try {
      const free = await tooLittleRoom(this.#folder, expected.bytes, this.#run, this.#files);
      if (free !== undefined) {
        this.#troubles.leftOut(noRoomForText(this.#folder, expected.bytes, free));
        return 'left out';
      }
      if (!(await copyText(this.#folder, source, expected, this.#files))) return 'changed';
    } catch (error) {
      this.#troubles.failed(error);
      return 'left out';
    }
    const { text } = this.#run;
    if (text !== undefined) this.update({ text: { ...text, isKept: true } });
    return 'kept';
  }

  /** @returns whether all that came so far is on the device. */
  flush(): Promise<boolean> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#next === undefined) {
      this.#next = this.#last.then(() => this.#write());
      this.#last = this.#next;
    }
    return this.#next;
  }

  /** As {@link flush}, and files that have grown too long are written anew: for whoever has the time. */
  async settle(): Promise<boolean> {
    const isWritten = await this.flush();
    await this.#last;
    return isWritten;
  }

  /**
   * Writes what is left; nothing is taken after that. A file that is being written anew stays as it was.
   * @returns whether all is on the device. What is not is lost.
   */
  close(): Promise<boolean> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /**
   * Writes no more, for a run that somebody else owns now: what waits is dropped, and what is being written ends first.
   */
  async abandon(): Promise<void> {
    this.#isAbandoned = true;
    await this.close();
  }

  async #close(): Promise<boolean> {
    this.#addLeft();
    const isWritten = await this.flush();
    clearTimeout(this.#timer);
    for (const stream of [this.#metrics, this.#samples]) await stream.close().catch(() => undefined);
    return isWritten;
  }

  #takeCheckpoint(event: CheckpointEvent): void {
    this.#checkpoints.add(event);
    this.#isRunWritten = false;
    this.#writeSoon(0);
  }

  #runChanged(run: StoredRun): void {
    if (run === this.#run) return;
    // Rows alone are no reason to replace the file many times a second.
    const isDue = run.changedAt !== this.#run.changedAt || run.best !== this.#run.best || run.facts !== this.#run.facts;
    this.#run = run;
    if (isDue || this.#nowMs() - this.#runWrittenMs >= RUN_FILE_MS) this.#isRunWritten = false;
  }

  #addLeft(): void {
    if (this.#metrics.settle() + this.#samples.settle() > 0) this.#troubles.gaveUp();
  }

  #writeSoon(delayMs = this.#hasFailed ? RETRY_MS : WRITE_MS): void {
    if (delayMs === 0) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), delayMs);
  }

  async #write(): Promise<boolean> {
    this.#next = undefined;
    if (this.#isAbandoned) return false;
    // A process that stood still for long finds another owner's bytes where its own would go.
    if (!(await this.#mayWrite())) {
      this.#hasFailed = true;
      if (this.#closing === undefined) this.#writeSoon();
      return false;
    }
    const checkpoints = this.#checkpoints.take();
    const areRowsWritten = await this.#tried(() => this.#metrics.write(() => this.#troubles.gaveUp()));
    const areSamplesWritten = await this.#tried(() => this.#samples.write(() => this.#troubles.gaveUp()));
    const areCheckpointsWritten = await this.#writeCheckpoints(checkpoints, areRowsWritten);
    const isRunWritten = this.#isRunWritten || (await this.#tried(() => this.#writeRun()));
    const isAllWritten = areRowsWritten && areSamplesWritten && areCheckpointsWritten && isRunWritten;
    this.#hasFailed = !isAllWritten;
    if (isAllWritten) this.#troubles.over();
    else if (this.#closing === undefined) this.#writeSoon();
    // Whoever waits for this write does not wait for that.
    if (isAllWritten) this.#last = this.#last.then((isWritten) => this.#compact().then(() => isWritten));
    return isAllWritten;
  }

  /** Writes what has grown too long anew in less room. */
  async #compact(): Promise<void> {
    const mayGoOn = (): boolean => this.#closing === undefined && !this.#isAbandoned;
    const request: CompactionRequest = {
      iterations: this.#run.iterations,
      checkpoints: async () => (await this.#checkpointFolder.list()).map(({ iteration }) => iteration),
      isOwn: (iteration) => isOwnValidation(this.#run, iteration),
      mayGoOn,
      mayReplace: async () => {
        if (!mayGoOn() || !(await this.#mayWrite())) throw new CompactionStopped();
      },
    };
    try {
      const isMetrics = mayGoOn() && (await this.#metrics.compact(this.#metricsBytes, request));
      const isSamples = mayGoOn() && (await this.#samples.compact(SAMPLES_BYTES, request));
      if (isMetrics || isSamples) this.#troubles.compacted();
    } catch (error) {
      this.#troubles.notCompacted(error);
    }
  }

  /** Metrics never lack rows from before a checkpoint: it waits where they could not be written. */
  async #writeCheckpoints(events: readonly CheckpointEvent[], areRowsWritten: boolean): Promise<boolean> {
    let areWritten = true;
    for (const event of events) {
      const isWritten = areRowsWritten && (await this.#tried(() => this.#writeCheckpoint(event)));
      if (!isWritten) this.#checkpoints.putBack(event);
      areWritten &&= isWritten;
    }
    return areWritten;
  }

  async #writeCheckpoint({ checkpoint, reason }: CheckpointEvent): Promise<void> {
    const { vocabulary, settings } = this.#run;
    let info: CheckpointInfo;
    try {
      info = await this.#checkpointFolder.write(checkpoint, reason, { vocabulary, settings });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      // It could never be read, however often it is tried: the network holds numbers that are not finite.
      this.#troubles.refused(error.message);
      return;
    }
    this.#troubles.accepted();
    this.#onCheckpoint?.(info, reason);
  }

  async #writeRun(): Promise<void> {
    this.#isRunWritten = true;
    try {
      await writeRunFile(this.#folder, this.#run, this.#files);
      this.#runWrittenMs = this.#nowMs();
    } catch (error) {
      this.#isRunWritten = false;
      throw error;
    }
  }

  async #tried(work: () => Promise<void>): Promise<boolean> {
    // What of a write had not begun when the run was lost is somebody else's to write.
    if (this.#isAbandoned) return false;
    try {
      await work();
      return true;
    } catch (error) {
      this.#troubles.failed(error);
      return false;
    }
  }
}
