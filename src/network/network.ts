import { CELLS, type CellName } from './cells.ts';
import {
  type Activation,
  type Cell,
  type Equation,
  isRefTo,
  readRef,
  type Ref,
  refsOf,
  renamed,
} from './description.ts';

/** What the settings say of a network. */
export interface NetworkChoice {
  readonly cell: CellName;
  /** From the input to the output, at least 1. */
  readonly layers: number;
}

/** A network has no more layers than these. */
export const MAX_LAYERS = 4;

/** A letter of a shape: vocabulary size V, hidden size H. */
export type Axis = 'V' | 'H';
/** What a parameter does. The output's are two of their own. */
export type Role = 'input' | 'recurrent' | 'bias' | 'output' | 'outputBias';

export interface Parameter {
  readonly name: string;
  /** (rows, columns) of a weight, (rows) of a bias. */
  readonly axes: readonly Axis[];
  readonly role: Role;
  /** The quantity that its equation gives, to whose error its gradient belongs. */
  readonly of: string;
  /** What it multiplies; a bias multiplies nothing. */
  readonly times?: Ref;
  /** Counted from 1; the output belongs to none. */
  readonly layer?: number;
  /** What it is, in words. */
  readonly words: string;
  /** What the cell says that the bias begins with, if anything. */
  readonly begins?: number;
  /** Of the bias of a gate that decides how long a unit remembers: 1 of one that keeps, −1 of one that lets in. */
  readonly timescale?: 1 | -1;
}

export interface Quantity {
  readonly name: string;
  readonly axis: Axis;
  readonly layer?: number;
  readonly words: string;
}

/** The logits o = W_ao a + b_o, and the probabilities ŷ = softmax o. */
export type OutputEquations = readonly [
  logits: Extract<Equation, { affine: unknown }>,
  probabilities: { readonly gives: string; readonly softmax: Ref },
];
export type NetworkEquation = Equation | OutputEquations[1];

/** A step of the backward pass. Every derivative is of the total loss. */
export type Step =
  /** L(t), of the last equation's quantity. */
  | { readonly kind: 'loss' }
  /** ∂q(t): the sum over all that read q, at this time step and, of a state, at the next one. */
  | { readonly kind: 'error'; readonly of: string }
  /** ∂W(t) = ∂u vᵀ of a weight, ∂b(t) = ∂u of a bias. */
  | { readonly kind: 'contribution'; readonly to: string; readonly u: string; readonly v?: Ref }
  /** What goes to the state of the time step before. */
  | { readonly kind: 'message'; readonly to: string };

/** All that follows from a cell and a number of layers. Names of layer l ≥ 2 end in `.l`; those of the first layer are plain. */
export interface Network extends NetworkChoice {
  /** In the order of every table, array and file: those of an equation together, weights first. */
  readonly parameters: readonly Parameter[];
  readonly parameterNames: readonly string[];
  /** Of all layers, the lowest first: what is carried from one window to the next. */
  readonly states: readonly string[];
  /** Of the forward pass, in its order, the output's two last. */
  readonly quantities: readonly Quantity[];
  readonly equations: readonly NetworkEquation[];
  /** Those of the layers, and the two of the output that follow them. */
  readonly layerEquations: readonly Equation[];
  readonly output: OutputEquations;
  /** Of the backward pass, in its order. */
  readonly steps: readonly Step[];
  /** What has a norm at every time step: the contribution of every parameter, then the error of every quantity of a layer. */
  readonly stepQuantities: readonly string[];
}

/** A term of a sum has no more factors than these. */
const MOST_FACTORS = 2;

/** The quantities between the last layer and the loss. */
const LOGITS = 'o';
const PROBABILITIES = 'yhat';
const OUTPUT_WEIGHTS = 'W_ao';
const OUTPUT_BIAS = 'b_o';
const INPUT = 'x';

const described = new Map<string, Network>();

/**
 * Describes the network that the settings choose. A pure function: nothing of it needs to travel between threads. The same choice gives
 * the same object, by which whatever follows from it can be kept.
 */
export function networkOf({ cell, layers }: NetworkChoice): Network {
  const key = `${cell} ${layers}`;
  const network = described.get(key) ?? { cell, ...networkFrom(CELLS[cell], layers) };
  described.set(key, network);
  return network;
}

/** What {@link networkOf} says, of any cell. */
export function networkFrom(cell: Cell, layers: number): Omit<Network, 'cell'> {
  checkRefs(cell);
  const inLayers = Array.from({ length: layers }, (_, index) => layerOf(cell, index + 1));
  const output: OutputEquations = [
    { gives: LOGITS, affine: [[OUTPUT_WEIGHTS, inLayers[layers - 1].states[0]]], bias: OUTPUT_BIAS },
    { gives: PROBABILITIES, softmax: LOGITS },
  ];
  const layerEquations = inLayers.flatMap((layer) => layer.equations);
  const equations = [...layerEquations, ...output];
  const states = inLayers.flatMap((layer) => layer.states);
  const parameters = [...inLayers.flatMap((layer) => layer.parameters), ...outputParameters(inLayers[layers - 1])];
  const inCells = inLayers.flatMap((layer) => layer.quantities);
  return {
    layers,
    parameters,
    parameterNames: parameters.map(({ name }) => name),
    states,
    quantities: [
      ...inCells,
      { name: LOGITS, axis: 'V', words: 'logits' },
      { name: PROBABILITIES, axis: 'V', words: 'probabilities' },
    ],
    equations,
    layerEquations,
    output,
    steps: stepsOf(equations, states),
    stepQuantities: [...parameters.map(({ name }) => name), ...inCells.map(({ name }) => errorName(name))],
  };
}

/** The name of the derivative of the loss with respect to a quantity: `dh`. */
export function errorName(quantity: string): string {
  return `d${quantity}`;
}

/** A name of a layer; the first layer has the plain ones. */
export function nameInLayer(name: string, layer: number): string {
  return layer === 1 ? name : `${name}.${layer}`;
}

/** How long each axis of a parameter is: (rows, columns) or (rows). */
export function shapeOf({ axes }: Pick<Parameter, 'axes'>, sizes: Readonly<Record<Axis, number>>): number[] {
  return axes.map((axis) => sizes[axis]);
}

/** Numbers of a parameter. */
export function sizeOf(parameter: Pick<Parameter, 'axes'>, sizes: Readonly<Record<Axis, number>>): number {
  return shapeOf(parameter, sizes).reduce((size, length) => size * length, 1);
}

/** Multiplications of the weights with what they multiply, for one symbol; of those of the input a column is picked. */
export function productNumbers(
  parameters: readonly Pick<Parameter, 'axes' | 'times'>[],
  sizes: Readonly<Record<Axis, number>>,
): number {
  let numbers = 0;
  for (const parameter of parameters) {
    if (parameter.times !== undefined && parameter.times !== INPUT) numbers += sizeOf(parameter, sizes);
  }
  return numbers;
}

interface Layer {
  readonly equations: readonly Equation[];
  readonly parameters: readonly Parameter[];
  readonly quantities: readonly Quantity[];
  readonly states: readonly string[];
}

/** @throws {TypeError} for a reference that its kind of equation has no meaning for, or that names nothing, and for a long product. */
function checkRefs({ states, equations }: Cell): void {
  const given = new Set<string>();
  for (const equation of equations) {
    for (const ref of refsOf(equation)) {
      const { name, isBefore, isLeft } = readRef(ref);
      const isKnown = isBefore ? states.includes(name) : given.has(name);
      const isInput = ref === INPUT && 'affine' in equation;
      if (isInput || (isKnown && (!isLeft || 'sum' in equation))) continue;
      throw new TypeError(`The equation of ${equation.gives} cannot read "${ref}".`);
    }
    if ('sum' in equation && equation.sum.some((factors) => factors.length > MOST_FACTORS)) {
      throw new TypeError(
        `A term of ${equation.gives} has more than ${MOST_FACTORS} factors; give their product a name of its own.`,
      );
    }
    given.add(equation.gives);
  }
}

function layerOf(cell: Cell, layer: number): Layer {
  const isFirst = layer === 1;
  const inLayer = (name: string): string => nameInLayer(name, layer);
  const below = nameInLayer(cell.states[0], layer - 1);
  const refInLayer = (ref: Ref): Ref => (ref === INPUT ? (isFirst ? INPUT : below) : renamed(ref, inLayer));
  const wordsOf = (name: string): string => cell.words[name] ?? name;
  const parameters = cell.equations.flatMap((equation): Parameter[] => {
    if (!('affine' in equation)) return [];
    const common = { of: inLayer(equation.gives), layer };
    const weights = equation.affine.map(([name, of]): Parameter => ({
      ...common,
      name: inLayer(name),
      axes: ['H', of === INPUT && isFirst ? 'V' : 'H'],
      role: readRef(of).isBefore ? 'recurrent' : 'input',
      times: refInLayer(of),
      words: wordsOf(name),
    }));
    const name = equation.bias;
    const begins = cell.initialBias?.[name];
    const timescale = cell.timescaleBias?.[name];
    const bias: Parameter = {
      ...common,
      name: inLayer(name),
      axes: ['H'],
      role: 'bias',
      words: wordsOf(name),
      ...(begins !== undefined && { begins }),
      ...(timescale && { timescale }),
    };
    return [...weights, bias];
  });
  return {
    parameters,
    equations: cell.equations.map((equation) => equationInLayer(equation, inLayer, refInLayer)),
    quantities: cell.equations.map(({ gives }) => ({ name: inLayer(gives), axis: 'H', layer, words: wordsOf(gives) })),
    states: cell.states.map(inLayer),
  };
}

function equationInLayer(
  equation: Equation,
  inLayer: (name: string) => string,
  refInLayer: (ref: Ref) => Ref,
): Equation {
  const gives = inLayer(equation.gives);
  if ('affine' in equation) {
    const affine = equation.affine.map(([weight, of]) => [inLayer(weight), refInLayer(of)] as const);
    return { gives, affine, bias: inLayer(equation.bias) };
  }
  if ('apply' in equation) return { gives, apply: equation.apply, to: refInLayer(equation.to) };
  return { gives, sum: equation.sum.map((factors) => factors.map(refInLayer)) };
}

function outputParameters({ states }: Layer): Parameter[] {
  const words = { [OUTPUT_WEIGHTS]: 'hidden → output weights', [OUTPUT_BIAS]: 'output bias' };
  const common = { of: LOGITS };
  return [
    {
      ...common,
      name: OUTPUT_WEIGHTS,
      axes: ['V', 'H'],
      role: 'output',
      times: states[0],
      words: words[OUTPUT_WEIGHTS],
    },
    { ...common, name: OUTPUT_BIAS, axes: ['V'], role: 'outputBias', words: words[OUTPUT_BIAS] },
  ];
}

/**
 * The loss; then, from the last equation to the first, the error of what it gives and, where it is affine, the contributions of its
 * bias and its weights; then a message for each state.
 */
function stepsOf(equations: readonly NetworkEquation[], states: readonly string[]): Step[] {
  const steps: Step[] = [{ kind: 'loss' }];
  for (const equation of equations.toReversed()) {
    const { gives: u } = equation;
    steps.push({ kind: 'error', of: u });
    if (!('affine' in equation)) continue;
    steps.push({ kind: 'contribution', to: equation.bias, u });
    for (const [to, v] of equation.affine) steps.push({ kind: 'contribution', to, u, v });
  }
  return [...steps, ...states.map((to): Step => ({ kind: 'message', to }))];
}

/** The function that gives a quantity; undefined for what is a product or a sum. */
export function activationOf(
  { layerEquations }: Pick<Network, 'layerEquations'>,
  quantity: string,
): Activation | undefined {
  const equation = layerEquations.find(({ gives }) => gives === quantity);
  return equation !== undefined && 'apply' in equation ? equation.apply : undefined;
}

/** What reads a quantity: equations of the same time step, and, of a state, of the next one. */
export function readersOf(
  { equations }: Pick<Network, 'equations'>,
  quantity: string,
): { readonly now: readonly NetworkEquation[]; readonly next: readonly NetworkEquation[] } {
  const reads = (isBefore: boolean) => (equation: NetworkEquation) =>
    ('softmax' in equation ? [equation.softmax] : refsOf(equation)).some((ref) =>
      isRefTo(ref, { name: quantity, isBefore }),
    );
  return { now: equations.filter(reads(false)), next: equations.filter(reads(true)) };
}
