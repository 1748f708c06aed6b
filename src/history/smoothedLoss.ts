/** Iterations over which the smoothed loss averages: the time constant of its exponential moving average. */
export const SMOOTHING_ITERATIONS = 100;
/** Until then it averages over this share of the iterations so far, or it would lag far behind the first steep fall. */
const SMOOTHING_SHARE = 1 / 5;

/** The smoothed loss of a run, iteration by iteration. */
export class SmoothedLoss {
  /** Null before the first loss: VS Code sends messages as JSON, which has no NaN. */
  nats: number | null;
  /** Losses that went into it. */
  losses: number;

  constructor(nats: number | null = null, losses = 0) {
    this.nats = nats;
    this.losses = losses;
  }

  /** The smoothed loss after one more loss; one that is not finite leaves it as it was. NaN before the first. */
  next(lossNats: number): number {
    if (!Number.isFinite(lossNats)) return this.nats ?? NaN;
    const span = Math.min(SMOOTHING_ITERATIONS, 1 + SMOOTHING_SHARE * this.losses++);
    const before = this.nats ?? lossNats;
    this.nats = before + (lossNats - before) / span;
    return this.nats;
  }
}
