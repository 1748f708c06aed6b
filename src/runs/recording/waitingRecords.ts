/** How early a record is given up where memory runs short: measurements first, rows last. */
export type Rank = 'measurement' | 'row';

interface Item {
  readonly frame: Uint8Array;
  readonly rank: Rank;
}

/** Records on their way to a file, in order and in bounded memory. */
export class WaitingRecords {
  readonly #maxBytes: number;
  #items: Item[] = [];
  #bytes = 0;
  /** Of those that are taken and may come back. */
  #takenBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @returns how many records had to be given up for want of memory. */
  add(frame: Uint8Array, rank: Rank): number {
    this.#items.push({ frame, rank });
    this.#bytes += frame.length;
    return this.#shrink();
  }

  get isHalfFull(): boolean {
    return this.#bytes + this.#takenBytes > this.#maxBytes / 2;
  }

  /** All that wait. They are to be given to `done` or to `putBack`. */
  take(): readonly Item[] {
    const items = this.#items;
    this.#takenBytes = this.#bytes;
    this.#items = [];
    this.#bytes = 0;
    return items;
  }

  done(): void {
    this.#takenBytes = 0;
  }

  /** @returns how many records had to be given up for want of memory. */
  putBack(items: readonly Item[]): number {
    this.#items = [...items, ...this.#items];
    this.#bytes += this.#takenBytes;
    this.#takenBytes = 0;
    return this.#shrink();
  }

  /** Gives up the oldest measurements, then the oldest rows. */
  #shrink(): number {
    const before = this.#items.length;
    for (const rank of ['measurement', 'row'] as const) {
      if (this.#bytes + this.#takenBytes <= this.#maxBytes) break;
      this.#items = this.#items.filter((item) => {
        const isKept = item.rank !== rank || this.#bytes + this.#takenBytes <= this.#maxBytes;
        if (!isKept) this.#bytes -= item.frame.length;
        return isKept;
      });
    }
    return before - this.#items.length;
  }
}
