import type { Activation } from './description.ts';
import { written } from './names.ts';
import { activationOf, type Network } from './network.ts';
import { SATURATION, SLOPES } from './slopes.ts';
import { wayBackOf } from './wayBack.ts';

/** What a function is called in sentences, of the quantity that it gives. */
export interface FunctionWords {
  /** The quantity as it is written: `a`, `f⁽²⁾`. */
  readonly gave: string;
  /** The function, what it is called, and its slope: `tanh`, `1 − a²`. */
  readonly of: Activation;
  readonly activation: string;
  readonly slope: string;
  /** What units are called that let nearly no error pass, and which they are: `saturated`, `|a| > 0.97`. */
  readonly stopped: string;
  readonly stoppedWhere: string;
}

/** @throws {RangeError} for a quantity that no function gives. */
export function functionWordsOf(network: Network, quantity: string): FunctionWords {
  const of = activationOf(network, quantity);
  if (of === undefined) throw new RangeError(`No function gives "${quantity}".`);
  const gave = written(quantity);
  const saturation = SATURATION[of];
  return {
    gave,
    of,
    activation: SLOPES[of].words,
    slope: SLOPES[of].of(gave),
    stopped: saturation.unit,
    stoppedWhere: saturation.of(gave),
  };
}

/** What the single way of errors through a cell is called in sentences. */
export interface WayWords extends FunctionWords {
  /** The weight that carries errors back. */
  readonly weight: string;
  /** One step back as formulas, `∂h(s) = (1 − a(s)²) ⊙ Wᵀ ∂h(s+1)` and, of many steps, `diag(1 − a(r)²) Wᵀ`. */
  readonly oneStep: string;
  readonly factors: string;
}

/** Of a layer; undefined where errors go back by several ways at once. */
export function wayWordsOf(network: Network, layer = 1): WayWords | undefined {
  const way = wayBackOf(network, layer);
  if (way === undefined) return undefined;
  const [weight, state, preActivation] = [way.weight, way.state, way.preActivation].map(written);
  const { of, factorOf } = SLOPES[way.activation];
  return {
    ...functionWordsOf(network, way.state),
    weight,
    oneStep: `∂${preActivation}(s) = ${factorOf(`${state}(s)`)} ⊙ ${weight}ᵀ ∂${preActivation}(s+1)`,
    factors: `diag(${of(`${state}(r)`)}) ${weight}ᵀ`,
  };
}
