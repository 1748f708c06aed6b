import { readRef, type Equation, type Ref } from '../../network/description.ts';
import { readersOf, type Network } from '../../network/network.ts';
import type { Factor, Place, Product } from './program.ts';

/** The input of the lowest layer, one-hot: nothing is multiplied, a column is picked. */
export const INPUT = 'x';

type Affine = Extract<Equation, { affine: unknown }>;

/** Where what the equations name lies. */
export class Places {
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

/** The products of a layer's affine equations but those with one-hot inputs, which only pick a column. */
export interface LayerProducts {
  readonly ofBelow: readonly Product[];
  readonly ofStepBefore: readonly Product[];
  /** By what the equation gives. */
  readonly ofThisStep: ReadonlyMap<string, readonly Product[]>;
}

export function productsOf(equations: readonly Equation[], places: Places): LayerProducts {
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
