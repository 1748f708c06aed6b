import { CELL_NAMES, type CellName } from './cells.ts';
import { type Activation, type Equation, readRef } from './description.ts';
import { networkOf, readersOf, type Network, type NetworkEquation } from './network.ts';

/** The functions of a network, and which of them are gates. */

/** A function of a layer: an equation that applies one. */
export interface NetworkFunction {
  /** What it gives, by its name in code: `q.2`. */
  readonly gives: string;
  /** What it is applied to. */
  readonly to: string;
  readonly layer: number;
  readonly activation: Activation;
  /** Whether it does nothing but scale other quantities: a sigmoid whose readers all multiply it. */
  readonly isGate: boolean;
  /** Whether it is applied to a state, whose error goes on to the time step before past it. */
  readonly isOfState: boolean;
  /** Of a gate: whether all that its layer gives goes through it, so that no error enters the layer where it is shut. */
  readonly isOnlyWay: boolean;
}

type Described = Pick<Network, 'layerEquations' | 'equations' | 'quantities' | 'states'>;

const known = new WeakMap<readonly Equation[], readonly NetworkFunction[]>();

/** Of all layers, in the order of the forward pass: the same list for the same network. */
export function functionsOf(network: Described): readonly NetworkFunction[] {
  const functions = known.get(network.layerEquations) ?? described(network);
  known.set(network.layerEquations, functions);
  return functions;
}

function described(network: Described): NetworkFunction[] {
  return network.layerEquations.flatMap((equation): NetworkFunction[] => {
    if (!('apply' in equation)) return [];
    const { gives, apply: activation, to } = equation;
    const readers = readersOf(network, gives);
    const all = [...readers.now, ...readers.next];
    const isGate = activation === 'sigmoid' && all.length > 0 && all.every((reader) => multiplies(reader, gives));
    const layer = layerOf(network, gives);
    const isOfState = network.states.includes(to);
    return [{ gives, to, layer, activation, isGate, isOfState, isOnlyWay: isGate && isOnlyWay(network, gives, layer) }];
  });
}

/** Whether a quantity stands in an equation in products with others alone. */
function multiplies(equation: NetworkEquation, quantity: string): boolean {
  if (!('sum' in equation)) return false;
  return equation.sum.every((factors) => factors.length > 1 || readRef(factors[0]).name !== quantity);
}

function isOnlyWay(network: Described, gate: string, layer: number): boolean {
  const given = network.states.find((state) => layerOf(network, state) === layer);
  const equation = network.layerEquations.find(({ gives }) => gives === given);
  return equation !== undefined && 'sum' in equation && equation.sum.every((factors) => factors.includes(gate));
}

function layerOf({ quantities }: Pick<Network, 'quantities'>, name: string): number {
  return quantities.find((quantity) => quantity.name === name)?.layer ?? 1;
}

/** The cells by whose gates errors are carried past the recurrent weights, for whoever has none: by their names in the settings. */
export function gatedCells(): readonly CellName[] {
  return CELL_NAMES.filter((cell) => functionsOf(networkOf({ cell, layers: 1 })).some(({ isGate }) => isGate));
}
