import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import * as v from 'valibot';
import type { Disposable } from '../common/disposable.ts';
import { WorkerEvent, type WorkerRequest } from '../protocol/worker.ts';
import { failureReason } from '../common/failureReason.ts';
import { createControlWord, ring, type ThreadData } from './threadPorts.ts';

export interface TrainerListeners {
  event(event: WorkerEvent): void;
  /** The thread is gone, or cannot be understood; nothing comes from it any more. */
  failed(reason: string): void;
}

export interface TrainerOptions {
  /** Whether other work on the machine goes first: an editor stays fluent while every core trains. Takes effect on Linux. */
  readonly isPatient?: boolean;
}

/**
 * The handle of a training thread, which trains one run: the one that is started first. After the run's end the thread
 * still generates text on request, until it is disposed of; it then no longer keeps the process alive.
 */
export class Trainer implements Disposable {
  readonly #worker: Worker;
  readonly #control = createControlWord();
  readonly #listeners: TrainerListeners;
  #runId: string | undefined;
  #thrown: string | undefined;
  #isOver = false;

  /** @param workerPath the bundle of worker.ts, in the folder of all bundles. */
  constructor(workerPath: string, listeners: TrainerListeners, { isPatient = false }: TrainerOptions = {}) {
    this.#listeners = listeners;
    const workerData: ThreadData = { control: this.#control, folder: dirname(workerPath), isPatient };
    this.#worker = new Worker(workerPath, { workerData });
    this.#worker.on('message', (message: unknown) => this.#receive(message));
    this.#worker.on('messageerror', (error) => this.#fail(failureReason(error)));
    // An error overtakes the last messages; they have all arrived when the thread's exit is reported.
    this.#worker.on('error', (error) => (this.#thrown = failureReason(error)));
    this.#worker.on('exit', (code) => {
      this.#fail(this.#thrown ?? `The training thread ended unexpectedly, with exit code ${code}.`);
    });
  }

  post(request: WorkerRequest): void {
    if (request.type === 'start' || request.type === 'load') this.#runId ??= request.runId;
    this.#worker.postMessage(request);
    ring(this.#control);
  }

  /** Ends the thread at once, whatever it does; listeners hear nothing any more. */
  dispose(): void {
    this.#isOver = true;
    void this.#worker.terminate();
  }

  #receive(message: unknown): void {
    if (this.#isOver) return;
    const parsed = v.safeParse(WorkerEvent, message);
    if (!parsed.success) {
      const issue = parsed.issues[0];
      const where = v.getDotPath(issue) ?? 'the message itself';
      return this.#fail(`The training thread sent a message that is not understood (${where}: ${issue.message}).`);
    }
    const event = parsed.output;
    if (event.runId !== this.#runId) return;
    // A refused thread has nothing left to do; one whose run is over may still generate text, but holds nobody up.
    if (event.type === 'refused') this.dispose();
    if (event.type === 'ended') this.#worker.unref();
    this.#listeners.event(event);
  }

  #fail(reason: string): void {
    if (this.#isOver) return;
    this.dispose();
    this.#listeners.failed(reason);
  }
}
