import { dirname } from 'node:path';
import type { Disposable } from '../common/disposable.ts';
import { WorkerEvent, type WorkerRequest } from '../protocol/worker.ts';
import { failureReason } from '../threads/failureReason.ts';
import { Thread } from '../threads/thread.ts';
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
  readonly #thread: Thread<WorkerRequest, WorkerEvent>;
  readonly #control = createControlWord();
  readonly #listeners: TrainerListeners;
  #runId: string | undefined;

  /** @param path the bundle of worker.ts, in the folder of all bundles. */
  constructor(path: string, listeners: TrainerListeners, { isPatient = false }: TrainerOptions = {}) {
    this.#listeners = listeners;
    const workerData: ThreadData = { control: this.#control, folder: dirname(path), isPatient };
    const failure = (thrown: unknown): string => failureReason('Training', thrown);
    this.#thread = new Thread(
      { path, workerData, name: 'training', schema: WorkerEvent, failure },
      { message: (event) => this.#receive(event), gone: (reason) => listeners.failed(reason) },
    );
  }

  post(request: WorkerRequest): void {
    if (request.type === 'start' || request.type === 'load') this.#runId ??= request.runId;
    this.#thread.post(request);
    ring(this.#control);
  }

  /** Ends the thread at once, whatever it does; listeners hear nothing any more. */
  dispose(): void {
    this.#thread.dispose();
  }

  #receive(event: WorkerEvent): void {
    if (event.runId !== this.#runId) return;
    // A refused thread has nothing left to do; one whose run is over may still generate text, but holds nobody up.
    if (event.type === 'refused') this.#thread.dispose();
    if (event.type === 'ended') this.#thread.unref();
    this.#listeners.event(event);
  }
}
