import type { Activation } from './description.ts';
import { SATURATED, SATURATED_PERCENT, SATURATED_SLOPE } from './saturation.ts';

/** The slope of an activation, which all follow from what it gave. */
export interface Slope {
  /** As a formula of what the activation gave: `1 − a(t)²`. */
  readonly of: (gave: string) => string;
  /** The same as a factor. */
  readonly factorOf: (gave: string) => string;
  readonly at: (gave: number) => number;
  /** What it does to errors, of an activation that gave `name`. */
  readonly meaning: (name: string) => string;
  /** How the activation is written in formulas, and called in sentences. */
  readonly symbol: string;
  readonly words: string;
  /** Where it lets no error pass. */
  readonly shut: string;
  /** What it is called where it lets nearly no error pass: saturated. */
  readonly stopped: string;
  /** Where that is, of an activation that gave `name`: `|a| > 0.97`; and what an error loses there. */
  readonly stoppedWhere: (name: string) => string;
  readonly stoppedPasses: string;
  /** Whether that is nothing at all: the slope is 0 or 1. */
  readonly passesNothing: boolean;
}

export const SLOPES: Readonly<Record<Activation, Slope>> = {
  tanh: {
    of: (gave) => `1 − ${gave}²`,
    factorOf: (gave) => `(1 − ${gave}²)`,
    at: (gave) => 1 - gave * gave,
    meaning: (name) => `The slope of tanh: where |${name}| is near 1 the factor is near 0 and the error stops there.`,
    symbol: 'tanh',
    words: 'tanh',
    shut: 'near 0 where units are saturated',
    stopped: 'saturated',
    stoppedWhere: (name) => `|${name}| > ${SATURATED}`,
    stoppedPasses: `less than ${SATURATED_PERCENT} %`,
    passesNothing: false,
  },
  sigmoid: {
    of: (gave) => `${gave} ⊙ (1 − ${gave})`,
    factorOf: (gave) => `${gave} ⊙ (1 − ${gave})`,
    at: (gave) => gave * (1 - gave),
    meaning: () => 'The slope of the sigmoid: at most ¼, and near 0 where the gate is fully open or shut.',
    symbol: 'σ',
    words: 'sigmoid',
    shut: 'near 0 where units are saturated',
    stopped: 'saturated',
    stoppedWhere: (name) => `${name} (1 − ${name}) < ${SATURATED_SLOPE.toFixed(3)}`,
    stoppedPasses: `less than ${SATURATED_PERCENT} %`,
    passesNothing: false,
  },
  relu: {
    of: (gave) => `[${gave} > 0]`,
    factorOf: (gave) => `[${gave} > 0]`,
    at: (gave) => (gave > 0 ? 1 : 0),
    meaning: () => 'The slope of ReLU: 1 where the unit is on, and 0 where it is off and the error stops.',
    symbol: 'ReLU',
    words: 'ReLU',
    shut: '0 where units are off',
    stopped: 'off',
    stoppedWhere: (name) => `${name} = 0`,
    stoppedPasses: 'nothing',
    passesNothing: true,
  },
};
