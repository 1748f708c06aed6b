/** What of a kind of measurement is kept at most. */
export interface Allotment {
  readonly count: number;
  readonly bytes: number;
}

/** Chooses measurements evenly over the iterations of a run. The first is always among them. */
export class Thinning {
  readonly #iterations: number;
  readonly #allotment: Allotment;
  readonly #isNeeded: boolean;
  #newest = -Infinity;

  /** @param there all that there are: where these are few enough, all stay. */
  constructor(iterations: number, allotment: Allotment, there: Allotment) {
    this.#iterations = iterations;
    this.#allotment = allotment;
    this.#isNeeded = there.count > allotment.count || there.bytes > allotment.bytes;
  }

  /** Whether the next measurement stays. */
  take(iteration: number, bytes: number): boolean {
    const { count, bytes: all } = this.#allotment;
    const distance = this.#iterations * Math.max(1 / count, bytes / all);
    if (this.#isNeeded && iteration - this.#newest < distance) return false;
    this.#newest = iteration;
    return true;
  }
}
