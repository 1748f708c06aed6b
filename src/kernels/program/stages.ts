import { readRef, type Equation } from '../../network/description.ts';
import { INPUT, type LayerProducts, type Places } from './places.ts';
import type { Factor, Place, Product, RowOperation, Stage } from './program.ts';

/** Places that something was written to, to which what comes next is added. */
export class Begun {
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

/** A layer: its equations, the products in them, and where all of that lies. */
export interface LayerParts {
  readonly equations: readonly Equation[];
  readonly products: LayerProducts;
  readonly places: Places;
}

/** Collects the stages of one side; operations on rows that follow one another are one. */
class Stages {
  readonly list: Stage[] = [];
  readonly #products: LayerProducts;
  readonly #begun: Begun;
  readonly #writtenBy: (product: Product) => Place;
  #operations: RowOperation[] | undefined;

  /** @param writtenBy where this side's half of a product adds to. */
  constructor({ products }: LayerParts, begun: Begun, writtenBy: (product: Product) => Place) {
    this.#products = products;
    this.#begun = begun;
    this.#writtenBy = writtenBy;
  }

  add(operation: RowOperation): void {
    if (this.#operations === undefined) this.list.push({ kind: 'rows', operations: (this.#operations = []) });
    this.#operations.push(operation);
  }

  /** Products with what the time step before gave, together. */
  addOfStepBefore(isBefore: boolean): void {
    this.#addProducts(this.#products.ofStepBefore, isBefore);
  }

  /** Products of an equation with what this time step gave. */
  addOfThisStep(gives: string): void {
    this.#addProducts(this.#products.ofThisStep.get(gives) ?? [], false);
  }

  #addProducts(products: readonly Product[], isBefore: boolean): void {
    if (products.length === 0) return;
    const uses = products.map((product) => ({ product, adds: this.#begun.begin(this.#writtenBy(product)) }));
    this.list.push({ kind: 'products', products: uses, isBefore });
    this.#operations = undefined;
  }
}

/** Side A: products with what the time step before gave come first. */
export function forwardStages(parts: LayerParts, begun: Begun): readonly Stage[] {
  const { equations, places } = parts;
  const stages = new Stages(parts, begun, ({ to }) => to);
  stages.addOfStepBefore(false);
  for (const equation of equations) {
    const to = places.value(equation.gives);
    if ('affine' in equation) {
      stages.addOfThisStep(equation.gives);
      const columnOf = equation.affine.find(([, of]) => of === INPUT)?.[0];
      stages.add({ kind: 'affine', to, columnOf, bias: equation.bias, adds: begun.begin(to) });
    } else if ('apply' in equation) {
      stages.add({ kind: 'apply', apply: equation.apply, to, from: places.value(equation.to) });
    } else {
      equation.sum.forEach((refs, at) => {
        const factors = oneOrTwo(refs.map((ref) => places.factor(ref)));
        stages.add({ kind: 'multiply', to, factors, isNegative: false, adds: at > 0 });
      });
    }
  }
  return stages.list;
}

/**
 * Every equation passes its error on to what it reads, the last equation first; products with what goes to the time step before
 * come last.
 */
export function backwardStages(parts: LayerParts, begun: Begun): readonly Stage[] {
  const { equations, places } = parts;
  const stages = new Stages(parts, begun, ({ errorOfV }) => errorOfV);
  for (const equation of equations.toReversed()) {
    const error = places.error(equation.gives);
    if ('affine' in equation) {
      stages.addOfThisStep(equation.gives);
    } else if ('apply' in equation) {
      const to = places.error(equation.to);
      const gave = places.value(equation.gives);
      stages.add({ kind: 'slope', apply: equation.apply, to, gave, error, adds: begun.begin(to) });
    } else {
      for (const refs of equation.sum) {
        refs.forEach((ref, at) => {
          const others = refs.filter((_, index) => index !== at).map((other) => places.factor(other));
          const factors = oneOrTwo([{ place: error, isLeft: false }, ...others]);
          const to = places.error(ref);
          stages.add({ kind: 'multiply', to, factors, isNegative: readRef(ref).isLeft, adds: begun.begin(to) });
        });
      }
    }
  }
  stages.addOfStepBefore(true);
  return stages.list;
}

/** A term has no more, of which what it passes on leaves one out and begins with the error. */
function oneOrTwo(factors: readonly Factor[]): readonly [Factor] | readonly [Factor, Factor] {
  const [first, second] = factors;
  return factors.length === 1 ? [first] : [first, second];
}
