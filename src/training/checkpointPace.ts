import type { Clock } from './ports.ts';

/** Decides when a running run is saved: after so many seconds, which depend on nothing but the clock. */
export class CheckpointPace {
  /** Whether checkpoints are wanted at all. */
  readonly areWanted: boolean;
  readonly #intervalMs: number;
  readonly #clock: Clock;
  #nextAtMs: number;
  #lastAt: number;

  /**
   * @param seconds between two checkpoints; 0: only those that something else asks for; undefined: none at all.
   * @param iterations done at the start, which need no checkpoint: there is nothing or it is there.
   */
  constructor(seconds: number | undefined, iterations: number, clock: Clock) {
    this.areWanted = seconds !== undefined;
    this.#intervalMs = seconds === undefined || seconds === 0 ? Infinity : seconds * 1000;
    this.#clock = clock;
    this.#nextAtMs = clock.nowMs() + this.#intervalMs;
    this.#lastAt = iterations;
  }

  get isDue(): boolean {
    return this.areWanted && this.#clock.nowMs() >= this.#nextAtMs;
  }

  /** Iterations that were done at the last checkpoint. */
  get lastAt(): number {
    return this.#lastAt;
  }

  saved(iterations: number): void {
    this.#lastAt = iterations;
    this.#nextAtMs = this.#clock.nowMs() + this.#intervalMs;
  }
}
