/** So many pieces of work at a time, in the order in which they were asked for, but those that go first. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  async use<R>(work: () => Promise<R>, goesFirst = false): Promise<R> {
    if (this.#free > 0) this.#free--;
    else
      await new Promise<void>((resolve) => (goesFirst ? this.#waiting.unshift(resolve) : this.#waiting.push(resolve)));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}
