import { Worker } from 'node:worker_threads';
import { InputError } from '../common/inputError.ts';
import { TASKS, type Task } from './layout.ts';
import type { KernelExports, WasmMemory, WasmModule } from './webAssembly.ts';

/** Words of the memory that a team shares beside that of its networks. */
export const WORDS = { generation: 0, task: 1, address: 2, pending: 3, failed: 4, ready: 5 } as const;
/** In `WORDS.task`, that the team is no longer needed. */
export const END = -1;
/** A thread that has not started by then never will: its owner, which waits for it, cannot hear why. */
const START_MS = 20_000;
/** How often a word is looked at before the thread sleeps: tasks that follow one another come faster than waking does. */
export const SPINS = 4000;

/** What a member of a team starts with. */
export interface MemberData {
  readonly module: WasmModule;
  readonly memory: WasmMemory;
  readonly words: Int32Array;
  /** Its number, from 1: the thread that owns the team is 0. */
  readonly worker: number;
  readonly workers: number;
}

/**
 * The threads that compute a network together: the one that owns the team, and members that sleep between tasks. Every
 * task is cut into as many shares as there are threads, and ends when all shares are done.
 */
export class Team {
  readonly #exports: KernelExports;
  readonly #workers: number;
  readonly #words = new Int32Array(new SharedArrayBuffer(Object.keys(WORDS).length * Int32Array.BYTES_PER_ELEMENT));

  /**
   * @param memberPath the bundle of member.ts.
   * @param workers the number of threads, the calling one among them.
   * @throws {InputError} where they do not all start.
   */
  constructor(exports: KernelExports, module: WasmModule, memory: WasmMemory, memberPath: string, workers: number) {
    this.#exports = exports;
    this.#workers = workers;
    for (let worker = 1; worker < workers; worker++) {
      const workerData: MemberData = { module, memory, words: this.#words, worker, workers };
      // A member never holds the process up: it sleeps, or works for a thread that does.
      new Worker(memberPath, { workerData }).unref();
    }
    this.#awaitStart();
  }

  /**
   * Runs all shares of a task of the network, or of the layer, at this address.
   * @throws {Error} where a thread of the team fails, and ever after.
   */
  run(task: Task, address: number): void {
    this.#checkMembers();
    const index = TASKS.indexOf(task);
    if (this.#workers > 1) this.#announce(index, address);
    this.#exports.run(index, address, 0, this.#workers);
    if (this.#workers > 1) this.#awaitMembers();
  }

  /** Lets the members end. */
  dispose(): void {
    if (this.#workers > 1) this.#announce(END, 0);
  }

  #awaitStart(): void {
    const words = this.#words;
    for (let ready = 0; ready < this.#workers - 1; ready = Atomics.load(words, WORDS.ready)) {
      if (Atomics.wait(words, WORDS.ready, ready, START_MS) === 'timed-out') {
        throw new InputError(
          `Only ${ready + 1} of the ${this.#workers} threads that compute started. Train with fewer threads.`,
          { setting: 'threads', value: 1, label: 'Use one thread' },
        );
      }
    }
  }

  #announce(task: number, address: number): void {
    const words = this.#words;
    Atomics.store(words, WORDS.task, task);
    Atomics.store(words, WORDS.address, address);
    Atomics.store(words, WORDS.pending, this.#workers - 1);
    Atomics.add(words, WORDS.generation, 1);
    Atomics.notify(words, WORDS.generation);
  }

  #awaitMembers(): void {
    const words = this.#words;
    let pending = this.#workers - 1;
    // What died between two tasks has said so before the shares of this one were counted.
    while (pending > 0 && Atomics.load(words, WORDS.failed) === 0) pending = waitWhile(words, WORDS.pending, pending);
    this.#checkMembers();
  }

  #checkMembers(): void {
    const failed = Atomics.load(this.#words, WORDS.failed);
    if (failed !== 0) throw new Error(`Thread ${failed} of the kernels failed.`);
  }
}

/** Waits until a word is no longer `value`, first awake, then asleep; returns what it is then. */
export function waitWhile(words: Int32Array, word: number, value: number): number {
  for (let spin = 0; spin < SPINS; spin++) {
    const now = Atomics.load(words, word);
    if (now !== value) return now;
  }
  Atomics.wait(words, word, value);
  return Atomics.load(words, word);
}
