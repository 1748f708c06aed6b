/** Round numbers: 1, 2 and 5 with their powers of ten. */
const ROUND = [1, 2, 5, 10];

/** The nearest round number that is not below a value; 1 of what is not above zero or not finite. */
export function roundAbove(value: number): number {
  if (!(value > 0) || value === Infinity) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return (ROUND.find((factor) => factor * power >= value) ?? 10) * power;
}

/**
 * How high the bars of each state go: from 0 to a round number that none of its norms is above. As the scale of the errors it only
 * grows, until it is reset.
 */
export class PathScale {
  readonly #tops = new Map<string, number>();

  include(state: string, norms: ArrayLike<number>): void {
    let largest = 0;
    for (let i = 0; i < norms.length; i++) if (norms[i] > largest && norms[i] !== Infinity) largest = norms[i];
    if (largest > 0) this.#tops.set(state, Math.max(this.#tops.get(state) ?? 0, roundAbove(largest)));
  }

  reset(): void {
    this.#tops.clear();
  }

  top(state: string): number {
    return this.#tops.get(state) ?? 1;
  }

  /** Where a norm lies: 0 at the foot, 1 at the top, no further; NaN of what is no number. */
  position(state: string, norm: number): number {
    return Math.min(1, norm / this.top(state));
  }
}
