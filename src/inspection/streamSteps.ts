import { PARAMETER_NAMES, STEP_QUANTITIES, type ParameterName } from '../network/names.ts';
import { cellAt } from '../model/cell.ts';
import { sumOfSquares } from '../model/norms.ts';
import { Pace } from '../model/pace.ts';
import { dot } from '../model/products.ts';
import type { StreamPass } from '../model/streamPass.ts';
import type { StepMeasures } from '../model/tensors.ts';

/** The step norms and step cosines of one stream, with the norms of the sums over time. */
export interface StreamSteps extends StepMeasures {
  readonly stepNorm: Float64Array<ArrayBuffer>;
  readonly stepCosine: Float64Array<ArrayBuffer>;
  /** (PARAMETER_NAMES): ‖Σ_t ∂P(t)‖_F. */
  readonly totalNorm: Float64Array<ArrayBuffer>;
}

/**
 * What `measureTensors` measures, for one stream and in pieces. The contribution of a step is then an outer product u vᵀ, whose
 * norm is ‖u‖‖v‖ and whose inner product with a gradient G is uᵀ G v: T·H·(H+V) multiplications for all.
 */
export function* measureStream(pass: StreamPass): Generator<undefined, StreamSteps> {
  const { V, H, T } = pass.shape;
  const { gradients } = pass;
  const pace = new Pace();
  const stepNorm = new Float64Array(STEP_QUANTITIES.length * T);
  const stepCosine = new Float64Array(PARAMETER_NAMES.length * T);
  const totalNorm = Float64Array.from(PARAMETER_NAMES, (name) => norm(gradients[name]));
  for (let t = 0; t < T; t++) {
    const { x, aPrevious, a, do: dO, da, dh } = cellAt(pass, t);
    const normOfDo = norm(dO);
    const normOfDh = norm(dh);
    const contributions: Record<ParameterName, readonly [norm: number, inner: number]> = {
      W_xh: [normOfDh, innerWithColumn(dh, gradients.W_xh, x[0])],
      W_ah: [normOfDh * norm(aPrevious), innerWithOuter(dh, aPrevious, gradients.W_ah)],
      b_h: [normOfDh, dot(dh, 0, gradients.b_h, 0, H)],
      W_ao: [normOfDo * norm(a), innerWithOuter(dO, a, gradients.W_ao)],
      b_o: [normOfDo, dot(dO, 0, gradients.b_o, 0, V)],
    };
    PARAMETER_NAMES.forEach((name, p) => {
      const [ofStep, inner] = contributions[name];
      stepNorm[p * T + t] = ofStep;
      // What is 0 has no direction.
      stepCosine[p * T + t] = ofStep === 0 || totalNorm[p] === 0 ? 0 : inner / ofStep / totalNorm[p];
    });
    stepNorm[STEP_QUANTITIES.indexOf('dh') * T + t] = normOfDh;
    stepNorm[STEP_QUANTITIES.indexOf('da') * T + t] = norm(da);
    if (pace.spend(H * (H + V))) yield;
  }
  return { stepNorm, stepCosine, totalNorm };
}

function norm(x: Float64Array): number {
  return Math.sqrt(sumOfSquares(x));
}

/** uᵀ G v for G (m, n). */
function innerWithOuter(u: Float64Array, v: Float64Array, G: Float64Array): number {
  const n = v.length;
  let inner = 0;
  for (let i = 0; i < u.length; i++) inner += u[i] * dot(G, i * n, v, 0, n);
  return inner;
}

/** Σ_i u_i G_ij for column j of G (m, n). */
function innerWithColumn(u: Float64Array, G: Float64Array, j: number): number {
  const n = G.length / u.length;
  let inner = 0;
  for (let i = 0; i < u.length; i++) inner += u[i] * G[i * n + j];
  return inner;
}
