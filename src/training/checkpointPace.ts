import type { Clock } from './ports.ts';

/** Decides when a running run is saved: after so many seconds, which depend on nothing but the clock. */
export class CheckpointPace {
  /** Whether checkpoints are wanted at all. */
  readonly areWanted: boolean;
  readonly #intervalMs: number;
  readonly #clock: Clock;
  #nextAtMs: number;
  #lastAt: number | undefined;

  /**
   * @param seconds between two checkpoints; 0: only those that something else asks for; undefined: none at all.
   * @param savedAt iterations that were done at the checkpoint from which the run goes on; undefined at its beginning.
   */
  constructor(seconds: number | undefined, savedAt: number | undefined, clock: Clock) {
    this.areWanted = seconds !== undefined;
    this.#intervalMs = seconds === undefined || seconds === 0 ? Infinity : seconds * 1000;
    this.#clock = clock;
    this.#nextAtMs = clock.nowMs() + this.#intervalMs;
    this.#lastAt = savedAt;
  }

  get isDue(): boolean {
    return this.areWanted && this.#clock.nowMs() >= this.#nextAtMs;
  }

  /** Iterations that were done at the last checkpoint; undefined where there is none yet. */
  get lastAt(): number | undefined {
    return this.#lastAt;
  }

  saved(iterations: number): void {
    this.#lastAt = iterations;
    this.#nextAtMs = this.#clock.nowMs() + this.#intervalMs;
  }
}
