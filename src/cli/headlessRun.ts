import { tmpdir } from 'node:os';
import { unpackEvents } from '../protocol/eventBatches.ts';
import type { RunEvent } from '../protocol/events.ts';
import { RunHistory } from '../history/history.ts';
import { networkOf, type Network } from '../network/network.ts';
import { metricNamesOf, type RunFacts } from '../protocol/run.ts';
import type { RunSettings } from '../protocol/settings.ts';
import type { InspectionMode, StartingPoint, TextFile, WorkerEvent } from '../protocol/worker.ts';
import { Trainer } from '../training/trainer.ts';
import { settingsOf } from '../common/inputError.ts';
import { MAX_REASON } from '../common/limits.ts';
import { CommandError, EXIT } from './errors.ts';
import { endNotes, isJudged } from './ending.ts';
import { EventLog, type End } from './eventLog.ts';
import { onInterruption } from './interruption.ts';
import { KeptFolder, type FolderPlan } from './keptFolder.ts';
import type { Losable } from './ownership.ts';
import { Report, type Screen } from './report.ts';

/** What the command line gives a command. */
export interface TrainEnvironment {
  /** The bundle of the training thread. */
  readonly workerPath: string;
  /** The program's own. */
  readonly version: string;
  readonly screen: Screen;
  readonly nowMs: () => number;
  print(text: string): void;
  /** Calls back when nobody reads the program's output any more. */
  onOutputClosed(listener: () => void): void;
  /** Ends the process at once. */
  exit(code: number): void;
}

/** A run to train, new or gone on with. */
export interface RunPlan {
  readonly runId: string;
  /** The text as the person names it. */
  readonly file: string;
  readonly source: TextFile | { readonly text: string };
  readonly settings: RunSettings;
  readonly maxIterations: number | undefined;
  readonly inspection: InspectionMode;
  readonly eventsFile: string | undefined;
  /** The file is there: what is written follows what the run wrote before the iteration that it goes on from. */
  readonly goesOnWithEvents?: boolean;
  readonly from?: StartingPoint;
  /** What to do where the text is not the one that the run was trained on. */
  readonly textChangedHint?: string;
  readonly folder?: FolderPlan;
  /** What a person should know of the run when it starts. */
  readonly notes?: readonly string[];
}

/**
 * Trains until the run is over or interrupted; returns the exit code.
 * @throws {CommandError | InputError} where the text cannot be trained on, the run fails, or its events or its folder cannot be
 * written.
 */
export async function trainToTheEnd(
  plan: RunPlan,
  environment: TrainEnvironment,
  losable: Losable = { onLost: () => undefined },
): Promise<number> {
  const run = new HeadlessRun(plan, environment);
  losable.onLost = () => run.lose();
  const release = onInterruption(
    () => run.interrupt(),
    () => environment.exit(EXIT.interrupted),
    environment.nowMs,
  );
  environment.onOutputClosed(() => run.interrupt());
  try {
    const end = await run.done;
    if (end.reason === 'failed') throw new CommandError(end.message ?? 'The run failed.');
    return end.reason === 'interrupted' ? EXIT.interrupted : EXIT.success;
  } finally {
    release();
  }
}

/** A training thread with its listeners: the events file, the run's folder and the report on the terminal. */
class HeadlessRun {
  readonly done: Promise<End>;
  readonly #plan: RunPlan;
  readonly #environment: TrainEnvironment;
  readonly #report: Report;
  readonly #trainer: Trainer;
  readonly #kept: KeptFolder | undefined;
  #log: EventLog | undefined;
  #facts: RunFacts | undefined;
  #iterations = 0;
  #characters = 0;
  readonly #network: Network;
  /** What the end is judged by. */
  readonly #history: RunHistory;
  /** Names of the numbers of a row. */
  readonly #columns: readonly string[];
  #elapsedMs = 0;
  #isInterrupted = false;
  #isOver = false;
  #resolve!: (end: End) => void;
  #reject!: (error: unknown) => void;

  constructor(plan: RunPlan, environment: TrainEnvironment) {
    this.#plan = plan;
    this.#environment = environment;
    this.#network = networkOf(plan.settings);
    this.#history = new RunHistory(this.#network);
    this.#columns = metricNamesOf(this.#network);
    this.#report = new Report(environment.screen, environment.nowMs);
    this.done = new Promise((succeed, reject) => {
      this.#resolve = succeed;
      this.#reject = reject;
    });
    this.#kept = plan.folder && this.#keep(plan.folder);
    this.#trainer = new Trainer(environment.workerPath, {
      event: (event) => this.#receive(event),
      failed: (message) => void this.#finish({ reason: 'failed', message }),
    });
    const { runId, file: name, source, settings, maxIterations, inspection, from, folder } = plan;
    this.#trainer.post({
      type: 'start',
      runId,
      settings,
      name,
      ...('text' in source ? source : { file: source }),
      cacheFolder: tmpdir(),
      inspection,
      ...(maxIterations !== undefined && { maxIterations }),
      ...(from && { from }),
      ...(folder && { checkpointSeconds: folder.checkpointSeconds }),
    });
  }

  /** Ends the run after the iteration under way, or the reading of the file. */
  interrupt(): void {
    if (this.#isInterrupted || this.#isOver) return;
    this.#isInterrupted = true;
    this.#trainer.post({ type: 'stop', runId: this.#plan.runId });
  }

  /** Somebody else owns the run's folder now: a person took the run over, or this process was held up for long. */
  lose(): void {
    if (this.#isOver) return;
    void this.#kept?.abandon();
    this.#fail(
      new CommandError(
        `Another program took over the folder "${this.#kept?.name ?? ''}" of the run: it was told to, or this one stood still for long. See there how the run goes on.`,
      ),
    );
  }

  #keep(folder: FolderPlan): KeptFolder {
    return new KeptFolder(folder, {
      warn: (message) => this.#report.warn(message),
      checkpoint: (info, reason) => this.#log?.checkpoint(info.iteration, reason, info.bytes),
      failed: (error) => this.#fail(error),
    });
  }

  #receive(event: WorkerEvent): void {
    if (this.#isOver) return;
    this.#kept?.receive(event);
    switch (event.type) {
      case 'reading':
        return this.#report.reading(this.#plan.file, event.progress);
      case 'started':
        return this.#start(event.facts, event.iterations);
      case 'refused':
        return this.#refuse(event);
      case 'state':
        // Nobody is there to resume a run that paused by itself.
        if (event.notFinite) void this.#finish({ reason: 'failed', message: event.notFinite.message });
        return;
      case 'progress':
        return this.#progress(event);
      case 'measured':
        for (const measured of unpackEvents(event.events)) this.#measured(measured);
        return;
      case 'checkpoint':
        // The folder says when it is in place.
        return;
      case 'generated':
      case 'captured':
      case 'excerpt':
        // Only asked for by a person in VS Code.
        return;
      case 'ended': {
        const reason = event.reason === 'stopped' && this.#isInterrupted ? 'interrupted' : event.reason;
        return void this.#finish({ reason });
      }
      default:
        return event satisfies never;
    }
  }

  #refuse({ message, remedy, isTextChanged }: Extract<WorkerEvent, { type: 'refused' }>): void {
    const hint = isTextChanged === true ? this.#plan.textChangedHint : undefined;
    const setting =
      remedy &&
      `Try ${settingsOf(remedy)
        .map(([name, value]) => `--set ${name}=${value}`)
        .join(' ')}.`;
    this.#fail(new CommandError([message, hint, setting].filter((part) => part !== undefined).join(' ')));
  }

  #measured(event: RunEvent): void {
    this.#log?.event(event, { network: this.#network, symbols: this.#facts?.vocabulary ?? [] });
    if (isJudged(event)) this.#history.add(event);
    if (event.type === 'validation') this.#report.validation(event.value);
    if (event.type === 'sample') this.#report.sample(event.value);
  }

  #start(facts: RunFacts, iterations: number): void {
    this.#facts = facts;
    this.#iterations = iterations;
    this.#history.metrics.skipRows(iterations);
    const { eventsFile, file, settings, runId, from, folder } = this.#plan;
    if (eventsFile !== undefined) {
      const goesOn = this.#plan.goesOnWithEvents === true;
      this.#log = new EventLog(eventsFile, goesOn ? iterations : undefined, {
        full: () => this.#trainer.post({ type: 'hold', runId }),
        drained: () => this.#trainer.post({ type: 'release', runId }),
        failed: (error) => this.#fail(error),
      });
      if (!goesOn) this.#log.start(file, settings, facts, folder && runId);
    }
    this.#report.started(file, facts, settings, iterations);
    for (const note of this.#plan.notes ?? []) this.#report.note(note);
    const before = from?.checkpoint.kernels;
    if (before === undefined || before === facts.kernels) return;
    this.#report.warn(
      `The run goes on with the ${facts.kernels} kernels; so far it was computed with ${before}. From here on its losses may differ from those of an uninterrupted run in their last digits.`,
    );
  }

  #progress(event: Extract<WorkerEvent, { type: 'progress' }>): void {
    this.#log?.iterations(this.#network, event);
    this.#iterations = event.firstIteration + event.rows.length / this.#columns.length;
    this.#characters = event.characters;
    this.#elapsedMs = event.elapsedMs;
    this.#history.metrics.addRows(event.rows);
    const lastRow = event.rows.subarray(-this.#columns.length);
    this.#report.progress(event, lastRow[this.#columns.indexOf('lossNats')], this.#iterations);
  }

  async #finish(outcome: Pick<End, 'reason' | 'message'>): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#trainer.dispose();
    const missing = await this.#closeFolder(outcome);
    this.#report.close();
    const end: End = {
      ...outcome,
      iterations: this.#iterations,
      charactersPerSecond: this.#elapsedMs > 0 ? (this.#characters / this.#elapsedMs) * 1000 : 0,
      elapsedSeconds: this.#elapsedMs / 1000,
    };
    this.#log?.end(end);
    // A run may end before the file of its events has been found to be none.
    const unwritten = await this.#log?.close();
    if (this.#facts !== undefined) {
      const isKept = this.#kept !== undefined && missing === undefined;
      this.#environment.print(this.#report.summary(end, isKept ? this.#kept?.name : undefined, this.#notesOn(end)));
    }
    const failure = missing === undefined ? unwritten : new CommandError(missing);
    if (failure === undefined) this.#resolve(end);
    else this.#reject(failure);
  }

  #notesOn(end: End): string[] {
    const { settings, maxIterations } = this.#plan;
    if (this.#facts === undefined) return [];
    return endNotes({ end, settings, facts: this.#facts, maxIterations, history: this.#history });
  }

  /** @returns what could not be written, for a person. */
  #closeFolder({ reason, message }: Pick<End, 'reason' | 'message'>): Promise<string | undefined> | undefined {
    if (reason !== 'failed') return this.#kept?.close();
    const now = new Date().toISOString();
    return this.#kept?.close({
      state: 'failed',
      changedAt: now,
      endedAt: now,
      ...(message !== undefined && { failure: message.slice(0, MAX_REASON) }),
    });
  }

  /** Ends without a summary. */
  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#trainer.dispose();
    this.#report.close();
    const message = error instanceof Error ? error.message : String(error);
    // Why the run fails is news; what else goes wrong then is not.
    void Promise.resolve(this.#closeFolder({ reason: 'failed', message }))
      .catch(() => undefined)
      .then(() => this.#reject(error));
  }
}
