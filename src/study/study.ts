import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import * as v from 'valibot';
import type { Disposable } from '../common/disposable.ts';
import { failureReason } from '../common/failureReason.ts';
import {
  StudyEvent,
  type Answer,
  type Asks,
  type Measure,
  type Question,
  type StudyRequest,
} from '../protocol/measures.ts';
import type { Baselines, Capture, Excerpt } from '../protocol/study.ts';

export interface StudyListeners {
  /** How far the baselines are. */
  baselines(baselines: Baselines): void;
  /** The thread is gone, or cannot be understood; everything that was asked is rejected with this reason. */
  failed(reason: string): void;
}

/** A question that is not answered yet. */
interface OpenQuestion {
  readonly measure: Measure;
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

/** The handle of a study thread, which looks into the network of one run. */
export class Study implements Disposable {
  readonly #worker: Worker;
  readonly #runId: string;
  readonly #listeners: StudyListeners;
  readonly #open = new Map<number, OpenQuestion>();
  #nextRequestId = 1;
  #thrown: string | undefined;
  #isOver = false;

  /** @param workerPath the bundle of worker.ts, in the folder of all bundles. */
  constructor(workerPath: string, runId: string, listeners: StudyListeners) {
    this.#runId = runId;
    this.#listeners = listeners;
    this.#worker = new Worker(workerPath, { workerData: { folder: dirname(workerPath) } });
    this.#worker.on('message', (message: unknown) => this.#receive(message));
    this.#worker.on('messageerror', (error) => this.#fail(failureReason(error)));
    this.#worker.on('error', (error) => (this.#thrown = failureReason(error)));
    this.#worker.on('exit', (code) => {
      this.#fail(this.#thrown ?? `The study thread ended unexpectedly, with exit code ${code}.`);
    });
  }

  /** Keeps a captured window, to be asked about; a copy of it is sent. */
  take(capture: Capture): void {
    this.#post({ type: 'capture', runId: this.#runId, capture });
  }

  takeExcerpt(excerpt: Excerpt): void {
    this.#post({ type: 'excerpt', runId: this.#runId, excerpt });
  }

  /** Rejects, with a message for the person, where the question cannot be answered. */
  ask<M extends Measure>(measure: M, asks: Asks<M>): Promise<Answer<M>> {
    if (this.#isOver) return Promise.reject(new Error(this.#thrown ?? 'The study of this run has ended.'));
    const requestId = this.#nextRequestId++;
    return new Promise((resolve, reject) => {
      this.#open.set(requestId, { measure, resolve, reject });
      const question = { ...asks, measure } as unknown as Question;
      this.#post({ type: 'ask', runId: this.#runId, requestId, question });
    });
  }

  /** Ends the thread at once; what was asked is rejected. */
  dispose(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    void this.#worker.terminate();
    this.#rejectAll('The study of this run has ended.');
  }

  #post(request: StudyRequest): void {
    if (!this.#isOver) this.#worker.postMessage(request);
  }

  #receive(message: unknown): void {
    if (this.#isOver) return;
    const parsed = v.safeParse(StudyEvent, message);
    if (!parsed.success) {
      return this.#fail(`The study thread sent a message that is not understood: ${v.summarize(parsed.issues)}`);
    }
    const event = parsed.output;
    if (event.type === 'baselinesProgress') return this.#listeners.baselines(event.baselines);
    const asked = this.#open.get(event.requestId);
    this.#open.delete(event.requestId);
    if (event.type === 'unanswered') asked?.reject(new Error(event.message));
    else if (event.measure === asked?.measure) asked.resolve(event.answer as never);
  }

  #fail(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#thrown = reason;
    void this.#worker.terminate();
    this.#rejectAll(reason);
    this.#listeners.failed(reason);
  }

  #rejectAll(reason: string): void {
    for (const { reject } of this.#open.values()) reject(new Error(reason));
    this.#open.clear();
  }
}
