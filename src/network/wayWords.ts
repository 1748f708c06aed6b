import type { Activation } from './description.ts';
import { written } from './names.ts';
import type { Network } from './network.ts';
import { SATURATION, SLOPES } from './slopes.ts';
import { wayBackOf } from './wayBack.ts';

/** What the single way of errors through a cell is called in sentences. */
export interface WayWords {
  /** The weight that carries errors back. */
  readonly weight: string;
  /** The activation in the middle of the way, what it is called, and its slope: `tanh`, `1 − a²`. */
  readonly of: Activation;
  readonly activation: string;
  readonly slope: string;
  /** What units are called that let nearly no error pass, and which they are: `saturated`, `|a| > 0.97`. */
  readonly stopped: string;
  readonly stoppedWhere: string;
  /** One step back as formulas, `∂h(s) = (1 − a(s)²) ⊙ Wᵀ ∂h(s+1)` and, of many steps, `diag(1 − a(r)²) Wᵀ`. */
  readonly oneStep: string;
  readonly factors: string;
}

/** Undefined where errors go back by several ways at once. */
export function wayWordsOf(network: Network): WayWords | undefined {
  const way = wayBackOf(network);
  if (way === undefined) return undefined;
  const [weight, state, preActivation] = [way.weight, way.state, way.preActivation].map(written);
  const { words, of, factorOf } = SLOPES[way.activation];
  const saturation = SATURATION[way.activation];
  return {
    weight,
    of: way.activation,
    activation: words,
    slope: of(state),
    stopped: saturation.unit,
    stoppedWhere: saturation.of(state),
    oneStep: `∂${preActivation}(s) = ${factorOf(`${state}(s)`)} ⊙ ${weight}ᵀ ∂${preActivation}(s+1)`,
    factors: `diag(${of(`${state}(r)`)}) ${weight}ᵀ`,
  };
}

/** What bounds a state as it is carried on: the activation, or the cell as a whole. */
export function boundWords(network: Network): string {
  return wayWordsOf(network)?.activation ?? 'the cell';
}

/** What the influence is measured at: the pre-activation, or all of them together, which are called h. */
export function influencedOf(network: Network): string {
  return written(wayBackOf(network)?.preActivation ?? 'h');
}

/** The influence of an error on an earlier step: `‖∂L(t)/∂h(s)‖`. */
export function influenceMarkup(network: Network, t: number | 't' = 't', at = 's'): string {
  return `‖∂L(${t})/∂${influencedOf(network)}(${at})‖`;
}
