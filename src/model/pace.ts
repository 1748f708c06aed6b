/** Multiplications between two pauses: some milliseconds of compiled code, and less than 20 before it is compiled. */
const MULTIPLICATIONS_A_PIECE = 3_000_000;

/**
 * Cuts long work into pieces. Work is a generator that yields whenever `spend` says so: whoever drives it can do something
 * more urgent in between, or drop it.
 */
export class Pace {
  #left = MULTIPLICATIONS_A_PIECE;

  /** Counts work just done; true where it is time to yield. */
  spend(multiplications: number): boolean {
    this.#left -= multiplications;
    if (this.#left > 0) return false;
    this.#left = MULTIPLICATIONS_A_PIECE;
    return true;
  }
}

/** Runs work to its end without a pause. */
export function finish<T>(work: Generator<undefined, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
