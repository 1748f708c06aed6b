/** The straight line through the logarithm of a lag profile. */
export interface Decay {
  /** Change of the log in nats per step: negative decays. */
  readonly ratePerStep: number;
  /** The fitted value at lag 0, in the profile's own unit. */
  readonly atLag0: number;
  /** The lags fitted, both included. */
  readonly fromLag: number;
  readonly toLag: number;
  /** The share of the variance of the logs that the line explains; 1 where they do not vary. */
  readonly r2: number;
}

/** Lags whose profile is under this share of lag 0 are not fitted: an error so small no longer teaches anything. */
const SMALLEST_SHARE = 1e-4;
/** A lag is fitted if at least this share of the window's time steps have a state so far back. */
const SMALLEST_SHARE_OF_STEPS = 0.25;
/** A line through two points fits always. */
const FEWEST_LAGS = 3;
/** Variance of the logs that is nothing but rounding. */
const ROUNDING = 1e-24;

/**
 * Least squares on the logarithm of a lag profile (T), which is a straight line where every step back multiplies the error by
 * the same number: in a linear network whose recurrent weight is λI the rate is ln |λ|.
 *
 * It is fitted from lag 0 until the profile falls under 1e-4 of lag 0, but not over the last quarter of the lags: the profile
 * at a lag is the mean of T − lag numbers, and the last ones are those of a few characters at the end of the window, whatever
 * they happen to be. All lags weigh the same, because the question is how the profile falls, not how a single error does.
 * @returns undefined where fewer than three lags from 0 on are above zero.
 */
export function fitDecay(profile: Float64Array): Decay | undefined {
  const toLag = lastLag(profile);
  const n = toLag + 1;
  if (n < FEWEST_LAGS) return undefined;
  const logs = Float64Array.from(profile.subarray(0, n), Math.log);
  const meanLag = toLag / 2;
  const meanLog = logs.reduce((sum, log) => sum + log / n, 0);
  let ofLags = 0;
  let ofLogs = 0;
  let ofBoth = 0;
  for (let lag = 0; lag < n; lag++) {
    ofLags += (lag - meanLag) ** 2;
    ofLogs += (logs[lag] - meanLog) ** 2;
    ofBoth += (lag - meanLag) * (logs[lag] - meanLog);
  }
  const ratePerStep = ofBoth / ofLags;
  return {
    ratePerStep,
    atLag0: Math.exp(meanLog - ratePerStep * meanLag),
    fromLag: 0,
    toLag,
    r2: ofLogs < ROUNDING * n ? 1 : Math.min(1, (ratePerStep * ofBoth) / ofLogs),
  };
}

/** The last lag that is fitted; fewer than two where there are not enough. */
function lastLag(profile: Float64Array): number {
  const T = profile.length;
  const furthest = Math.max(FEWEST_LAGS - 1, T - Math.ceil(SMALLEST_SHARE_OF_STEPS * T));
  let lag = -1;
  while (lag + 1 < T && lag + 1 <= furthest) {
    const next = profile[lag + 1];
    if (!(next > 0 && next < Infinity)) break;
    // A profile that falls at once is fitted on three lags nevertheless: how fast it falls is what is asked.
    if (lag + 1 >= FEWEST_LAGS && next < SMALLEST_SHARE * profile[0]) break;
    lag++;
  }
  return lag;
}
