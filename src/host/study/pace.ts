import { followingOf, type Followed } from '../../protocol/measures.ts';

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
  readonly #last = new Map<Followed, { readonly atMs: number; readonly costMs: number }>();

  /**
   * When a measure is due again; where it was never taken at once, or, if nobody sees it and it is expected to take long, after
   * a while.
   */
  dueMs(measure: Followed, isInSight: boolean, expected: number, nowMs: number): number {
    this.#startedMs ??= nowMs;
    const { inSight, outOfSight } = followingOf(measure);
    const { leastMs, share } = isInSight ? inSight : outOfSight;
    const last = this.#last.get(measure);
    if (last !== undefined) return last.atMs + Math.max(leastMs, last.costMs / share);
    return this.#startedMs + (isInSight || expected <= UNASKED_MS ? 0 : expected / share);
  }

  measured(measure: Followed, startedMs: number, endedMs: number, expected: number): void {
    const costMs = costOf(endedMs - startedMs, this.#last.get(measure)?.costMs, expected);
    this.#last.set(measure, { atMs: endedMs, costMs });
  }
}
