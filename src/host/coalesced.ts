/**
 * Work that is asked for more often than it can be done: at most one is under way, and however often it is asked for
 * meanwhile, it is done once more after that.
 */
export class Coalesced {
  readonly #work: () => Promise<void>;
  #isUnderWay = false;
  #isAskedAgain = false;

  /** @param work never rejects. */
  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  ask(): void {
    if (this.#isUnderWay) this.#isAskedAgain = true;
    else void this.#run();
  }

  async #run(): Promise<void> {
    this.#isUnderWay = true;
    try {
      do {
        this.#isAskedAgain = false;
        await this.#work();
      } while (this.#isAskedAgain);
    } finally {
      this.#isUnderWay = false;
    }
  }
}
