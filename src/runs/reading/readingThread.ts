import type { Disposable } from '../../common/disposable.ts';
import { InputError } from '../../common/inputError.ts';
import { RunHistory } from '../../history/history.ts';
import type { StoredRun } from '../../protocol/storedRun.ts';
import { firstLine } from '../../threads/failureReason.ts';
import { OpenQuestions } from '../../threads/openQuestions.ts';
import { Thread } from '../../threads/thread.ts';
import type { FolderExport } from '../export/folderExport.ts';
import type { Columns } from '../format/columns.ts';
import type { FollowPlace } from './runFollower.ts';
import type { ReadRun } from './runReader.ts';
import { unpacked } from './packedRun.ts';
import { ReadingAnswer, type News, type ReadingQuestion, type Questions, type ReadingRequest } from './answer.ts';

/** After so long without a question the thread ends, and its memory is free. */
const IDLE_MS = 30_000;
const OVER = 'The reading of runs has ended.';

/**
 * Reads runs in a thread of its own, since somebody else may have filled their folders: to parse and to check what a file may hold at most
 * would hold up every other extension. The thread starts with the first question. It gets one question at a time, so that no two answers are
 * taken up at once.
 */
export class ReadingThread implements Disposable {
  readonly #path: string;
  #thread: Thread<ReadingRequest, ReadingAnswer> | undefined;
  readonly #questions = new OpenQuestions<unknown>();
  readonly #waiting: ReadingRequest[] = [];
  #asked: ReadingRequest | undefined;
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

  /**
   * What is new of a run since a place, as `RunFollower.poll`.
   * @param columns that its records shall have, those of the run's network.
   */
  news(folder: string, from: FollowPlace, columns?: Columns): Promise<News> {
    return this.#ask(folder, 'news', { from, ...(columns && { columns }) });
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
    this.#waiting.length = 0;
    this.#questions.rejectAll(OVER);
  }

  async #ask<Q extends ReadingQuestion>(
    folder: string,
    what: Q,
    asked: Questions[Q]['asked'],
  ): Promise<Questions[Q]['answer']> {
    if (this.#isOver) throw new Error(OVER);
    const value = await this.#questions.ask((requestId) => {
      this.#waiting.push({ requestId, folder, what, asked });
      this.#next();
    });
    // The thread's own program made it, from files that it has checked.
    return value as Questions[Q]['answer'];
  }

  #next(): void {
    if (this.#asked !== undefined) return;
    clearTimeout(this.#idle);
    this.#asked = this.#waiting.shift();
    if (this.#asked === undefined) {
      // A thread that waits for questions keeps no process alive.
      this.#thread?.unref();
      this.#idle = setTimeout(() => this.#end('The reading thread had nothing to do.'), IDLE_MS).unref();
      return;
    }
    const thread = (this.#thread ??= this.#started());
    thread.ref();
    thread.post(this.#asked);
  }

  #started(): Thread<ReadingRequest, ReadingAnswer> {
    const failure = (thrown: unknown): string => `The run could not be read: ${firstLine(thrown)}.`;
    return new Thread(
      { path: this.#path, name: 'reading', schema: ReadingAnswer, failure },
      { message: (answer) => this.#take(answer), gone: (reason) => this.#end(reason) },
    );
  }

  #take(answer: ReadingAnswer): void {
    if (answer.requestId !== this.#asked?.requestId) return;
    this.#asked = undefined;
    if (answer.ok) this.#questions.resolve(answer.requestId, answer.value);
    else this.#questions.reject(answer.requestId, errorOf(answer));
    this.#next();
  }

  /** What was asked is rejected: it may be what ended the thread. What waits is asked of the next one. */
  #end(reason: string): void {
    const [thread, asked] = [this.#thread, this.#asked];
    clearTimeout(this.#idle);
    this.#thread = undefined;
    this.#asked = undefined;
    thread?.dispose();
    if (asked !== undefined) this.#questions.reject(asked.requestId, new InputError(reason));
    if (!this.#isOver && this.#waiting.length > 0) this.#next();
  }
}

function errorOf({ message, isInputError, code }: Extract<ReadingAnswer, { ok: false }>): Error {
  if (isInputError) return new InputError(message);
  return Object.assign(new Error(message), code !== undefined && { code });
}
