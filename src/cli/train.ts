import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { unpackInspections, type InspectionBatch } from '../protocol/batches.ts';
import { METRIC_NAMES, type RunFacts } from '../protocol/run.ts';
import type { WorkerEvent } from '../protocol/worker.ts';
import { Trainer } from '../training/trainer.ts';
import type { TrainCommand } from './arguments.ts';
import { CommandError, EXIT } from './errors.ts';
import { EventLog, type End } from './eventLog.ts';
import { checkReadable, isSameFile } from './files.ts';
import { onInterruption } from './interruption.ts';
import { Report, type Screen } from './report.ts';

/** What the command line gives a command. */
export interface TrainEnvironment {
  /** The bundle of the training thread. */
  readonly workerPath: string;
  readonly screen: Screen;
  readonly nowMs: () => number;
  print(text: string): void;
  /** Calls back when nobody reads the program's output any more. */
  onOutputClosed(listener: () => void): void;
  /** Ends the process at once. */
  exit(code: number): void;
}

const RUN_ID = 'headless';

/**
 * Trains on a file until the run is over or interrupted; returns the exit code.
 * @throws {CommandError | InputError} where the file cannot be trained on, the run fails or its events cannot be written.
 */
export async function train(command: TrainCommand, environment: TrainEnvironment): Promise<number> {
  await checkReadable(command.file);
  if (command.eventsFile !== undefined && (await isSameFile(command.file, command.eventsFile))) {
    throw new CommandError(`--events would overwrite the text "${command.file}". Choose another file.`);
  }
  const run = new HeadlessRun(command, environment);
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

/** A training thread with its listeners: the events file and the report on the terminal. */
class HeadlessRun {
  readonly done: Promise<End>;
  readonly #command: TrainCommand;
  readonly #environment: TrainEnvironment;
  readonly #report: Report;
  readonly #trainer: Trainer;
  #log: EventLog | undefined;
  #facts: RunFacts | undefined;
  #iterations = 0;
  #characters = 0;
  #elapsedMs = 0;
  #isInterrupted = false;
  #isOver = false;
  #resolve!: (end: End) => void;
  #reject!: (error: unknown) => void;

  constructor(command: TrainCommand, environment: TrainEnvironment) {
    this.#command = command;
    this.#environment = environment;
    this.#report = new Report(environment.screen, environment.nowMs);
    this.done = new Promise((succeed, reject) => {
      this.#resolve = succeed;
      this.#reject = reject;
    });
    this.#trainer = new Trainer(environment.workerPath, {
      event: (event) => this.#receive(event),
      failed: (message) => void this.#finish({ reason: 'failed', message }),
    });
    const { file: name, settings, maxIterations, inspection } = command;
    const limit = maxIterations === undefined ? {} : { maxIterations };
    const file = { path: resolve(name) };
    const cacheFolder = tmpdir();
    this.#trainer.post({ type: 'start', runId: RUN_ID, settings, name, file, cacheFolder, inspection, ...limit });
  }

  /** Ends the run after the iteration under way, or the reading of the file. */
  interrupt(): void {
    if (this.#isInterrupted || this.#isOver) return;
    this.#isInterrupted = true;
    this.#trainer.post({ type: 'stop', runId: RUN_ID });
  }

  #receive(event: WorkerEvent): void {
    if (this.#isOver) return;
    switch (event.type) {
      case 'reading':
        return this.#report.reading(this.#command.file, event.progress);
      case 'started':
        return this.#start(event.facts);
      case 'refused': {
        const hint = event.remedy ? ` Try --set ${event.remedy.setting}=${event.remedy.value}.` : '';
        return this.#fail(new CommandError(event.message + hint));
      }
      case 'state':
        // Nobody is there to resume a run that paused by itself.
        if (event.notFinite) void this.#finish({ reason: 'failed', message: event.notFinite.message });
        return;
      case 'progress':
        return this.#progress(event);
      case 'inspection':
        return this.#log?.inspection(event.inspection, this.#facts?.vocabulary ?? []);
      case 'inspections':
        return this.#logAll(event.inspections);
      case 'validation':
        this.#log?.validation(event.validation);
        return this.#report.validation(event.validation);
      case 'sample':
        this.#log?.sample(event.sample);
        return this.#report.sample(event.sample);
      case 'vitals':
        return this.#log?.vitals(event.vitals);
      case 'generated':
      case 'captured':
      case 'checkpoint':
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

  #logAll(batch: InspectionBatch): void {
    for (const inspection of unpackInspections(batch)) this.#log?.inspection(inspection, this.#facts?.vocabulary ?? []);
  }

  #start(facts: RunFacts): void {
    this.#facts = facts;
    const { eventsFile, file, settings } = this.#command;
    if (eventsFile !== undefined) {
      this.#log = new EventLog(eventsFile, {
        full: () => this.#trainer.post({ type: 'pause', runId: RUN_ID }),
        drained: () => this.#trainer.post({ type: 'resume', runId: RUN_ID }),
        failed: (error) => this.#fail(error),
      });
      this.#log.start(file, settings, facts);
    }
    this.#report.started(file, facts);
  }

  #progress(event: Extract<WorkerEvent, { type: 'progress' }>): void {
    this.#log?.iterations(event);
    this.#iterations = event.firstIteration + event.rows.length / METRIC_NAMES.length;
    this.#characters = event.characters;
    this.#elapsedMs = event.elapsedMs;
    const lastRow = event.rows.subarray(-METRIC_NAMES.length);
    this.#report.progress(event, lastRow[METRIC_NAMES.indexOf('lossNats')], this.#iterations);
  }

  async #finish(outcome: Pick<End, 'reason' | 'message'>): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#trainer.dispose();
    this.#report.close();
    const end: End = {
      ...outcome,
      iterations: this.#iterations,
      charactersPerSecond: this.#elapsedMs > 0 ? (this.#characters / this.#elapsedMs) * 1000 : 0,
      elapsedSeconds: this.#elapsedMs / 1000,
    };
    this.#log?.end(end);
    await this.#log?.close();
    if (this.#facts !== undefined) this.#environment.print(this.#report.summary(end));
    this.#resolve(end);
  }

  #fail(error: CommandError): void {
    this.#isOver = true;
    this.#trainer.dispose();
    this.#report.close();
    this.#reject(error);
  }
}
