import { decadePosition, MOST_DECADES } from '../../common/decadeScale.ts';

/** The ends of a logarithmic scale, exponents of ten. */
export interface Decades {
  readonly low: number;
  readonly high: number;
}

/** The smallest and the largest number of a column that have a logarithm. */
export interface Extremes {
  readonly smallest: number;
  readonly largest: number;
}

/** How far beyond the middle half of the columns one may lie, in widths of that half, to count for the scale (Tukey's far-out fence). */
const FENCE = 3;
/** Columns that are all alike still leave each other room: a third of a decade above and below is no outlier. */
const LEAST_SPREAD = 1 / 3;
/** The newest columns count wherever they lie, once most of so many do: a single one may be a moment. */
const NEWEST = 3;

/** Undefined where none of the numbers is positive and finite. */
export function extremesOf(values: ArrayLike<number>): Extremes | undefined {
  let smallest = Infinity;
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!(value > 0) || value === Infinity) continue;
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
  }
  return largest === 0 ? undefined : { smallest, largest };
}

/**
 * Whole decades around what columns hold, but for a few that are far from the others, as the first ones of a run may be; at most
 * `MOST_DECADES`, counted from the top.
 * @param columns in the order in which they came.
 * @returns undefined where there is no column.
 */
export function decadesOf(columns: readonly Extremes[]): Decades | undefined {
  if (columns.length === 0) return undefined;
  const tops = columns.map(({ largest }) => Math.log10(largest));
  const bottoms = columns.map(({ smallest }) => -Math.log10(smallest));
  const high = Math.ceil(edge(tops));
  const low = Math.max(Math.min(Math.floor(-edge(bottoms)), high - 1), high - MOST_DECADES);
  // The rounding of a number just below zero is −0, which adding 0 makes an ordinary one.
  return { low: low + 0, high: high + 0 };
}

/** The largest of some numbers that is not far above the others. */
function edge(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const quantile = (share: number): number => sorted[Math.round(share * (sorted.length - 1))];
  const spread = Math.max(quantile(0.75) - quantile(0.25), LEAST_SPREAD);
  const newest = values.slice(-NEWEST).toSorted((one, other) => one - other);
  const most = Math.max(quantile(0.75) + FENCE * spread, newest[newest.length >> 1]);
  return sorted.findLast((value) => value <= most) ?? sorted[0];
}

/**
 * A logarithmic scale of whole decades that follows what is on the screen. It grows as soon as there is need, and shrinks once more than a
 * decade at an end is not used, so that it stands still while values move about the end of a decade; and it says where it was before.
 */
export class FollowedScale {
  #ends: Decades | undefined;
  #before: Decades | undefined;
  #extremes: Extremes | undefined;

  /** Before the first value one decade around 1. */
  get ends(): Decades {
    return this.#ends ?? { low: -1, high: 0 };
  }

  /** The ends that it had before it moved; undefined as long as it has not. */
  get before(): Decades | undefined {
    return this.#before;
  }

  /** True where values lie beyond an end: they share its colour. */
  get isCutBelow(): boolean {
    return this.#extremes !== undefined && this.#extremes.smallest < 10 ** this.ends.low * (1 - 1e-9);
  }

  get isCutAbove(): boolean {
    return this.#extremes !== undefined && this.#extremes.largest > 10 ** this.ends.high * (1 + 1e-9);
  }

  /** Takes up the columns that are on the screen. @param held the ends that a person holds it at. */
  show(columns: readonly Extremes[], held?: Decades): void {
    this.#extremes = columns.length === 0 ? undefined : whole(columns);
    if (held !== undefined) return this.#hold(held);
    const needed = decadesOf(columns);
    if (needed === undefined) return;
    const now = this.#ends;
    this.#ends = now === undefined ? needed : moved(now, needed);
    if (now !== undefined && (now.low !== this.#ends.low || now.high !== this.#ends.high)) this.#before = now;
  }

  /** Forgets all: it is of something else from now on. */
  reset(): void {
    this.#ends = this.#before = this.#extremes = undefined;
  }

  /** Forgets that it moved, as once a person has chosen. */
  settle(): void {
    this.#before = undefined;
  }

  /** Where a value lies: 0 at the low end, 1 at the high end, clamped; NaN for what has no logarithm. */
  position(value: number): number {
    return decadePosition(value, this.ends.low, this.ends.high);
  }

  #hold(held: Decades): void {
    this.#ends = held;
    this.#before = undefined;
  }
}

function moved(now: Decades, needed: Decades): Decades {
  const high = needed.high > now.high || needed.high < now.high - 1 ? needed.high : now.high;
  const low = needed.low < now.low || needed.low > now.low + 1 ? needed.low : now.low;
  return { low: Math.max(Math.min(low, high - 1), high - MOST_DECADES), high };
}

function whole(columns: readonly Extremes[]): Extremes {
  let { smallest, largest } = columns[0];
  for (const column of columns) {
    smallest = Math.min(smallest, column.smallest);
    largest = Math.max(largest, column.largest);
  }
  return { smallest, largest };
}
