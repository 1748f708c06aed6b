import { RandomStream } from '../common/random.ts';
import { sumOfSquares } from '../model/norms.ts';
import type { Work } from '../common/work.ts';
import { dot } from '../model/products.ts';
import type { Pass, Vector } from '../model/tensors.ts';
import { transposed } from './transposed.ts';

/** Times that the vector goes back through the window; the growth of the first is not counted. */
const PASSES = 4;

/**
 * The Lyapunov exponent of one stream of a window: the mean log growth, in nats per step, of a vector that is pushed back by
 * v ← W_ahᵀ (1 − a(t)²) ⊙ v for t = T−1 … 0 and made of length 1 again after each step (Benettin et al. 1980; Eckmann & Ruelle
 * 1985; for recurrent networks Engelken et al. 2023).
 *
 * A vector of any direction first has to turn to the one that grows most, which costs it up to ½ ln H nats: over a window of
 * 64 steps that would be an error of 0.04 per step. So it goes through the window four times, each time entering at the end
 * as it left at the beginning, and the first time is not counted. That is the exponent of the window repeated for ever,
 * ln ρ of the product of its T Jacobians divided by T, up to the little by which a pair of complex eigenvalues turns more in
 * one part of its circle than in another. The start is drawn from a fixed seed.
 * @returns undefined where the vector vanishes or is not finite.
 */
export function* lyapunovExponent(pass: Pass, W_ah: Vector, stream: number): Work<number | undefined> {
  const { H, T, B } = pass.shape;
  const { a } = pass.activations;
  const W_ahTransposed = transposed(W_ah, H);
  const random = RandomStream.seeded(1, 'sampling');
  const v = Float64Array.from({ length: H }, () => random.normal());
  const through = new Float64Array(H);
  normalize(v);
  let growth = 0;
  for (let round = 0; round < PASSES; round++) {
    for (let t = T - 1; t >= 0; t--) {
      const start = ((t + 1) * B + stream) * H;
      for (let i = 0; i < H; i++) through[i] = (1 - a[start + i] * a[start + i]) * v[i];
      for (let i = 0; i < H; i++) v[i] = dot(W_ahTransposed, i * H, through, 0, H);
      const norm = normalize(v);
      if (!(norm > 0 && norm < Infinity)) return undefined;
      if (round > 0) growth += Math.log(norm);
      yield H * H;
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
