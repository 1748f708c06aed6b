import type { Activation } from '../../network/description.ts';
import type { Parameter } from '../../network/network.ts';

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
