import type { Amount } from '../format/survey.ts';

/** Chooses measurements evenly over the iterations of a run. The first is always among them. */
export class Thinning {
  readonly #iterations: number;
  readonly #allotment: Amount;
  readonly #isNeeded: boolean;
  #newest = -Infinity;

  /**
   * @param allotment what of a kind of measurement is kept at most.
   * @param there all that there are: where these are few enough, all stay.
   */
  constructor(iterations: number, allotment: Amount, there: Amount) {
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
