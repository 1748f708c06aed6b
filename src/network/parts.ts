import { isRefTo, readRef, refsOf, type Equation } from './description.ts';
import { readersOf, type Network } from './network.ts';
import { statesOfLayer } from './wayBack.ts';

/**
 * The parts of a layer that a person thinks in: its gates and candidates, each with what leads to it, and its states. Every equation
 * of a layer belongs to one of them, by what feeds into what.
 */
export interface Part {
  /** Of a gate, the quantity that it is called by; of the states, the first of them. */
  readonly name: string;
  readonly layer: number;
  readonly isState: boolean;
  /** The quantity, or the states, that it is about. */
  readonly about: readonly string[];
  /** What its equations give, in the order of the forward pass. */
  readonly gives: readonly string[];
}

/** The parts of a layer, each where the forward pass comes to it first. */
export function partsOf(network: Network, layer: number): Part[] {
  const states = statesOfLayer(network, layer);
  const equations = network.layerEquations.filter(({ gives }) =>
    network.quantities.some((quantity) => quantity.name === gives && quantity.layer === layer),
  );
  const heads = new Map<string, string>();
  for (const equation of equations.toReversed()) {
    heads.set(equation.gives, headOf(network, equations, states, equation, heads));
  }
  const names = new Set(equations.map(({ gives }) => heads.get(gives) ?? gives));
  return [...names].map((name) => {
    const gives = equations.filter((equation) => heads.get(equation.gives) === name).map((equation) => equation.gives);
    const isState = name === states[0];
    return { name, layer, isState, about: isState ? states.filter((state) => gives.includes(state)) : [name], gives };
  });
}

/** The part that a quantity of the forward pass is in; undefined of the output's. */
export function partOf(network: Network, quantity: string): Part | undefined {
  const layer = network.quantities.find(({ name }) => name === quantity)?.layer;
  return layer === undefined ? undefined : partsOf(network, layer).find(({ gives }) => gives.includes(quantity));
}

/**
 * What the part of an equation is called by. An activation of what weights lead to is a gate; what leads to gates belongs to the
 * first that reads it; what weights give and states read as it is, is a gate too. All else is about the states.
 */
function headOf(
  network: Network,
  equations: readonly Equation[],
  states: readonly string[],
  equation: Equation,
  heads: ReadonlyMap<string, string>,
): string {
  const { gives } = equation;
  const [ofStates] = states;
  if ('apply' in equation) return comesOfWeights(equations, states, equation) ? gives : ofStates;
  if (states.includes(gives)) return ofStates;
  const read = readersOf(network, gives).now.map((reader) => heads.get(reader.gives));
  const gate = read.find((head) => head !== undefined && head !== ofStates);
  if (gate !== undefined) return gate;
  const isOnTheWay = readersOf(network, gives).now.some((reader) => 'apply' in reader);
  return 'affine' in equation && !isOnTheWay ? gives : ofStates;
}

/** Whether weights lead to an equation, other than by a state. */
function comesOfWeights(equations: readonly Equation[], states: readonly string[], equation: Equation): boolean {
  if ('affine' in equation) return true;
  return refsOf(equation).some((ref) => {
    const { name, isBefore } = readRef(ref);
    if (isBefore || states.includes(name)) return false;
    const given = equations.find((other) => isRefTo(ref, { name: other.gives, isBefore: false }));
    return given !== undefined && comesOfWeights(equations, states, given);
  });
}
