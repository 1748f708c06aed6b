import { tensorNamed } from '../model/tensors.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { UNKNOWN } from './scoredText.ts';

/** How many of the likeliest symbols are kept. */
export const TOP = 5;
/** Smaller float32 probabilities have too few digits for a loss to four decimals, or are rounded to 0. */
const LEAST_PROBABILITY = 1e-6;

/** What the network expects of each symbol, before it reads it: NaN, and no likeliest symbols, until it says so. */
export class SymbolScores {
  /** (symbols): −log of the probability of the symbol that is there, nats. */
  readonly lossNats: Float64Array;
  /** (symbols, TOP): the likeliest ids, likeliest first, and their probabilities; `UNKNOWN` and 0 where there are fewer. */
  readonly topIds: Int32Array;
  readonly topProbability: Float32Array;
  readonly #ids: Int32Array;
  readonly #first: number;

  /** @param first the first symbol of `ids` that is asked about. */
  constructor(ids: Int32Array, first: number) {
    const symbols = ids.length - first;
    this.lossNats = new Float64Array(symbols).fill(NaN);
    this.topIds = new Int32Array(symbols * TOP).fill(UNKNOWN);
    this.topProbability = new Float32Array(symbols * TOP);
    this.#ids = ids;
    this.#first = first;
  }

  /**
   * Takes what row `row` (T, B) of the last forward pass says about symbol `symbol` of the ids, in the place of what was said
   * before.
   */
  take(network: Kernels, row: number, symbol: number): void {
    const at = symbol - this.#first;
    const id = this.#ids[symbol];
    if (id !== UNKNOWN) this.lossNats[at] = lossOf(network, row, id);
    this.#takeTop(network, row, at * TOP);
  }

  /** Keeps the few likeliest of all symbols. */
  #takeTop({ activations: { yhat }, shape: { V } }: Kernels, row: number, from: number): void {
    const { topIds, topProbability } = this;
    const last = from + TOP - 1;
    topIds.fill(UNKNOWN, from, from + TOP);
    topProbability.fill(0, from, from + TOP);
    for (let id = 0; id < V; id++) {
      const probability = yhat[row * V + id];
      // What is not finite is likely of nothing. Among equals the first stays first.
      if (!(probability > topProbability[last] || (probability >= 0 && topIds[last] === UNKNOWN))) continue;
      let at = last;
      for (; at > from; at--) {
        if (topIds[at - 1] !== UNKNOWN && !(probability > topProbability[at - 1])) break;
        topIds[at] = topIds[at - 1];
        topProbability[at] = topProbability[at - 1];
      }
      topIds[at] = id;
      topProbability[at] = probability;
    }
  }
}

/** −log ŷ_c of a row, nats: from ŷ, or anew from a and the output layer where ŷ_c is too small for float32. */
function lossOf(network: Kernels, row: number, c: number): number {
  const { V } = network.shape;
  const probability = network.activations.yhat[row * V + c];
  return probability < LEAST_PROBABILITY ? lossFromLogits(network, row, c) : -Math.log(probability);
}

function lossFromLogits({ network, parameters, activations, shape }: Kernels, row: number, c: number): number {
  const { V, H, B } = shape;
  const [{ affine, bias }] = network.output;
  const [[weight, state]] = affine;
  const [W, b] = [tensorNamed(parameters, weight), tensorNamed(parameters, bias)];
  // Slot t+1 of a state (T+1, B, H) is that of step t.
  const a = tensorNamed(activations, state).subarray((row + B) * H, (row + B + 1) * H);
  const o = new Float64Array(V);
  let largest = -Infinity;
  for (let k = 0; k < V; k++) {
    let sum = b[k];
    for (let i = 0; i < H; i++) sum += W[k * H + i] * a[i];
    o[k] = sum;
    largest = Math.max(largest, sum);
  }
  let sum = 0;
  for (let k = 0; k < V; k++) sum += Math.exp(o[k] - largest);
  return Math.log(sum) - (o[c] - largest);
}
