import { readRef, type Activation, type Equation, type Ref } from '../network/description.ts';
import { readersOf, type Network, type Parameter } from '../network/network.ts';

/**
 * What the fast kernels do for a network, made from its equations: products, and between them small programs over rows. No
 * kernel is written for a cell by hand.
 */

/** The tensor of a quantity or of its error, at a time step. */
export interface Place {
  readonly side: 'value' | 'error';
  /** The quantity; of a value, the one in whose tensor it lies. */
  readonly of: string;
  /** That of the time step before. */
  readonly isBefore: boolean;
}

/** A weight and what it multiplies: to = W v on side A; ∂v = Wᵀ ∂u and ∂W = Σ ∂u vᵀ on side B. */
export interface Product {
  readonly weight: Parameter;
  readonly to: Place;
  readonly v: Place;
  readonly u: Place;
  readonly errorOfV: Place;
}

/** A product on one of the sides. */
export interface ProductUse {
  readonly product: Product;
  /** Whether something is there already to which it is added. */
  readonly adds: boolean;
}

export interface Factor {
  readonly place: Place;
  /** Whether what is left of it to one is meant. */
  readonly isLeft: boolean;
}

/** What is done to all rows of a time step, one row after the other. */
export type RowOperation =
  /** to = to + the column of a weight that is read + bias. */
  | {
      readonly kind: 'affine';
      readonly to: Place;
      /** Of one-hot inputs. */
      readonly columnOf: string | undefined;
      readonly bias: string;
      /** Whether a product is there already, to which they are added. */
      readonly adds: boolean;
    }
  | { readonly kind: 'apply'; readonly apply: Activation; readonly to: Place; readonly from: Place }
  /** to = f′ ⊙ error, with the slope f′ from what the function gave. */
  | {
      readonly kind: 'slope';
      readonly apply: Activation;
      readonly to: Place;
      readonly gave: Place;
      readonly error: Place;
      readonly adds: boolean;
    }
  /** to = ± one factor, or the product of two. */
  | {
      readonly kind: 'multiply';
      readonly to: Place;
      readonly factors: readonly [Factor] | readonly [Factor, Factor];
      readonly isNegative: boolean;
      readonly adds: boolean;
    };

/** A part of a time step. What goes to the step before is left out of the first one. */
export type Stage =
  | { readonly kind: 'products'; readonly products: readonly ProductUse[]; readonly isBefore: boolean }
  | { readonly kind: 'rows'; readonly operations: readonly RowOperation[] };

export interface LayerProgram {
  /** Products with what the layer below gives, on either side: of all time steps at once. */
  readonly inputs: { readonly forward: readonly ProductUse[]; readonly backward: readonly ProductUse[] };
  readonly forward: readonly Stage[];
  readonly backward: readonly Stage[];
  /** States whose errors come from the next time step alone, so that those of the last one begin with zeros. */
  readonly endsWithZeros: readonly string[];
}

export interface Program {
  /** Quantities of the layers that have a tensor; a pre-activation is overwritten by what it is passed through. */
  readonly stored: readonly string[];
  /** From the lowest to the highest. */
  readonly layers: readonly LayerProgram[];
  readonly output: Product;
}

const INPUT = 'x';

type Affine = Extract<Equation, { affine: unknown }>;

export function programOf(network: Network): Program {
  const { layerEquations, output, quantities, layers } = network;
  const places = new Places(network);
  const equationsOf = (layer: number): readonly Equation[] =>
    layerEquations.filter(({ gives }) => quantities.some((one) => one.name === gives && one.layer === layer));
  const [logits] = output;
  const [weight, given] = logits.affine[0];
  const ofLayers: LayerProgram[] = [];
  // What a layer gives is read by products of the output, or of the layer above.
  let read: ReadonlySet<string> = new Set([given]);
  for (let layer = layers; layer >= 1; layer--) {
    const program = programOfLayer(network, places, equationsOf(layer), read);
    ofLayers.unshift(program);
    read = new Set(program.inputs.forward.map(({ product }) => product.v.of));
  }
  return {
    stored: [...new Set(layerEquations.map(({ gives }) => places.value(gives).of))],
    layers: ofLayers,
    output: places.product(logits, weight, given),
  };
}

/** Where what the equations name lies. */
class Places {
  readonly #network: Network;
  /** In whose tensor a quantity lies that has none of its own. */
  readonly #storage = new Map<string, string>();

  constructor(network: Network) {
    this.#network = network;
    for (const equation of network.layerEquations) {
      const { gives } = equation;
      const { now } = readersOf(network, gives);
      if ('apply' in equation || network.states.includes(gives) || now.length !== 1) continue;
      // What a function alone reads is overwritten by what it gives, from which its slope follows too.
      if ('apply' in now[0]) this.#storage.set(gives, now[0].gives);
    }
  }

  value(ref: Ref): Place {
    const { name, isBefore } = readRef(ref);
    return { side: 'value', of: this.#storage.get(name) ?? name, isBefore };
  }

  error(ref: Ref): Place {
    const { name, isBefore } = readRef(ref);
    return { side: 'error', of: name, isBefore };
  }

  factor(ref: Ref): Factor {
    return { place: this.value(ref), isLeft: readRef(ref).isLeft };
  }

  product({ gives }: Affine, weight: string, of: Ref): Product {
    const parameter = this.#network.parameters.find(({ name }) => name === weight);
    if (parameter === undefined) throw new RangeError(`The network has no parameter "${weight}".`);
    return {
      weight: parameter,
      to: this.value(gives),
      v: this.value(of),
      u: this.error(gives),
      errorOfV: this.error(of),
    };
  }
}

/** Places that something was written to, to which what comes next is added. */
class Begun {
  readonly #places: Set<string>;

  constructor(places: readonly Place[] = []) {
    this.#places = new Set(places.map(keyOf));
  }

  /** Whether it had begun before. */
  begin(place: Place): boolean {
    const had = this.#places.has(keyOf(place));
    this.#places.add(keyOf(place));
    return had;
  }
}

function keyOf({ side, of, isBefore }: Place): string {
  return `${side} ${of} ${isBefore}`;
}

/** Collects stages; operations on rows that follow one another are one. */
class Stages {
  readonly list: Stage[] = [];
  #operations: RowOperation[] | undefined;

  add(operation: RowOperation): void {
    if (this.#operations === undefined) this.list.push({ kind: 'rows', operations: (this.#operations = []) });
    this.#operations.push(operation);
  }

  addProducts(products: readonly ProductUse[], isBefore: boolean): void {
    if (products.length === 0) return;
    this.list.push({ kind: 'products', products, isBefore });
    this.#operations = undefined;
  }
}

/** The products of a layer's affine equations but those with one-hot inputs, which only pick a column. */
interface LayerProducts {
  readonly ofBelow: readonly Product[];
  readonly ofStepBefore: readonly Product[];
  /** By what the equation gives. */
  readonly ofThisStep: ReadonlyMap<string, readonly Product[]>;
}

function productsOf(equations: readonly Equation[], places: Places): LayerProducts {
  const isOwn = (ref: Ref): boolean => equations.some(({ gives }) => gives === readRef(ref).name);
  const products = equations
    .filter((equation) => 'affine' in equation)
    .flatMap((equation) =>
      equation.affine
        .filter(([, of]) => of !== INPUT)
        .map(([weight, of]) => ({ of, gives: equation.gives, product: places.product(equation, weight, of) })),
    );
  const ofThisStep = products.filter(({ of }) => isOwn(of) && !readRef(of).isBefore);
  return {
    ofBelow: products.filter(({ of }) => !isOwn(of)).map(({ product }) => product),
    ofStepBefore: products.filter(({ of }) => readRef(of).isBefore).map(({ product }) => product),
    ofThisStep: new Map(
      equations.map(({ gives }) => [
        gives,
        ofThisStep.filter((one) => one.gives === gives).map(({ product }) => product),
      ]),
    ),
  };
}

/** @param given what of the layer products above it read, in all time steps at once: there, side B begins. */
function programOfLayer(
  network: Network,
  places: Places,
  equations: readonly Equation[],
  given: ReadonlySet<string>,
): LayerProgram {
  const products = productsOf(equations, places);
  const values = new Begun();
  const inputs = products.ofBelow.map((product) => ({ product, adds: values.begin(product.to) }));
  const fromAbove = [...given].flatMap((name) => [places.error(name), places.error(`${name}⁻`)]);
  const fromNext = equations
    .map(({ gives }) => gives)
    .filter((name) => network.states.includes(name) && readersOf(network, name).next.length > 0);
  const errors = new Begun([...fromAbove, ...fromNext.map((name) => places.error(name))]);
  return {
    inputs: { forward: inputs, backward: products.ofBelow.map((product, at) => ({ product, adds: at > 0 })) },
    forward: forwardStages(equations, products, places, values),
    backward: backwardStages(equations, products, places, errors),
    endsWithZeros: fromNext.filter((name) => !given.has(name)),
  };
}

function forwardStages(
  equations: readonly Equation[],
  products: LayerProducts,
  places: Places,
  begun: Begun,
): readonly Stage[] {
  const stages = new Stages();
  const use = (product: Product): ProductUse => ({ product, adds: begun.begin(product.to) });
  stages.addProducts(products.ofStepBefore.map(use), false);
  for (const equation of equations) {
    const to = places.value(equation.gives);
    if ('affine' in equation) {
      stages.addProducts((products.ofThisStep.get(equation.gives) ?? []).map(use), false);
      const columnOf = equation.affine.find(([, of]) => of === INPUT)?.[0];
      stages.add({ kind: 'affine', to, columnOf, bias: equation.bias, adds: begun.begin(to) });
    } else if ('apply' in equation) {
      stages.add({ kind: 'apply', apply: equation.apply, to, from: places.value(equation.to) });
    } else {
      equation.sum.forEach((refs, at) => {
        const factors = twoAtMost(refs.map((ref) => places.factor(ref)));
        stages.add({ kind: 'multiply', to, factors, isNegative: false, adds: at > 0 });
      });
    }
  }
  return stages.list;
}

/**
 * Every equation passes its error on to what it reads, the last equation first; products with what goes to the time step before
 * come last, together.
 */
function backwardStages(
  equations: readonly Equation[],
  products: LayerProducts,
  places: Places,
  begun: Begun,
): readonly Stage[] {
  const stages = new Stages();
  const use = (product: Product): ProductUse => ({ product, adds: begun.begin(product.errorOfV) });
  for (const equation of equations.toReversed()) {
    const error = places.error(equation.gives);
    if ('affine' in equation) {
      stages.addProducts((products.ofThisStep.get(equation.gives) ?? []).map(use), false);
    } else if ('apply' in equation) {
      const to = places.error(equation.to);
      const gave = places.value(equation.gives);
      stages.add({ kind: 'slope', apply: equation.apply, to, gave, error, adds: begun.begin(to) });
    } else {
      for (const refs of equation.sum) {
        refs.forEach((ref, at) => {
          const others = refs.filter((_, index) => index !== at).map((other) => places.factor(other));
          const factors = twoAtMost([{ place: error, isLeft: false }, ...others]);
          const to = places.error(ref);
          stages.add({ kind: 'multiply', to, factors, isNegative: readRef(ref).isLeft, adds: begun.begin(to) });
        });
      }
    }
  }
  stages.addProducts(products.ofStepBefore.map(use), true);
  return stages.list;
}

function twoAtMost(factors: readonly Factor[]): readonly [Factor] | readonly [Factor, Factor] {
  const [first, second] = factors;
  if (factors.length > 2) throw new RangeError('The kernels multiply two factors at most.');
  return factors.length === 1 ? [first] : [first, second];
}
