/** What is shown goes out at most 15 times a second. */
export const DISPLAY_INTERVAL_MS = 1000 / 15;
/** The shares of the time that step norms and step cosines may take; cosines cost a third of an iteration. */
const NORMS_SHARE = 0.012;
const COSINES_SHARE = 0.005;

/** Decides whether an iteration that is shown is inspected, and whether with step cosines: that costs under two per cent. */
export class InspectionPace {
  #nextAtMs = -Infinity;
  #nextCosinesAtMs = -Infinity;
  readonly #withNorms = new Cost();
  readonly #withCosines = new Cost();

  isDue(nowMs: number): boolean {
    return nowMs >= this.#nextAtMs;
  }

  areCosinesDue(nowMs: number): boolean {
    return nowMs >= this.#nextCosinesAtMs;
  }

  /** Takes note of an inspection and what it cost. */
  inspected(startedAtMs: number, endedAtMs: number, options: { readonly cosines: boolean }): void {
    const tookMs = (options.cosines ? this.#withCosines : this.#withNorms).measured(endedAtMs - startedAtMs);
    this.#nextAtMs = startedAtMs + tookMs / NORMS_SHARE;
    if (options.cosines) this.#nextCosinesAtMs = startedAtMs + tookMs / COSINES_SHARE;
  }
}

/** What something costs that takes about as long every time: a longer time is one in which the thread had to wait. */
class Cost {
  #lastMs: number | undefined;

  /** Returns the smaller of the last two times. */
  measured(tookMs: number): number {
    const costMs = Math.min(tookMs, this.#lastMs ?? tookMs);
    this.#lastMs = tookMs;
    return costMs;
  }
}
