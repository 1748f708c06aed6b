import { InputError } from '../common/inputError.ts';
import type { RandomStream } from '../common/random.ts';
import type { Network } from '../network/network.ts';
import { forwardCells, forwardOutput } from './forward.ts';
import type { StepValues } from './stepValues.ts';
import type { Parameters } from './tensors.ts';

export interface DrawOptions {
  /** Logits are divided by it before drawing; 0 takes the likeliest character, of several the one with the lowest id. */
  readonly temperature: number;
  /** Draw from the k likeliest characters only; 0 draws from all. */
  readonly topK: number;
}

export interface Draw {
  readonly id: number;
  /** The probability of the character under the network itself, at temperature 1 and among all characters. */
  readonly probability: number;
}

/** Reads and writes text one character at a time with live parameters, which it never changes, and a state of its own. */
export class Sampler {
  readonly #network: Network;
  readonly #parameters: Parameters;
  readonly #values: StepValues;
  readonly #o: Float64Array; // (V)
  readonly #yhat: Float64Array; // (V)
  readonly #weight: Float64Array; // (V)

  constructor(network: Network, parameters: Parameters) {
    const [{ affine, bias, gives: logits }, { gives: probabilities }] = network.output;
    const V = parameters[bias].length;
    const H = parameters[affine[0][0]].length / V;
    this.#network = network;
    this.#parameters = parameters;
    this.#o = new Float64Array(V);
    this.#yhat = new Float64Array(V);
    const inLayers = network.layerEquations.map(({ gives }) => [gives, new Float64Array(H)] as const);
    this.#values = {
      x: new Int32Array(1),
      now: { ...Object.fromEntries(inLayers), [logits]: this.#o, [probabilities]: this.#yhat },
      before: Object.fromEntries(network.states.map((state) => [state, new Float64Array(H)])),
    };
    this.#weight = new Float64Array(V);
  }

  /** Back to the state of zeros. */
  reset(): void {
    for (const state of this.#network.states) this.#values.now[state].fill(0);
  }

  /** Feeds one character, by its id. */
  read(id: number): void {
    const { x, now, before } = this.#values;
    x[0] = id;
    for (const state of this.#network.states) before[state].set(now[state]);
    forwardCells(this.#network, this.#parameters, this.#values);
  }

  /**
   * Draws the character that follows what was read. The state stays as it is until that character is read.
   * @throws {InputError} when the network's outputs are no longer finite.
   */
  draw(options: DrawOptions, random: RandomStream): Draw {
    forwardOutput(this.#network, this.#parameters, this.#values);
    const total = this.#fillWeights(options);
    if (!(total > 0)) {
      throw new InputError(
        'The network cannot write text any more: its outputs are not finite numbers. Start again with a smaller learning rate or with clipping.',
      );
    }
    const id = this.#pick(random.uniform() * total);
    return { id, probability: this.#yhat[id] };
  }

  /**
   * Writes exp((o − max o) / temperature) for every character that may be drawn, 0 for the others; returns the sum. Its limit at
   * temperature 0 would share among the likeliest: there, the first of them has all the weight.
   */
  #fillWeights({ temperature, topK }: DrawOptions): number {
    const o = this.#o;
    const weight = this.#weight;
    let largest = -Infinity;
    for (let k = 0; k < o.length; k++) largest = Math.max(largest, o[k]);
    if (temperature === 0 && Number.isFinite(largest)) {
      weight.fill(0);
      weight[o.indexOf(largest)] = 1;
      return 1;
    }
    const { threshold, ties } = this.#cutOff(topK);
    let tiesLeft = ties;
    let total = 0;
    for (let k = 0; k < o.length; k++) {
      const allowed = o[k] === threshold ? tiesLeft-- > 0 : !(o[k] < threshold);
      weight[k] = allowed ? Math.exp((o[k] - largest) / temperature) : 0;
      total += weight[k];
    }
    return total;
  }

  /** The smallest logit among the k largest, and how many characters with exactly that logit are among them. */
  #cutOff(topK: number): { threshold: number; ties: number } {
    const o = this.#o;
    if (topK === 0 || topK >= o.length) return { threshold: -Infinity, ties: o.length };
    const sorted = this.#weight;
    sorted.set(o);
    sorted.sort();
    const threshold = sorted[o.length - topK];
    let ties = topK;
    for (let k = 0; k < o.length; k++) if (o[k] > threshold) ties--;
    return { threshold, ties };
  }

  /** The character in whose share of the summed weights `point` lies. */
  #pick(point: number): number {
    const weight = this.#weight;
    let passed = 0;
    let last = 0;
    for (let k = 0; k < weight.length; k++) {
      if (weight[k] === 0) continue;
      passed += weight[k];
      last = k;
      if (point < passed) break;
    }
    return last;
  }
}
