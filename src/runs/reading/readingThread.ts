import { Worker } from 'node:worker_threads';
import type { Disposable } from '../../common/disposable.ts';
import { InputError } from '../../common/inputError.ts';
import { RunHistory } from '../../history/history.ts';
import type { StoredRun } from '../../protocol/storedRun.ts';
import type { FolderExport } from '../export/folderExport.ts';
import type { FollowPlace } from './runFollower.ts';
import type { ReadRun } from './runReader.ts';
import { unpacked } from './packedRun.ts';
import type { News, Question, Questions, ReadingAnswer, ReadingRequest } from './answer.ts';

/** After so long without a question the thread ends, and its memory is free. */
const IDLE_MS = 30_000;
const OVER = 'The reading of runs has ended.';

interface Waiting {
  readonly request: ReadingRequest;
  readonly resolve: (value: Questions[Question]['answer']) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Reads runs in a thread of its own, since somebody else may have filled their folders: to parse and to check what a file may hold at most
 * would hold up every other extension. The thread starts with the first question. It gets one question at a time, so that no two answers are
 * taken up at once.
 */
export class ReadingThread implements Disposable {
  readonly #path: string;
  #worker: Worker | undefined;
  #waiting: Waiting[] = [];
  #asked: Waiting | undefined;
  #nextRequestId = 1;
  #idle: NodeJS.Timeout | undefined;
  #isOver = false;
  readonly #others = new Set<ReadingThread>();

  /** @param path of the bundle of worker.ts. */
  constructor(path: string) {
    this.#path = path;
  }

  /** As `readRunFile`. */
  async readRunFile(folder: string): Promise<StoredRun> {
    return unpacked(await this.#ask(folder, 'run.json', undefined));
  }

  /** As `readRun`. */
  async readRun(folder: string, { upTo = Infinity }: { readonly upTo?: number } = {}): Promise<ReadRun> {
    const { history, run, ...read } = await this.#ask(folder, 'run', { upTo });
    return { ...read, run: unpacked(run), history: new RunHistory(history) };
  }

  /** What is new of a run since a place, as `RunFollower.poll`. */
  news(folder: string, from: FollowPlace): Promise<News> {
    return this.#ask(folder, 'news', { from });
  }

  /** As `exportFolder`. */
  exportFolder(folder: string, asked: FolderExport): Promise<readonly string[]> {
    return this.#ask(folder, 'export', asked);
  }

  /** Lets another thread be used for something long, for which nobody shall wait; it ends with it, or with this one. */
  async another<R>(use: (thread: ReadingThread) => Promise<R>): Promise<R> {
    if (this.#isOver) throw new Error(OVER);
    const thread = new ReadingThread(this.#path);
    this.#others.add(thread);
    try {
      return await use(thread);
    } finally {
      this.#others.delete(thread);
      thread.dispose();
    }
  }

  /** Ends the thread; what was asked is rejected. */
  dispose(): void {
    this.#isOver = true;
    for (const other of this.#others) other.dispose();
    this.#end(OVER);
  }

  #ask<Q extends Question>(folder: string, what: Q, asked: Questions[Q]['asked']): Promise<Questions[Q]['answer']> {
    if (this.#isOver) return Promise.reject(new Error(OVER));
    return new Promise((resolve, reject) => {
      const request: ReadingRequest = { requestId: this.#nextRequestId++, folder, what, asked };
      this.#waiting.push({ request, resolve: (value) => resolve(value), reject });
      this.#next();
    });
  }

  #next(): void {
    if (this.#asked !== undefined) return;
    clearTimeout(this.#idle);
    this.#asked = this.#waiting.shift();
    if (this.#asked === undefined) {
      // A thread that waits for questions keeps no process alive.
      this.#worker?.unref();
      this.#idle = setTimeout(() => this.#end('The reading thread had nothing to do.'), IDLE_MS).unref();
      return;
    }
    const worker = (this.#worker ??= this.#started());
    worker.ref();
    worker.postMessage(this.#asked.request);
  }

  #started(): Worker {
    const worker = new Worker(this.#path);
    let thrown = 'it ended unexpectedly';
    worker.on('message', (message: ReadingAnswer) => worker === this.#worker && this.#take(message));
    worker.on('error', (error) => (thrown = error instanceof Error ? error.message.split('\n', 1)[0] : String(error)));
    worker.on('exit', () => worker === this.#worker && this.#end(`The run could not be read: ${thrown}.`));
    return worker;
  }

  #take(message: ReadingAnswer): void {
    const asked = this.#asked;
    if (asked === undefined || message.requestId !== asked.request.requestId) return;
    this.#asked = undefined;
    if (message.ok) asked.resolve(message.value);
    else asked.reject(errorOf(message));
    this.#next();
  }

  /** What was asked is rejected: it may be what ended the thread. What waits is asked of the next one. */
  #end(reason: string): void {
    const [worker, asked] = [this.#worker, this.#asked];
    clearTimeout(this.#idle);
    this.#worker = undefined;
    this.#asked = undefined;
    void worker?.terminate();
    asked?.reject(new InputError(reason));
    if (this.#isOver) for (const { reject } of this.#waiting.splice(0)) reject(new Error(reason));
    if (this.#waiting.length > 0) this.#next();
  }
}

function errorOf({ message, isInputError, code }: Extract<ReadingAnswer, { ok: false }>): Error {
  if (isInputError) return new InputError(message);
  return Object.assign(new Error(message), code !== undefined && { code });
}
