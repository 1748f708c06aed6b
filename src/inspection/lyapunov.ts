import { RandomStream } from '../common/random.ts';
import { sumOfSquares } from '../model/norms.ts';
import { dot } from '../model/products.ts';
import type { AddTransposed } from '../model/backward.ts';
import type { Parameters, Pass } from '../model/tensors.ts';
import { costOf, PulledRows, transposedWeights } from './pulledRows.ts';
import type { Work } from '../common/work.ts';

/** Times that the vector goes back through the window; the growth of the first is not counted. */
const PASSES = 4;

/**
 * The Lyapunov exponent of one stream of a window: the mean log growth, in nats per step, of a vector over all states that is pushed
 * back through every step for t = T−1 … 0, for the tanh cell v ← Wᵀ (1 − a(t)²) ⊙ v, and made of length 1 again after each
 * (Benettin et al. 1980; Eckmann & Ruelle 1985; for recurrent networks Engelken et al. 2023).
 *
 * A vector of any direction first has to turn to the one that grows most, which costs it up to ½ ln n nats of n numbers: over a window
 * of 64 steps that would be an error of 0.04 per step. So it goes through the window four times, each time entering at the end
 * as it left at the beginning, and the first time is not counted. That is the exponent of the window repeated for ever,
 * ln ρ of the product of its T Jacobians divided by T, up to the little by which a pair of complex eigenvalues turns more in
 * one part of its circle than in another. The start is drawn from a fixed seed.
 * @returns undefined where the vector vanishes or is not finite.
 */
export function* lyapunovExponent(pass: Pass, parameters: Parameters, stream: number): Work<number | undefined> {
  const { network, shape } = pass;
  const { H, T } = shape;
  const weights = transposedWeights(network, parameters, H);
  const cost = costOf(weights, H);
  const pulled = new PulledRows(pass, stream, 1);
  const random = RandomStream.seeded(1, 'sampling');
  const v = Float64Array.from({ length: network.states.length * H }, () => random.normal());
  const ofStates = Object.fromEntries(
    network.states.map((state, index) => [state, v.subarray(index * H, (index + 1) * H)] as const),
  );
  const addTransposed: AddTransposed = (weight, u, _rows, into) => {
    for (let i = 0; i < H; i++) into[i] += dot(weights[weight], i * H, u, 0, H);
  };
  normalize(v);
  let growth = 0;
  for (let round = 0; round < PASSES; round++) {
    for (let t = T - 1; t >= 0; t--) {
      pulled.take(t);
      pulled.pull(addTransposed, ofStates);
      const norm = normalize(v);
      if (!(norm > 0 && norm < Infinity)) return undefined;
      if (round > 0) growth += Math.log(norm);
      yield cost;
    }
  }
  return growth / ((PASSES - 1) * T);
}

/** Makes a vector of length 1 and returns the length it had. */
function normalize(v: Float64Array): number {
  const norm = Math.sqrt(sumOfSquares(v));
  for (let i = 0; i < v.length; i++) v[i] /= norm;
  return norm;
}
