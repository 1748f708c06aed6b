/** What is measured of a window, by what it costs. */
export type Measure = 'tape' | 'memory' | 'spectrum';

interface Rule {
  /** At most this often. */
  readonly leastMs: number;
  /** The share of the time that it may take on top of training. */
  readonly share: number;
}

/** In sight it follows training; out of sight its history goes on for the health strip, and the editor marks its window. */
const IN_SIGHT: Readonly<Record<Measure, Rule>> = {
  tape: { leastMs: 400, share: 0.03 },
  memory: { leastMs: 2000, share: 0.02 },
  spectrum: { leastMs: 4000, share: 0.01 },
};
const OUT_OF_SIGHT: Readonly<Record<Measure, Rule>> = {
  tape: { leastMs: 1500, share: 0.005 },
  memory: { leastMs: 5000, share: 0.005 },
  spectrum: { leastMs: 5000, share: 0.005 },
};

export interface Sizes {
  readonly V: number;
  readonly H: number;
  readonly T: number;
}

/** What a first measurement is expected to take, for sizes as they are here and now; later ones say it themselves. */
export function expectedMs(measure: Measure, { V, H, T }: Sizes): number {
  if (measure === 'tape') return (6 * T * H * (H + V)) / 8e5;
  return measure === 'memory' ? (T * T * H * H) / 3e6 : H ** 3 / 1e5;
}
/** What takes longer is not done unasked before it is worth it. */
export const UNASKED_MS = 500;

/** The clock has whole milliseconds: what seems to cost nothing would stay at that. */
const LEAST_COST_MS = 1;

/**
 * What work is taken to cost that took so long: the first time compiles the code, and others may be held up by other work, so
 * what was expected says more then.
 */
export function costOf(tookMs: number, before: number | undefined, expected: number): number {
  return Math.min(Math.max(tookMs, LEAST_COST_MS), before === undefined ? expected : 1.5 * before);
}

/** Decides how often a running network is looked into, so that its training hardly notices. */
export class StudyPace {
  #startedMs: number | undefined;
  readonly #last = new Map<Measure, { readonly atMs: number; readonly costMs: number }>();

  /**
   * When a measure is due again; where it was never taken at once, or, if nobody sees it and it is expected to take long, after
   * a while.
   */
  dueMs(measure: Measure, isInSight: boolean, expected: number, nowMs: number): number {
    this.#startedMs ??= nowMs;
    const { leastMs, share } = (isInSight ? IN_SIGHT : OUT_OF_SIGHT)[measure];
    const last = this.#last.get(measure);
    if (last !== undefined) return last.atMs + Math.max(leastMs, last.costMs / share);
    return this.#startedMs + (isInSight || expected <= UNASKED_MS ? 0 : expected / share);
  }

  measured(measure: Measure, startedMs: number, endedMs: number, expected: number): void {
    const costMs = costOf(endedMs - startedMs, this.#last.get(measure)?.costMs, expected);
    this.#last.set(measure, { atMs: endedMs, costMs });
  }
}
