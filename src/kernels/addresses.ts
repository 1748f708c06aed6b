import type { Shape } from '../model/tensors.ts';
import { errorName, type Network } from '../network/network.ts';
import type { Sizes } from './passSizes.ts';
import type { Place } from './program/program.ts';

/** Where the rows of time step 0 lie in the shared memory. */
export class Addresses {
  readonly #network: Network;
  readonly #T: number;
  readonly #slotBytes: number;
  readonly #values: Sizes;
  readonly #errors: Sizes;

  /** @param values where the tensors of side A begin, and @param errors those of side B. */
  constructor(network: Network, { T, B, H }: Shape, values: Sizes, errors: Sizes) {
    this.#network = network;
    this.#T = T;
    this.#slotBytes = B * H * Float32Array.BYTES_PER_ELEMENT;
    this.#values = values;
    this.#errors = errors;
  }

  /** Those of the step before lie one slot ahead. A state has a slot more, for what is carried in. */
  of({ side, of, isBefore }: Place): number {
    const [logits, probabilities] = this.#network.output;
    if (side === 'error') return this.#errors[errorName(of)] - (isBefore ? this.#slotBytes : 0);
    // The logits are overwritten by the probabilities.
    const start = this.#values[of === logits.gives ? probabilities.gives : of];
    const shift = (this.#network.states.includes(of) ? 1 : 0) - (isBefore ? 1 : 0);
    return start + shift * this.#slotBytes;
  }

  /** The rows of the last time step. */
  ofLast(place: Place): number {
    return this.of(place) + (this.#T - 1) * this.#slotBytes;
  }
}
