import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/**
 * What a stream of random numbers is for. Every purpose draws from a stream of its own, 2^64 numbers apart, so that
 * sampling text never changes training.
 */
const PURPOSES = ['initialization', 'sampling', 'text'] as const;
export type RandomPurpose = (typeof PURPOSES)[number];

/** A seeded stream of random numbers whose state can be stored and restored. */
export class RandomStream {
  readonly #generator: ReturnType<typeof xoroshiro128plus>;

  private constructor(generator: ReturnType<typeof xoroshiro128plus>) {
    this.#generator = generator;
  }

  /** The stream of one purpose under a 32-bit integer seed. */
  static seeded(seed: number, purpose: RandomPurpose): RandomStream {
    const generator = xoroshiro128plus(seed);
    for (let jumps = PURPOSES.indexOf(purpose); jumps > 0; jumps--) generator.jump();
    return new RandomStream(generator);
  }

  /** The stream that continues where `state()` was taken. */
  static fromState(state: readonly number[]): RandomStream {
    return new RandomStream(xoroshiro128plusFromState(state));
  }

  state(): readonly number[] {
    return this.#generator.getState();
  }

  /** Uniform on [0, 1). */
  uniform(): number {
    return uniformFloat64(this.#generator);
  }

  /** Uniform on the integers 0 … n−1. */
  integer(n: number): number {
    return Math.floor(this.uniform() * n);
  }

  /** Standard normal, by the method of Box and Muller (1958); one of the pair is dropped to keep the state small. */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }
}
