import { METRIC_NAMES } from '../protocol/run.ts';
import type { RunFacts } from '../protocol/run.ts';
import type { WorkerEvent } from '../protocol/worker.ts';
import { decodeText } from '../text/decode.ts';
import { Trainer } from '../training/trainer.ts';
import type { TrainCommand } from './arguments.ts';
import { CommandError, EXIT } from './errors.ts';
import { EventLog, type End } from './eventLog.ts';
import { isSameFile, readInput } from './files.ts';
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
  const text = decodeText(await readInput(command.file), command.file);
  if (command.eventsFile !== undefined && (await isSameFile(command.file, command.eventsFile))) {
    throw new CommandError(`--events would overwrite the text "${command.file}". Choose another file.`);
  }
  const run = new HeadlessRun(command, text, environment);
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

  constructor(command: TrainCommand, text: string, environment: TrainEnvironment) {
    this.#command = command;
    this.#environment = environment;
    this.#report = new Report(environment.screen, environment.nowMs);
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#trainer = new Trainer(environment.workerPath, {
      event: (event) => this.#receive(event),
      failed: (message) => void this.#finish({ reason: 'failed', message }),
    });
    const { file: name, settings, maxIterations } = command;
    const limit = maxIterations === undefined ? {} : { maxIterations };
    this.#trainer.post({ type: 'start', runId: RUN_ID, settings, text, name, ...limit });
  }

  /** Ends the run after the iteration under way. */
  interrupt(): void {
    if (this.#isInterrupted || this.#isOver) return;
    this.#isInterrupted = true;
    this.#trainer.post({ type: 'stop', runId: RUN_ID });
  }

  #receive(event: WorkerEvent): void {
    if (this.#isOver) return;
    switch (event.type) {
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
      case 'validation':
        this.#log?.validation(event.validation);
        return this.#report.validation(event.validation);
      case 'sample':
        this.#log?.sample(event.sample);
        return this.#report.sample(event.sample);
      case 'generated':
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
