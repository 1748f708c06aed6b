import type { Activation } from './description.ts';
import { functionsOf, type NetworkFunction } from './functions.ts';
import { written } from './names.ts';
import { SATURATED, SATURATED_PERCENT, SATURATED_SLOPE } from './saturation.ts';

/** How the slope of an activation, a function of what it gave, is written and called; `slopeAt.ts` has its numbers. */
export interface Slope {
  /** As a formula of what the activation gave: `1 − a(t)²`. */
  readonly of: (gave: string) => string;
  /** The same as a factor. */
  readonly factorOf: (gave: string) => string;
  /** What it does to errors, of an activation that gave `name`. */
  readonly meaning: (name: string) => string;
  /** The largest that it can be. */
  readonly largest: number;
  /** How the activation is written in formulas, and called in sentences. */
  readonly symbol: string;
  readonly words: string;
  /** Where it lets no error pass. */
  readonly shut: string;
}

export const SLOPES: Readonly<Record<Activation, Slope>> = {
  tanh: {
    of: (gave) => `1 − ${gave}²`,
    factorOf: (gave) => `(1 − ${gave}²)`,
    meaning: (name) => `The slope of tanh: where |${name}| is near 1 the factor is near 0 and the error stops there.`,
    largest: 1,
    symbol: 'tanh',
    words: 'tanh',
    shut: 'near 0 where units are saturated',
  },
  sigmoid: {
    of: (gave) => `${gave} ⊙ (1 − ${gave})`,
    factorOf: (gave) => `${gave} ⊙ (1 − ${gave})`,
    meaning: () => 'The slope of the sigmoid: at most ¼, and near 0 where the gate is fully open or shut.',
    largest: 0.25,
    symbol: 'σ',
    words: 'sigmoid',
    shut: 'near 0 where units are saturated',
  },
  relu: {
    of: (gave) => `[${gave} > 0]`,
    factorOf: (gave) => `[${gave} > 0]`,
    meaning: () => 'The slope of ReLU: 1 where the unit is on, and 0 where it is off and the error stops.',
    largest: 1,
    symbol: 'ReLU',
    words: 'ReLU',
    shut: '0 where units are off',
  },
};

/** What is said of the numbers at which a function lets nearly no error pass; `isSaturated` of `model/activations.ts` finds them. */
export interface SaturationWords {
  /** Which ones of those named `gave` they are: `|a| > 0.97`. */
  readonly of: (gave: string) => string;
  /** What they are called in a sentence, and alone. */
  readonly called: string;
  readonly word: string;
  /** What such a unit is: saturated. */
  readonly unit: string;
  /** How much of an error passes there: `less than 6 %`; and whether that is nothing, of a slope that is 1 or 0. */
  readonly passes: string;
  readonly passesNothing: boolean;
}

const LITTLE = `less than ${SATURATED_PERCENT} %`;

export const SATURATION: Readonly<Record<Activation, SaturationWords>> = {
  tanh: {
    of: (gave) => `|${gave}| > ${SATURATED}`,
    called: 'saturated activations',
    word: 'saturation',
    unit: 'saturated',
    passes: LITTLE,
    passesNothing: false,
  },
  sigmoid: {
    of: (gave) => `${gave} (1 − ${gave}) < ${SATURATED_SLOPE.toFixed(3)}`,
    called: 'saturated activations',
    word: 'saturation',
    unit: 'saturated',
    passes: LITTLE,
    passesNothing: false,
  },
  relu: {
    of: (gave) => `${gave} = 0`,
    called: 'activations that are off',
    word: 'off',
    unit: 'off',
    passes: 'none',
    passesNothing: true,
  },
};

/**
 * The same of a whole network: the functions of which a run's saturation is measured, judged and told. Where there are others, those
 * are not among them that stop no error on its way back: gates, which keep where they are wide open and forget where they are shut; and a
 * function of a state, as the one of an LSTM's memory, which grows beyond ±2 where it is kept for long.
 */
export interface NetworkSaturation extends Omit<SaturationWords, 'of'> {
  /** By their names in code, of all layers. */
  readonly functions: readonly NetworkFunction[];
  /** What their limits are those of. */
  readonly activation: Activation;
  /** Whether the network has no functions but gates. */
  readonly areGates: boolean;
  /** Whether errors go past them through gates as well. */
  readonly hasGates: boolean;
  /** Which numbers, of whichever layer: `|g| > 0.97`. */
  readonly which: string;
  /** What lets so little pass, in a sentence: `the tanh`. */
  readonly whose: string;
}

export function saturationOf(network: Parameters<typeof functionsOf>[0]): NetworkSaturation {
  const all = functionsOf(network);
  const others = all.filter(({ isGate, isOfState }) => !isGate && !isOfState);
  const functions = others.length > 0 ? others : all;
  const ofFirstLayer = functions.filter(({ layer }) => layer === 1);
  const activations = [...new Set(functions.map(({ activation }) => activation))];
  const [activation = 'tanh'] = activations;
  return {
    ...SATURATION[activation],
    functions,
    activation,
    areGates: others.length === 0 && all.length > 0,
    hasGates: all.some(({ isGate }) => isGate),
    which: ofFirstLayer.map(({ gives, activation: of }) => SATURATION[of].of(written(gives))).join(' or '),
    whose: activations.length === 1 ? `the ${SLOPES[activation].words}` : 'each of their functions',
  };
}
