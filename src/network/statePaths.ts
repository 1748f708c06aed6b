import { isRefTo, readRef, type Ref } from './description.ts';
import { activationOf, type Network } from './network.ts';
import { statesOfLayer } from './wayBack.ts';

/** How each state comes to be from what was and from what comes: the products of which it is the sum. */

/**
 * What a product does for its state: it keeps something of what the state was, it adds something new to that, or it is all that is
 * given out.
 */
export type Job = 'kept' | 'added' | 'given';

export interface StatePart {
  readonly state: string;
  readonly job: Job;
  /** Of the product: one or two. */
  readonly factors: readonly Ref[];
  /** The factor that says how much of the other one passes, and that other one. */
  readonly gated?: { readonly gate: Ref; readonly of: Ref };
}

export interface StatePath {
  readonly state: string;
  readonly layer: number;
  /** What is kept first. None of a state that is no sum, as of a = tanh h. */
  readonly parts: readonly StatePart[];
}

/** Of every state, in the order of the network's states. */
export function statePaths(network: Network): readonly StatePath[] {
  return Array.from({ length: network.layers }, (_, index) => index + 1).flatMap((layer) =>
    statesOfLayer(network, layer).map((state) => ({ state, layer, parts: partsOf(network, state) })),
  );
}

/** The parts of all states, one after another: the rows of the tape's tables of them. */
export function stateParts(network: Network): readonly StatePart[] {
  return statePaths(network).flatMap(({ parts }) => parts);
}

/** Whether there is one state, and nothing that keeps or gives out some of it. */
export function isPlainPath(network: Network): boolean {
  return network.states.length === 1 && stateParts(network).length === 0;
}

function partsOf(network: Network, state: string): StatePart[] {
  const equation = network.layerEquations.find(({ gives }) => gives === state);
  if (equation === undefined || !('sum' in equation)) return [];
  const keeps = (factors: readonly Ref[]): boolean =>
    factors.some((ref) => isRefTo(ref, { name: state, isBefore: true }) && !readRef(ref).isLeft);
  const isGivenOut = equation.sum.length === 1 && !keeps(equation.sum[0]);
  const parts = equation.sum.map((factors): StatePart => {
    const job = keeps(factors) ? 'kept' : isGivenOut ? 'given' : 'added';
    const gate = gateOf(network, factors);
    const of = factors.find((ref) => ref !== gate);
    return { state, job, factors, ...(gate !== undefined && of !== undefined && { gated: { gate, of } }) };
  });
  return [...parts.filter(({ job }) => job === 'kept'), ...parts.filter(({ job }) => job !== 'kept')];
}

/** The one factor that is between 0 and 1. */
function gateOf(network: Network, factors: readonly Ref[]): Ref | undefined {
  const gates = factors.filter((ref) => {
    const { name, isBefore } = readRef(ref);
    return !isBefore && activationOf(network, name) === 'sigmoid';
  });
  return gates.length === 1 ? gates[0] : undefined;
}
