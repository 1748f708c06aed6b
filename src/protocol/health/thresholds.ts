/**
 * What is normal, watched and alarming about a run: every limit of the health strip, with its reason. Each function takes
 * what was measured and says how it stands with it: a condition, a word, and where it is not ok a sentence with the number.
 */
import { windowGrowth } from '../../common/windowGrowth.ts';
import { formatLoss, formatNorm, formatShare, groupDigits, unitName, type LossUnit } from '../../common/format.ts';

export type Condition = 'unknown' | 'ok' | 'watch' | 'alarm';

export interface Judgement {
  readonly condition: Condition;
  /** One or two words that stand beside the value. */
  readonly word: string;
  /** The sentence for the summary; empty where there is nothing to say. */
  readonly evidence: string;
}

/** Before so many iterations, readings tell of the initial parameters more than of the run. */
export const EARLIEST_ITERATIONS = 100;

/** Clipping every now and then tames spikes; where it acts more often than not, it and not the gradient sets the step. */
export const OFTEN_CLIPPED = 0.5;
/** A norm so many times the usual one is a jump: without clipping one such step can undo what was learnt. */
export const JUMP = 100;
/** A gradient so small moves no parameter by a float32 digit. */
export const VANISHED_NORM = 1e-7;

/** "Somewhere around 1e-3": Karpathy, CS231n notes, Neural Networks Part 3, "Ratio of weights:updates". */
export const USUAL_UPDATE = 1e-3;
/** Within this factor of it, either way, an update is called usual; Adam begins near the upper end. */
export const UPDATE_FACTOR = 20;
/** Updates of this share of the parameters replace them within some iterations. */
export const HUGE_UPDATE = 0.2;

/**
 * Where |a| > 0.97 the error is cut to 6 % and less, and learning slows (Glorot & Bengio 2010, section 3, on saturated tanh
 * units). Trained networks keep a fifth of theirs there; when most are, errors stop more often than they pass.
 */
export const MUCH_SATURATION = 0.5;
export const NEARLY_ALL_SATURATED = 0.9;

/** A 5-gram looks back over four characters: errors that reach less far teach a network less context than that. */
export const SHORT_HORIZON = 4;

/** A validation loss so much above the training loss, nats: a third more surprised by text that was not trained on. */
export const LARGE_GAP = 0.3;
/** Below so much of a gap, and so much of the validation loss, a loss that rises again tells little: validations scatter. */
export const NOTABLE_GAP = 0.1;
export const NOTABLE_GAP_SHARE = 0.05;
/** Clearly above its lowest: by so many nats and by such a share of it. Only far above it is the text learnt by heart. */
export const RISEN = 0.03;
export const RISEN_SHARE = 0.02;
export const RISEN_FAR = 0.1;
export const RISEN_FAR_SHARE = 0.05;

export const NOT_KNOWN: Judgement = { condition: 'unknown', word: 'not yet known', evidence: '' };

function ok(word: string): Judgement {
  return { condition: 'ok', word, evidence: '' };
}

function watch(word: string, evidence: string): Judgement {
  return { condition: 'watch', word, evidence };
}

function alarm(word: string, evidence: string): Judgement {
  return { condition: 'alarm', word, evidence };
}

export interface GradientFacts {
  /** ‖g‖ before clipping, at the newest iteration and the usual one: the median over the run. */
  readonly norm: number;
  readonly usualNorm: number;
  /** The largest of the recent iterations. */
  readonly recentLargest: number;
  /** The share of recent iterations that were clipped; undefined where clipping is off. */
  readonly clipped: number | undefined;
}

export function judgeGradient({ norm, usualNorm, recentLargest, clipped }: GradientFacts): Judgement {
  if (!Number.isFinite(norm)) return alarm('not finite', 'The gradient is not finite');
  if (norm < VANISHED_NORM) {
    return watch('vanished', `The gradient has vanished (‖g‖ = ${formatNorm(norm)})`);
  }
  if (clipped === undefined) {
    return recentLargest > JUMP * usualNorm
      ? alarm(
          'jumps',
          `‖g‖ jumped to ${formatNorm(recentLargest)}, usual is ${formatNorm(usualNorm)}, and clipping is off`,
        )
      : ok('no clipping');
  }
  const word = `clipped ${formatShare(clipped)}`;
  return clipped > OFTEN_CLIPPED
    ? watch(word, `Gradients are clipped in ${formatShare(clipped)} of iterations`)
    : ok(word);
}

export function judgeUpdate(updateToWeight: number): Judgement {
  if (!Number.isFinite(updateToWeight)) return alarm('not finite', 'The updates are not finite');
  const share = formatNorm(updateToWeight);
  if (updateToWeight > HUGE_UPDATE) {
    return alarm('huge', `Each update changes the parameters by ${formatShare(updateToWeight)} of their size`);
  }
  if (updateToWeight > USUAL_UPDATE * UPDATE_FACTOR) {
    return watch('large', `Updates are large (${share} of the parameters, usual is 10⁻³)`);
  }
  if (updateToWeight < USUAL_UPDATE / UPDATE_FACTOR) {
    return watch('small', `Updates are small (${share} of the parameters, usual is 10⁻³)`);
  }
  return ok('usual');
}

export function judgeSaturation(share: number): Judgement {
  if (!Number.isFinite(share)) return alarm('not finite', 'The activations are not finite');
  const evidence = `${formatShare(share)} of the activations are saturated`;
  if (share > NEARLY_ALL_SATURATED) return alarm('nearly all', evidence);
  return share > MUCH_SATURATION ? watch('much', evidence) : ok('usual');
}

/**
 * @param steps the lag at which the lag profile falls under 1 % of lag 0; null where it does not within the window, 0 where
 * no error reaches a hidden state at all.
 * @param T sequence length.
 */
export function judgeHorizon(steps: number | null, T: number): Judgement {
  if (steps === null) return ok('whole window');
  if (steps === 0) return alarm('nothing passes', 'No error passes: the units are saturated');
  if (steps < SHORT_HORIZON && T > SHORT_HORIZON) {
    return watch(
      'short',
      `Errors are under 1 % after ${steps} ${steps === 1 ? 'step' : 'steps'} back, fewer than a 5-gram looks`,
    );
  }
  return ok(`of ${T - 1}`);
}

export interface RecurrenceFacts {
  readonly sigmaMax: number;
  /** Nats per step back; null where it is not known. */
  readonly lyapunov: number | null;
  /** The horizon at 1 %, as `judgeHorizon` takes it. */
  readonly horizon: number | null;
  /** Sequence length. */
  readonly T: number;
}

export function judgeRecurrence({ sigmaMax, lyapunov, horizon, T }: RecurrenceFacts): Judgement {
  if (horizon === 0) {
    return alarm('nothing passes', 'W_ah has no error to carry back: the tanh factor 1 − a² takes all of it');
  }
  const growth = lyapunov === null ? undefined : windowGrowth(lyapunov, T);
  if (lyapunov !== null && (growth === 'grow' || growth === 'explode')) {
    const evidence = `In the long run errors grow ${formatNorm(Math.exp(lyapunov))}-fold with every step back (Lyapunov exponent ${lyapunov.toFixed(3)})`;
    return growth === 'explode' ? alarm('exploding', evidence) : watch('growing', evidence);
  }
  if (sigmaMax < 1) {
    return watch('must fade', `Errors must fade: σ_max of W_ah is ${formatNorm(sigmaMax)}, below 1`);
  }
  if (growth === undefined) return ok('can carry');
  return ok(growth === 'fade' ? 'errors fade' : 'errors last');
}

export interface GapFacts {
  /** The newest validation loss and the lowest one, nats, with the iteration of the lowest. */
  readonly validationNats: number;
  readonly lowestNats: number;
  readonly lowestIteration: number;
  /** Validation loss − smoothed training loss, nats. */
  readonly gapNats: number;
  /** ln V: the loss of guessing every symbol alike, nats. */
  readonly uniformNats: number;
}

export function judgeGap(
  { validationNats, lowestNats, lowestIteration, gapNats, uniformNats }: GapFacts,
  unit: LossUnit,
): Judgement {
  if (!Number.isFinite(gapNats)) return alarm('not finite', 'The validation loss is not finite');
  const loss = (nats: number): string => `${formatLoss(nats, unit)} ${unitName(unit)}`;
  const risen = validationNats - lowestNats;
  // A text is learnt by heart where the training loss is low: where it is worse than guessing too, nothing is learnt.
  if (risen > 0 && validationNats - gapNats > uniformNats) {
    return alarm('diverged', `Both losses are above ${loss(uniformNats)}, that of guessing: training has diverged`);
  }
  const hasRisen = (nats: number, share: number): boolean => risen > Math.max(nats, share * lowestNats);
  const isNotable = gapNats > Math.max(NOTABLE_GAP, NOTABLE_GAP_SHARE * validationNats);
  if (isNotable && hasRisen(RISEN, RISEN_SHARE)) {
    const evidence = `The validation loss has risen by ${loss(risen)} since iteration ${groupDigits(lowestIteration)}`;
    return hasRisen(RISEN_FAR, RISEN_FAR_SHARE)
      ? alarm('by heart', `${evidence}: the text is being learnt by heart`)
      : watch('rising', evidence);
  }
  return gapNats > LARGE_GAP
    ? watch('large', `The validation loss is ${loss(gapNats)} above the training loss`)
    : ok('small');
}
