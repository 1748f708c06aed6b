import type { Activation } from '../../network/description.ts';
import type { NetworkSaturation } from '../../network/slopes.ts';
import { SATURATED_SLOPE } from '../../network/saturation.ts';

/** Every limit that decides what is said of a run, each with its source or its reason. What it is compared with is in the rules. */

/** Before so many iterations, readings tell of the initial parameters more than of the run. */
export const EARLIEST_ITERATIONS = 100;
/** The newest losses are judged by their median over so many iterations, as far as the smoothed loss averages; of a run that is
 * shorter, over this share of it. A median follows no single window that is hard to predict. */
export const RECENT_ITERATIONS = 100;
export const RECENT_SHARE = 1 / 5;

/**
 * A loss so much above ln V is worse than guessing and no accident of its window. Initial parameters alone stand up to 3 % above
 * it (measured: every initialization, H from 4 to 512), and on a text of random characters, of which ln V is the best loss,
 * networks scatter by 1 %.
 */
export const ABOVE_GUESSING_SHARE = 0.05;
/** And so much above the lowest smoothed loss, it has risen to there: one that began above guessing, as with large weights, has not. */
export const RISEN_TO_SHARE = 0.05;
/** Steep beginnings overshoot (measured on min-char-rnn: 2.3 times ln V at iteration 3, below it from iteration 50 on). What is still there after
 * so many iterations, at so many times what it began with, does not come back by itself. */
export const EARLY_DIVERGED_ITERATIONS = 20;
export const EARLY_DIVERGED_FACTOR = 2;

/** A rise of the loss that is called a jump: a third more surprised (e^0.3 = 1.35), and beyond what passages of one text differ by. */
export const JUMP_NATS = 0.3;
export const JUMP_SHARE = 0.1;
/** Before so many iterations there is no level from which a loss could jump. */
export const JUMP_EARLIEST = 20;
/** A jump has stayed once it is so many iterations old: a spike of Adam is over within some tens. */
export const JUMP_STAYS = 50;
/** Of the whole rise, the share within some iterations: a rise that takes longer is none that one step made. */
export const JUMP_SUDDEN_SHARE = 0.5;
/** A gradient so many times the usual one, where the loss jumped, is worth a word. */
export const JUMP_GRADIENT = 10;

/** Before so many iterations a loss may stand still for a while and fall later. */
export const STILL_EARLIEST = 300;
/** A run whose smoothed loss fell by less than this share in its last half stands still. */
export const LEAST_FALL_SHARE = 0.02;
/** A 2-gram needs no memory but the character before: who stands still above it has not begun to learn. */
export const STILL_ORDER = 2;
/** Where no n-gram is known: of the loss of guessing. */
export const STILL_SHARE_OF_UNIFORM = 0.7;

/** So near the text's floor nothing is left to learn: e^−0.05, the right symbol has a probability of 95 %. */
export const LEARNT_NATS = 0.05;

/** Clipping every now and then tames spikes; where it acts more often than not, it and not the gradient sets the step. */
export const OFTEN_CLIPPED = 0.5;
/** A norm so many times the usual one is a jump: without clipping one such step can undo what was learnt. */
export const JUMP = 100;
/** Unless it is small as well: the gradients of a text that is learnt are a thousandth of what they were. */
export const JUMP_LEAST_NORM = 1;
/**
 * The norm of a gradient of a mean loss that is out of hand. The thresholds at which people clip are 0.25 to 10 (Pascanu,
 * Mikolov & Bengio 2013, section 3.2: half to ten times the average norm; Karpathy's char-rnn: 5), so this is ten times the
 * largest; networks that learn stay below 3. Of a summed loss all norms are T·B times as large.
 */
export const EXPLODED_NORM = 100;
/** A gradient so small moves no parameter by a float32 digit. */
export const VANISHED_NORM = 1e-7;

/** "Somewhere around 1e-3": Karpathy, CS231n notes, Neural Networks Part 3, "Ratio of weights:updates". */
export const USUAL_UPDATE = 1e-3;
/** Within this factor of it, either way, an update is called usual; Adam begins near the upper end. */
export const UPDATE_FACTOR = 20;
/** Updates of this share of the parameters replace them within some iterations. */
export const HUGE_UPDATE = 0.2;
/** A run that diverged is tried again with a learning rate so many times lower: rates are searched by decades. */
export const DIVERGED_RATE_FACTOR = 10;

export interface SaturationLimits {
  /** The shares of activations that let nearly no error pass, above which that is worth a word, and above which it alarms. */
  readonly much: number;
  readonly nearlyAll: number;
  /**
   * The spectral radius beyond which nothing but such units can keep errors from growing; undefined of a function whose slope is nowhere
   * between 0 and the largest, of which that holds at every radius.
   */
  readonly radius: number | undefined;
  readonly source: string;
}

/**
 * Where units are saturated the error is cut to 6 % and less, and learning slows (Glorot & Bengio 2010, section 3, on saturated tanh
 * units). Trained networks keep a fifth of theirs there; when most are, errors stop more often than they pass.
 *
 * Each step back multiplies the error by the recurrent weight and by 1 − a². With a spectral radius beyond 1 / (1 − a²) of a saturated unit,
 * 17, errors can only be kept from growing where units are saturated: that they fade tells of the saturation and not of the weight.
 */
const SATURATING: SaturationLimits = {
  much: 0.5,
  nearlyAll: 0.9,
  radius: 1 / SATURATED_SLOPE,
  source: 'Glorot & Bengio 2010, section 3',
};

export const SATURATION_LIMITS: Readonly<Record<Activation, SaturationLimits>> = {
  tanh: SATURATING,
  sigmoid: SATURATING,
  /**
   * A unit of ReLU that is off stops the error, and one that is on passes it whole: about a half is off at the start, 50 % to 80 % are usual
   * of trained networks, and up to 85 % cost nothing (Glorot, Bordes & Bengio 2011). Where nearly all are off at every step, the weights that
   * lead into them get no gradient and stay off (Maas, Hannun & Ng 2013, section 2).
   */
  relu: {
    much: 0.9,
    nearlyAll: 0.99,
    radius: undefined,
    source: 'Glorot, Bordes & Bengio 2011; Maas, Hannun & Ng 2013, section 2',
  },
};

/**
 * Beside gates errors have other ways than through a saturated candidate: GRUs and LSTMs that had learnt the sample text to its entropy
 * had two thirds of one layer's at ±1 (measured), and gates at their ends are usual of trained networks (Karpathy, Johnson & Fei-Fei 2015,
 * section 4.2).
 */
const BESIDE_GATES: SaturationLimits = {
  ...SATURATION_LIMITS.relu,
  source: 'Karpathy, Johnson & Fei-Fei 2015, section 4.2',
};

/** The limits of one function of a network. */
export function saturationLimitsOf(
  { hasGates, activation }: Pick<NetworkSaturation, 'hasGates' | 'activation'>,
  of = activation,
): SaturationLimits {
  return hasGates ? BESIDE_GATES : SATURATION_LIMITS[of];
}

/**
 * Of a gate through which all goes that a layer gives: where it is shut no error enters the layer, as through a ReLU that is off. All
 * other gates may be at their ends.
 */
export const SHUT_LIMITS: SaturationLimits = BESIDE_GATES;

/**
 * The shares of units that let nearly no error pass at any step of any stream, above which that is worth a word, and above which it
 * alarms. "As much as 40 % of your network can be dead" where the learning rate is too high (Karpathy, CS231n notes, Neural Networks
 * Part 1). ReLU networks that learn well keep about a tenth off (measured on the sample text); beside gates half of a layer's candidates
 * may begin so, and come back.
 */
const DEAD: DeadLimits = { much: 0.15, most: 0.5 };
const DEAD_BESIDE_GATES: DeadLimits = { much: 0.5, most: 0.9 };
export interface DeadLimits {
  readonly much: number;
  readonly most: number;
}

export function deadLimitsOf({ hasGates }: Pick<NetworkSaturation, 'hasGates'>): DeadLimits {
  return hasGates ? DEAD_BESIDE_GATES : DEAD;
}

/** In windows of fewer time steps of all streams together, a unit that acts at one character in hundred may act at none. */
export const DEAD_POSITIONS = 1000;

/** A 5-gram looks back over four characters: errors that reach less far teach a network less context than that. */
export const SHORT_HORIZON = 4;

/** A window so many times as long as errors reach costs more than it teaches; not worth a word where it is short all the same. */
export const LONG_WINDOW_FACTOR = 4;
export const LONG_WINDOW = 40;

/**
 * A state of which so many numbers are at the ends of its own function lasts, and hardly any error gets into it. No one's limit but ours: with a
 * fifth of the numbers left the horizon tells mostly of units that do not take part.
 */
export const HELD_SHARE = 4 / 5;

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
/** The smoothed training loss has fallen meanwhile by such a share of itself: less is how passages differ. */
export const FALLEN_SHARE = 0.02;
