import { Worker } from 'node:worker_threads';
import * as v from 'valibot';
import { l10n } from '../common/l10n.ts';
import type { Disposable } from '../common/disposable.ts';

/** What a thread runs, and what is known of it. */
export interface ThreadProgram<Message> {
  /** Of its bundle. */
  readonly path: string;
  /** What it starts with. */
  readonly workerData?: unknown;
  /** As in `The training thread`. */
  readonly name: string;
  /** What it may send. */
  readonly schema: v.GenericSchema<unknown, Message>;
  /** Why it died, in a sentence for a person, from what it threw. */
  readonly failure: (thrown: unknown) => string;
}

export interface ThreadListeners<Message> {
  message(message: Message): void;
  /** The thread is gone, or cannot be understood; nothing comes from it any more. */
  gone(reason: string): void;
}

/** The handle of a thread: what it sends is checked, and of its end, whatever ended it, its owner hears once. */
export class Thread<Request, Message> implements Disposable {
  readonly #worker: Worker;
  readonly #program: ThreadProgram<Message>;
  readonly #listeners: ThreadListeners<Message>;
  #thrown: string | undefined;
  #isOver = false;

  constructor(program: ThreadProgram<Message>, listeners: ThreadListeners<Message>) {
    const { path, workerData, name, failure } = program;
    this.#program = program;
    this.#listeners = listeners;
    this.#worker = new Worker(path, { workerData });
    this.#worker.on('message', (message: unknown) => this.#receive(message));
    this.#worker.on('messageerror', (error) => this.#fail(failure(error)));
    // An error overtakes the last messages; they have all arrived when the thread's exit is reported.
    this.#worker.on('error', (error) => (this.#thrown = failure(error)));
    this.#worker.on('exit', (code) => {
      this.#fail(
        this.#thrown ?? l10n.t('The {name} thread ended unexpectedly, with exit code {code}.', { name, code }),
      );
    });
  }

  /** What is sent to a thread that is over is lost. */
  post(request: Request): void {
    if (!this.#isOver) this.#worker.postMessage(request);
  }

  /** The process waits for the thread, as it does from the start. */
  ref(): void {
    this.#worker.ref();
  }

  /** The thread no longer keeps the process alive. */
  unref(): void {
    this.#worker.unref();
  }

  /** Ends the thread at once, whatever it does; listeners hear nothing any more. */
  dispose(): void {
    this.#isOver = true;
    void this.#worker.terminate();
  }

  #receive(message: unknown): void {
    if (this.#isOver) return;
    const parsed = v.safeParse(this.#program.schema, message);
    if (parsed.success) return this.#listeners.message(parsed.output);
    const issue = parsed.issues[0];
    const where = v.getDotPath(issue) ?? l10n.t('the message itself');
    this.#fail(
      l10n.t('The {name} thread sent a message that is not understood ({where}: {message}).', {
        name: this.#program.name,
        where,
        message: issue.message,
      }),
    );
  }

  #fail(reason: string): void {
    if (this.#isOver) return;
    this.dispose();
    this.#listeners.gone(reason);
  }
}
