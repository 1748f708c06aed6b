import { InputError } from '../common/inputError.ts';
import { counted } from '../common/written.ts';
import type { Checkpoint, CheckpointReason } from '../protocol/checkpoint.ts';
import { packEvents } from '../protocol/eventBatches.ts';
import type { RunEvent } from '../protocol/events.ts';
import type { NotFinite, Sample, SampleOptions } from '../protocol/run.ts';
import type { EndReason, StartRequest, WorkerEvent, WorkerRequest } from '../protocol/worker.ts';
import { startsPaused } from '../protocol/settings.ts';
import { DISPLAY_INTERVAL_MS } from './inspectionPace.ts';
import { Inspector } from './inspector.ts';
import type { Clock, LoopPorts } from './ports.ts';
import type { Capture } from '../protocol/study.ts';
import { CheckpointPace } from './checkpointPace.ts';
import { isFiniteNetwork } from './checkpoint.ts';
import type { TrainingRun, ValidationResult } from './run.ts';

const SAMPLE_INTERVAL_MS = 2000;
const SAMPLE_LENGTH = 300;
/** The share of the time that sampled text may take. */
const SAMPLE_SHARE = 0.02;
const MEASURING_INTERVAL_MS = 500;

type EventOfRun<E = WorkerEvent> = E extends WorkerEvent ? Omit<E, 'runId'> : never;
type GenerateRequest = Extract<WorkerRequest, { type: 'generate' }>;

/** Text that is being written: the one of every two seconds, or the reply to a request. */
interface Writing {
  readonly for: 'sample' | 'request';
  readonly steps: Generator<undefined, void>;
}

/**
 * Decides what a run computes next. Requests are looked at between any two pieces of work, each of which is at most one
 * iteration, one window of a validation or a few characters of text long.
 */
export class TrainingLoop {
  readonly #run: TrainingRun;
  readonly #runId: string;
  readonly #ports: LoopPorts;
  readonly #clock: Clock;
  readonly #inspector: Inspector;
  readonly #checkpoints: CheckpointPace;
  /** Iterations until the run pauses: 0 while paused, no end of them while running. */
  #allowance = Infinity;
  /** It was announced that the run is paused, and nothing happened since. */
  #isSettled = false;
  #isOver = false;
  /** Whoever takes the events cannot keep up with them. */
  #isHeld = false;
  #sampling: SampleOptions;
  #validation: Generator<undefined, ValidationResult> | undefined;
  /** Windows of the validation under way to measure before the next iteration. */
  #windowsOwed = 0;
  #writings: Writing[] = [];
  #hasLastSample = false;
  #rows: Float64Array[] = [];
  /** Time spent on iterations alone. */
  #elapsedMs: number;
  #nextShowAtMs = -Infinity;
  #nextSampleAtElapsedMs = 0;
  #nextMeasuringAtMs = -Infinity;
  /** The next iteration was captured: its step norms are wanted too, with cosines. */
  #isNextInspected = false;
  /** Of a run that is over: the network as it ended. */
  #lastCapture: Capture | undefined;

  constructor(run: TrainingRun, request: StartRequest, ports: LoopPorts, clock: Clock) {
    const { runId, inspection, from, checkpointSeconds } = request;
    this.#run = run;
    this.#runId = runId;
    this.#ports = ports;
    this.#clock = clock;
    this.#inspector = new Inspector(run, inspection ?? 'display', clock, (events) => this.#sendMeasured(events));
    this.#sampling = { prompt: '', length: SAMPLE_LENGTH, temperature: run.settings.temperature, topK: 0 };
    // What a run begins with may be on no disk yet.
    const savedAt = run.iterations === 0 ? undefined : run.iterations;
    this.#checkpoints = new CheckpointPace(checkpointSeconds, savedAt, clock);
    this.#elapsedMs = run.iterations > 0 ? (from?.checkpoint.elapsedMs ?? 0) : 0;
    this.#windowsOwed = run.validationPace;
    if (from?.isPaused ?? startsPaused(run.settings)) this.#allowance = 0;
  }

  /** Trains until the run is over, then still writes text on request, until the ports close. */
  run(): void {
    const { facts, text, vocabulary, iterations, firstWindow } = this.#run;
    this.#send({ type: 'started', facts, text, vocabulary, iterations, ...firstWindow });
    if (this.#allowance > 0) this.#send({ type: 'state', state: 'running' });
    do {
      do this.#handleRequests();
      while (this.#advance());
    } while (this.#ports.wait());
  }

  #handleRequests(): void {
    for (let request = this.#ports.receive(); request !== undefined; request = this.#ports.receive()) {
      if (request.runId === this.#runId) this.#handle(request);
    }
  }

  #handle(request: WorkerRequest): void {
    switch (request.type) {
      case 'start':
      case 'load':
        // A thread trains one run; what it was started with cannot be changed any more.
        return;
      case 'pause':
        this.#allowance = 0;
        return;
      case 'resume':
        return this.#resume();
      case 'hold':
      case 'release':
        this.#isHeld = request.type === 'hold';
        return;
      case 'step':
        this.#allowance = this.#allowance === Infinity ? 1 : this.#allowance + 1;
        this.#isSettled = false;
        return;
      case 'stop':
        if (!this.#isOver) this.#end('stopped');
        return;
      case 'generate':
        this.#writings.push({ for: 'request', steps: this.#generate(request) });
        return;
      case 'sampling':
        return this.#changeSampling(request.options);
      case 'capture':
        this.#isNextInspected = !this.#isOver;
        return this.#send({
          type: 'captured',
          requestId: request.requestId,
          // What is sent moves to the other side: of the network as it ended a copy.
          capture: structuredClone(this.#lastCapture) ?? this.#run.capture(),
        });
      case 'checkpoint':
        return this.#sendCheckpoint('request', this.#run.checkpoint(this.#elapsedMs), request.requestId);
      case 'excerpt':
        if (!this.#isOver) this.#send({ type: 'excerpt', excerpt: this.#run.excerpt() });
        return;
      default:
        return request satisfies never;
    }
  }

  /** Does one piece of work; returns false when there is none before the next request. */
  #advance(): boolean {
    const isPaused = this.#allowance === 0 && !this.#isOver;
    if (isPaused && !this.#isSettled) this.#settle();
    if (this.#writings.length > 0) this.#advanceWriting();
    else if (this.#isOver || isPaused || this.#isHeld) return false;
    else if (this.#validation !== undefined && this.#isValidationFirst()) this.#advanceValidation(this.#validation);
    else if (this.#validation === undefined && this.#run.isValidationDue) this.#beginValidation();
    else if (!this.#run.isComplete) this.#iterate();
    else if (!this.#hasLastSample) this.#beginLastSample();
    else this.#end('finished');
    return true;
  }

  #iterate(): void {
    const startedAt = this.#clock.nowMs();
    // What is said of a run that is over is said of it as it ended.
    const isMeasuringDue = startedAt >= this.#nextMeasuringAtMs || this.#run.isNextLast;
    const { row, notFinite, measured } = this.#run.iterate({ measures: isMeasuringDue });
    const endedAt = this.#clock.nowMs();
    this.#elapsedMs += endedAt - startedAt;
    this.#rows.push(row);
    if (notFinite !== undefined) return this.#pauseAt(notFinite);
    this.#allowance--;
    this.#windowsOwed = this.#run.validationPace;
    const { isComplete } = this.#run;
    // After the last iteration there is nothing left to pause before: a step then leads to the end.
    if (isComplete) this.#allowance = Infinity;
    this.#inspector.iterated(endedAt);
    if (this.#checkpoints.isDue) this.#saveCheckpoint('interval');
    if (isComplete || this.#isNextInspected) this.#inspect();
    else if (endedAt >= this.#nextShowAtMs) this.#show(endedAt);
    if (measured.length > 0) {
      this.#nextMeasuringAtMs = endedAt + MEASURING_INTERVAL_MS;
      this.#sendRows();
      this.#sendMeasured(measured);
    }
    if (this.#elapsedMs >= this.#nextSampleAtElapsedMs) this.#beginSample();
  }

  /**
   * A validation shares the time with training, so that the picture does not stand still for its length. How it is shared
   * depends on iterations alone, not on time, so that repeated runs validate alike.
   */
  #isValidationFirst(): boolean {
    return this.#windowsOwed > 0 || this.#run.isComplete;
  }

  #beginValidation(): void {
    this.#validation = this.#run.validate(this.#checkpoints.areWanted ? this.#elapsedMs : undefined);
  }

  #advanceValidation(validation: Generator<undefined, ValidationResult>): void {
    this.#windowsOwed--;
    const next = validation.next();
    if (next.done !== true) return;
    this.#validation = undefined;
    const { iteration, lossNats } = next.value.validation;
    this.#sendRows();
    if (Number.isFinite(lossNats)) {
      this.#sendMeasured([{ type: 'validation', value: next.value.validation }]);
      if (next.value.best !== undefined) this.#sendCheckpoint('best', next.value.best);
      return;
    }
    const message = `The validation loss after ${counted(iteration, 'iteration')} is not finite (${lossNats}). Start again with a lower learning rate.`;
    this.#pauseAt({ iteration, quantity: 'loss', timeStep: null, message });
  }

  #advanceWriting(): void {
    if (this.#writings[0].steps.next().done === true) this.#writings.shift();
  }

  /** The text that is sampled every two seconds of training, unless the one before is not finished yet. */
  #beginSample(): void {
    if (this.#writings.some((writing) => writing.for === 'sample')) return;
    this.#writings.push({ for: 'sample', steps: this.#sample() });
  }

  #beginLastSample(): void {
    this.#hasLastSample = true;
    this.#beginSample();
  }

  *#sample(): Generator<undefined, void> {
    const startedAt = this.#clock.nowMs();
    const result = yield* this.#write(this.#sampling);
    const tookMs = this.#clock.nowMs() - startedAt;
    this.#nextSampleAtElapsedMs = this.#elapsedMs + Math.max(SAMPLE_INTERVAL_MS, tookMs / SAMPLE_SHARE);
    // A network whose outputs are not finite writes nothing; the next iteration or validation says where it went wrong.
    if (!result.ok) return;
    this.#sendRows();
    this.#sendMeasured([{ type: 'sample', value: result.sample }]);
  }

  *#generate({ requestId, options }: GenerateRequest): Generator<undefined, void> {
    const result = yield* this.#write(options);
    this.#send({ type: 'generated', requestId, result });
  }

  *#write(options: SampleOptions): Generator<undefined, { ok: true; sample: Sample } | { ok: false; message: string }> {
    try {
      return { ok: true, sample: yield* this.#run.write(options) };
    } catch (error) {
      if (error instanceof InputError) return { ok: false, message: error.message };
      throw error;
    }
  }

  /** A prompt that cannot be read leaves the options as they were. */
  #changeSampling(options: SampleOptions): void {
    try {
      this.#run.checkPrompt(options.prompt);
    } catch (error) {
      if (error instanceof InputError) return;
      throw error;
    }
    this.#sampling = options;
    // A text under way still follows the earlier options.
    this.#writings = this.#writings.filter((writing) => writing.for === 'request');
    if (!this.#isOver) this.#beginSample();
  }

  #resume(): void {
    this.#allowance = Infinity;
    if (this.#isSettled && !this.#isOver) this.#send({ type: 'state', state: 'running' });
    this.#isSettled = false;
  }

  #pauseAt(notFinite: NotFinite): void {
    this.#allowance = 0;
    this.#settle(notFinite);
  }

  #settle(notFinite?: NotFinite): void {
    this.#inspect();
    this.#send({ type: 'state', state: 'paused', ...(notFinite && { notFinite }) });
    this.#saveCheckpoint('pause');
    this.#isSettled = true;
  }

  #end(reason: EndReason): void {
    this.#inspect();
    this.#saveCheckpoint('end');
    this.#lastCapture = this.#run.capture();
    this.#isOver = true;
    this.#validation = undefined;
    this.#run.close();
    this.#writings = this.#writings.filter((writing) => writing.for === 'request');
    const charactersPerSecond = this.#elapsedMs > 0 ? (this.#run.characters / this.#elapsedMs) * 1000 : 0;
    this.#send({ type: 'ended', reason, iterations: this.#run.iterations, charactersPerSecond });
  }

  /** Sends the rows that wait, then the inspection of the last iteration, if it was not inspected yet. */
  #inspect(): void {
    this.#isNextInspected = false;
    this.#sendRows();
    this.#inspector.settle();
  }

  /** Sends the rows that wait and, where its turn has come, an inspection. */
  #show(nowMs: number): void {
    this.#nextShowAtMs = nowMs + DISPLAY_INTERVAL_MS;
    this.#sendRows();
    this.#inspector.show(nowMs);
  }

  /** Sends the network as it is, unless it was sent since the last iteration; at the end a validation may have come since. */
  #saveCheckpoint(reason: CheckpointReason): void {
    if (!this.#checkpoints.areWanted) return;
    if (reason !== 'end' && this.#checkpoints.lastAt === this.#run.iterations) return;
    this.#checkpoints.saved(this.#run.iterations);
    this.#sendCheckpoint(reason, this.#run.checkpoint(this.#elapsedMs));
  }

  /** A network with numbers that are not finite is not worth keeping: the checkpoint before it is. */
  #sendCheckpoint(reason: CheckpointReason, checkpoint: Checkpoint, requestId?: number): void {
    if (!isFiniteNetwork(checkpoint)) return;
    this.#sendRows();
    this.#send({ type: 'checkpoint', reason, checkpoint, ...(requestId !== undefined && { requestId }) });
  }

  #sendRows(): void {
    if (this.#rows.length === 0) return;
    const columns = this.#rows[0].length;
    const rows = new Float64Array(this.#rows.length * columns);
    this.#rows.forEach((row, index) => rows.set(row, index * columns));
    const firstIteration = this.#run.iterations - this.#rows.length;
    const { epoch, characters } = this.#run;
    this.#send({ type: 'progress', firstIteration, rows, epoch, characters, elapsedMs: this.#elapsedMs });
    this.#rows = [];
  }

  #sendMeasured(events: readonly RunEvent[]): void {
    this.#send({ type: 'measured', events: packEvents(events) });
  }

  #send(event: EventOfRun): void {
    this.#ports.send({ ...event, runId: this.#runId });
  }
}
