import { dirname } from 'node:path';
import type { Disposable } from '../common/disposable.ts';
import {
  StudyEvent,
  type Answer,
  type Answered,
  type Asks,
  type Measure,
  type Question,
  type StudyRequest,
} from '../protocol/measures.ts';
import type { Baselines, Capture, Excerpt } from '../protocol/study.ts';
import { failureReason } from '../threads/failureReason.ts';
import { OpenQuestions } from '../threads/openQuestions.ts';
import { Thread } from '../threads/thread.ts';

export interface StudyListeners {
  /** How far the baselines are. */
  baselines(baselines: Baselines): void;
  /** The thread is gone, or cannot be understood; everything that was asked is rejected with this reason. */
  failed(reason: string): void;
}

/** The handle of a study thread, which looks into the network of one run. */
export class Study implements Disposable {
  readonly #thread: Thread<StudyRequest, StudyEvent>;
  readonly #runId: string;
  readonly #listeners: StudyListeners;
  readonly #questions = new OpenQuestions<Answered>();
  /** Why nothing can be asked any more. */
  #over: string | undefined;

  /** @param path the bundle of worker.ts, in the folder of all bundles. */
  constructor(path: string, runId: string, listeners: StudyListeners) {
    this.#runId = runId;
    this.#listeners = listeners;
    const workerData = { folder: dirname(path) };
    const failure = (thrown: unknown): string => failureReason('The study of this run', thrown);
    this.#thread = new Thread(
      { path, workerData, name: 'study', schema: StudyEvent, failure },
      { message: (event) => this.#receive(event), gone: (reason) => this.#fail(reason) },
    );
  }

  /** Keeps a captured window, to be asked about; a copy of it is sent. */
  take(capture: Capture): void {
    this.#thread.post({ type: 'capture', runId: this.#runId, capture });
  }

  takeExcerpt(excerpt: Excerpt): void {
    this.#thread.post({ type: 'excerpt', runId: this.#runId, excerpt });
  }

  /** Rejects, with a message for the person, where the question cannot be answered. */
  async ask<M extends Measure>(measure: M, asks: Asks<M>): Promise<Answer<M>> {
    if (this.#over !== undefined) throw new Error(this.#over);
    const question = { ...asks, measure } as unknown as Question;
    const answered = await this.#questions.ask((requestId) =>
      this.#thread.post({ type: 'ask', runId: this.#runId, requestId, question }),
    );
    return answerTo(measure, answered);
  }

  /** Ends the thread at once; what was asked is rejected. */
  dispose(): void {
    this.#end('The study of this run has ended.');
  }

  #receive(event: StudyEvent): void {
    if (event.type === 'baselinesProgress') this.#listeners.baselines(event.baselines);
    else if (event.type === 'unanswered') this.#questions.reject(event.requestId, event.message);
    else this.#questions.resolve(event.requestId, event);
  }

  #fail(reason: string): void {
    this.#end(reason);
    this.#listeners.failed(reason);
  }

  #end(reason: string): void {
    this.#over ??= reason;
    this.#thread.dispose();
    this.#questions.rejectAll(this.#over);
  }
}

/** @throws {Error} where it is the answer to another measure, of which nothing could be shown. */
function answerTo<M extends Measure>(measure: M, answered: Answered): Answer<M> {
  if (answered.measure !== measure) {
    throw new Error(`The study thread was asked for ${measure} and answered with ${answered.measure}.`);
  }
  // The message was checked with the schema of the measure that it names.
  return answered.answer as Answer<M>;
}
