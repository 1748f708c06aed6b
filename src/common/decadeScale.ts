/** Below this many decades under the largest value everything has the lowest colour; the legend says so. */
export const MOST_DECADES = 8;

/**
 * A logarithmic scale that does not jump: its ends are whole powers of ten, and it only grows, until it is reset. Zero
 * has no logarithm and values that are not finite have no place: neither moves the scale.
 */
export class DecadeScale {
  #low = Infinity;
  #high = -Infinity;
  #smallestLow = Infinity;

  /** Exponents of the ends; before the first value one decade around 1. */
  get low(): number {
    return this.isEmpty ? -1 : this.#low;
  }

  get high(): number {
    return this.isEmpty ? 0 : this.#high;
  }

  get isEmpty(): boolean {
    return this.#high === -Infinity;
  }

  /** True where values under the low end exist: they share the lowest colour. */
  get isCut(): boolean {
    return this.#smallestLow < this.#low;
  }

  include(values: ArrayLike<number>, from = 0, to = values.length): void {
    let smallest = Infinity;
    let largest = 0;
    for (let i = from; i < to; i++) {
      const value = values[i];
      if (!(value > 0) || value === Infinity) continue;
      if (value < smallest) smallest = value;
      if (value > largest) largest = value;
    }
    if (largest === 0) return;
    this.#high = Math.max(this.#high, Math.ceil(Math.log10(largest)));
    this.#smallestLow = Math.min(this.#smallestLow, Math.floor(Math.log10(smallest)), this.#high - 1);
    this.#low = Math.max(this.#smallestLow, this.#high - MOST_DECADES);
  }

  reset(): void {
    this.#low = Infinity;
    this.#high = -Infinity;
    this.#smallestLow = Infinity;
  }

  /** Where a value lies: 0 at the low end, 1 at the high end, clamped; NaN for what has no logarithm. */
  position(value: number): number {
    return decadePosition(value, this.low, this.high);
  }
}

/** Where a value lies between powers of ten: 0 at the low one, 1 at the high one, clamped; NaN for what has no logarithm. */
export function decadePosition(value: number, low: number, high: number): number {
  if (!(value > 0)) return value === 0 ? 0 : NaN;
  const share = (Math.log10(value) - low) / (high - low);
  return share < 0 ? 0 : share > 1 ? 1 : share;
}
