/** A run of so many iterations takes no more than what is allotted. One of a thousand times as many takes half as much again. */
const ITERATIONS = 1e6;

/**
 * Which measurements of a growing run are written, so that they stay within an allotment of bytes however often they come:
 * every one at first, then each at a step that grows with the iteration. A curve over the logarithm of the iteration is as
 * dense everywhere, and what was written never has to be thinned.
 */
export class LogSpacing {
  readonly #allottedBytes: number;
  #newest: number;

  /** @param newest iteration that is written already. */
  constructor(allottedBytes: number, newest = -1) {
    this.#allottedBytes = allottedBytes;
    this.#newest = newest;
  }

  /** Whether the measurement of this iteration is to be written; if so, it counts as written. */
  take(iteration: number, bytes: number): boolean {
    // Every iteration up to 1/g and one per factor 1 + g from there to I: (1 + ln(I·g)) / g ≤ (1 + ln I) / g measurements.
    const g = ((1 + Math.log(ITERATIONS)) * bytes) / this.#allottedBytes;
    if (iteration <= this.#newest || iteration < this.#newest * (1 + g)) return false;
    this.#newest = iteration;
    return true;
  }

  /** Says that the measurement of an iteration was written although the spacing left it out. */
  wrote(iteration: number): void {
    this.#newest = Math.max(this.#newest, iteration);
  }
}
