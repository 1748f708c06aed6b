import type { DecayFit, Memory, Reach } from '../../protocol/study.ts';

/** Numbers of the influence matrix as the pictures need them. Pure functions. */

export type InfluenceMode = 'absolute' | 'row';

/** An influence matrix (T, T) with every row divided by its largest value; a row of zeros stays one. */
export function rowShares(influence: Float64Array): Float64Array {
  const T = Math.sqrt(influence.length);
  const shares = new Float64Array(influence.length);
  for (let t = 0; t < T; t++) {
    let largest = 0;
    for (let s = 0; s <= t; s++) largest = Math.max(largest, influence[t * T + s]);
    if (largest === 0) continue;
    for (let s = 0; s <= t; s++) shares[t * T + s] = influence[t * T + s] / largest;
  }
  return shares;
}

/** The error of one time step on its way back. */
export interface ErrorPath {
  /** (t + 1): I[t][s] for s = 0 … t. */
  readonly influence: Float64Array;
  /** How many steps back it first has less than 1 % of what it had at its own step; undefined where it never has. */
  readonly onePercentAfter: number | undefined;
  /** The earliest of the steps at which it is largest. */
  readonly largestAt: number;
}

export function errorPath(
  { influence, inputs }: Pick<Reach, 'influence'> & Pick<Memory, 'inputs'>,
  t: number,
): ErrorPath {
  const T = inputs.length;
  const path = influence.subarray(t * T, t * T + t + 1);
  let onePercentAfter: number | undefined;
  for (let lag = 0; lag <= t && onePercentAfter === undefined; lag++) {
    if (path[t - lag] < 0.01 * path[t]) onePercentAfter = lag;
  }
  let largestAt = t;
  for (let s = t - 1; s >= 0; s--) if (path[s] >= path[largestAt]) largestAt = s;
  return { influence: path, onePercentAfter, largestAt };
}

/** The value of a fitted decay at a lag. */
export function fittedAt({ ratePerStep, atLag0 }: DecayFit, lag: number): number {
  return atLag0 * Math.exp(ratePerStep * lag);
}
