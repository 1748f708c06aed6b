import { powerOfTen } from './format.ts';
import { l10n } from './l10n.ts';
import {
  ADAM_BETA1,
  ADAM_BETA2,
  EPSILON,
  MOMENT_NAMES,
  MOMENTUM,
  NORM_FLOOR,
  RMSPROP_ALPHA,
  type OptimizerName,
} from './optimizers.ts';

/**
 * Clipping and the steps of the optimizers as formulas, for one number: the line that stands on the page, and the same with numbers put
 * in. What the kernels compute is `model/optimizer.ts` in these very lines, which a test holds against each other.
 */

/** What a line is computed from: by the signs in the formulas. */
export type Numbers = Readonly<Record<string, number>>;
/** The same as they are written, a negative one in parentheses. */
export type WrittenNumbers = Readonly<Record<string, string>>;

export interface UpdateFormula {
  /** The sign of what it gives, which later lines read. */
  readonly gives: string;
  /** As `panel/views/tape/mathMarkup.ts` reads it. */
  readonly markup: string;
  /** Its right side with numbers. */
  readonly numbers: (n: WrittenNumbers) => string;
  readonly value: (n: Numbers) => number;
  /** What it is. */
  readonly words: string;
}

/** The signs of an optimizer's moments in its formulas, in the order of `MOMENT_NAMES`. */
const MOMENT_SIGNS = {
  sgd: [],
  momentum: ['m'],
  adagrad: ['G'],
  rmsprop: ['v'],
  adam: ['m', 'v'],
} as const satisfies Readonly<Record<OptimizerName, readonly string[]>>;

/** The optimizers by the names that people read. */
export const OPTIMIZER_WORDS: Readonly<Record<OptimizerName, string>> = {
  sgd: l10n.t('plain gradient descent'),
  momentum: l10n.t('gradient descent with momentum'),
  adagrad: 'Adagrad',
  rmsprop: 'RMSprop',
  adam: 'Adam',
};

/** The moments of an optimizer by their signs: `{ m, v }` of Adam's `{ exp_avg, exp_avg_sq }`. */
export function bySign(optimizer: OptimizerName, moments: Numbers): Record<string, number> {
  return Object.fromEntries(
    MOMENT_SIGNS[optimizer].map((sign, i) => [sign, moments[MOMENT_NAMES[optimizer][i]]] as const),
  );
}

/** κ = min(1, θ/(‖∂‖ + 10⁻⁶)): by what clipping multiplies every gradient, from the threshold θ (clipNorm) and ‖∂‖. */
export const CLIP_FORMULA: UpdateFormula = {
  gives: 'κ',
  markup: `κ = min(1, {θ|‖∂‖ + ${written(NORM_FLOOR)}})`,
  numbers: (n) => `min(1, ${n.θ} / (${n['‖∂‖']} + ${written(NORM_FLOOR)}))`,
  value: (n) => Math.min(1, n.θ / (n['‖∂‖'] + NORM_FLOOR)),
  words: l10n.t('what clipping multiplies every gradient by: all of them keep their direction'),
};

/** How a weight moves, from its gradient g after clipping, the moments before the step, the learning rate η and the number k of the step. */
export const STEP_FORMULAS: Readonly<Record<OptimizerName, readonly UpdateFormula[]>> = {
  sgd: [
    {
      gives: 'Δ',
      markup: 'Δ = −η g',
      numbers: (n) => `−${n.η} · ${n.g}`,
      value: (n) => -n.η * n.g,
      words: l10n.t('the step: against the gradient'),
    },
  ],
  momentum: [
    {
      gives: 'm',
      markup: `m ← ${MOMENTUM} m + g`,
      numbers: (n) => `${MOMENTUM} · ${n.m} + ${n.g}`,
      value: (n) => MOMENTUM * n.m + n.g,
      words: l10n.t('the momentum: all gradients so far, the older the less'),
    },
    {
      gives: 'Δ',
      markup: 'Δ = −η m',
      numbers: (n) => `−${n.η} · ${n.m}`,
      value: (n) => -n.η * n.m,
      words: l10n.t('the step: against the momentum'),
    },
  ],
  adagrad: [
    {
      gives: 'G',
      markup: 'G ← G + g²',
      numbers: (n) => `${n.G} + ${n.g}²`,
      value: (n) => n.G + n.g * n.g,
      words: l10n.t('the squares of all gradients so far'),
    },
    rootStep('G', l10n.t('the step: a weight whose gradients were large moves less')),
  ],
  rmsprop: [
    {
      gives: 'v',
      markup: `v ← ${RMSPROP_ALPHA} v + ${written(1 - RMSPROP_ALPHA)} g²`,
      numbers: (n) => `${RMSPROP_ALPHA} · ${n.v} + ${written(1 - RMSPROP_ALPHA)} · ${n.g}²`,
      value: (n) => RMSPROP_ALPHA * n.v + (1 - RMSPROP_ALPHA) * n.g * n.g,
      words: l10n.t('the mean of the squares of late gradients'),
    },
    rootStep('v', l10n.t('the step: a weight whose gradients are large moves less')),
  ],
  adam: [
    {
      gives: 'm',
      markup: `m ← ${ADAM_BETA1} m + ${written(1 - ADAM_BETA1)} g`,
      numbers: (n) => `${ADAM_BETA1} · ${n.m} + ${written(1 - ADAM_BETA1)} · ${n.g}`,
      value: (n) => ADAM_BETA1 * n.m + (1 - ADAM_BETA1) * n.g,
      words: l10n.t('the mean of late gradients'),
    },
    {
      gives: 'v',
      markup: `v ← ${ADAM_BETA2} v + ${written(1 - ADAM_BETA2)} g²`,
      numbers: (n) => `${ADAM_BETA2} · ${n.v} + ${written(1 - ADAM_BETA2)} · ${n.g}²`,
      value: (n) => ADAM_BETA2 * n.v + (1 - ADAM_BETA2) * n.g * n.g,
      words: l10n.t('the mean of their squares'),
    },
    corrected('m', ADAM_BETA1),
    corrected('v', ADAM_BETA2),
    {
      gives: 'Δ',
      markup: 'Δ = −η {m̂|√v̂ + ε}',
      numbers: (n) => `−${n.η} · ${n['m̂']} / (√${n['v̂']} + ${written(EPSILON)})`,
      value: (n) => (-n.η * n['m̂']) / (Math.sqrt(n['v̂']) + EPSILON),
      words: l10n.t('the step: the mean gradient, in units of its usual size'),
    },
  ],
};

/** Adagrad's step and RMSprop's: the gradient in units of the root of its squares. */
function rootStep(sign: string, words: string): UpdateFormula {
  return {
    gives: 'Δ',
    markup: `Δ = −η {g|√${sign} + ε}`,
    numbers: (n) => `−${n.η} · ${n.g} / (√${n[sign]} + ${written(EPSILON)})`,
    value: (n) => (-n.η * n.g) / (Math.sqrt(n[sign]) + EPSILON),
    words,
  };
}

/** A mean that began at 0 is too small in its first steps. */
function corrected(sign: string, decay: number): UpdateFormula {
  return {
    gives: `${sign}̂`,
    markup: `${sign}̂ = {${sign}|1 − ${decay}ᵏ}`,
    numbers: (n) => `${n[sign]} / (1 − ${decay}^${n.k})`,
    value: (n) => n[sign] / (1 - decay ** n.k),
    words: l10n.t('{sign} corrected for having begun at 0, in step k', { sign }),
  };
}

export interface UpdateLine {
  readonly formula: UpdateFormula;
  readonly numbers: string;
  readonly value: number;
}

/**
 * The lines of a step with their numbers, from what is given; what a line gives is read by those after it.
 * @param write how a number stands in a line.
 */
export function updateLines(
  formulas: readonly UpdateFormula[],
  given: Numbers,
  write: (value: number, sign: string) => string,
): UpdateLine[] {
  const known: Record<string, number> = { ...given };
  const inText = (sign: string, value: number): string => (value < 0 ? `(${write(value, sign)})` : write(value, sign));
  return formulas.map((formula) => {
    const texts = Object.fromEntries(Object.entries(known).map(([sign, value]) => [sign, inText(sign, value)]));
    const value = formula.value(known);
    known[formula.gives] = value;
    return { formula, numbers: formula.numbers(texts), value };
  });
}

/** A constant as it is meant: 0.1 for 1 − 0.9. */
function written(constant: number): string {
  const plain = Number(constant.toPrecision(6));
  const exponent = Math.round(Math.log10(plain));
  return plain < 1e-4 ? powerOfTen(exponent) : String(plain);
}
