import { sizeOf } from '../network/network.ts';
import { sumOfSquares } from '../model/norms.ts';
import type { Work } from '../common/work.ts';
import { dot } from '../model/products.ts';
import type { StreamPass } from '../model/streamPass.ts';
import type { StepMeasures, Vector } from '../model/tensors.ts';
import { errorAt, errorsOf, operandsAt, type Operands } from './operands.ts';

/** The step norms and step cosines of one stream, with the norms of the sums over time. */
export interface StreamSteps extends StepMeasures {
  readonly stepNorm: Float64Array<ArrayBuffer>;
  readonly stepCosine: Float64Array<ArrayBuffer>;
  /** (parameters): ‖Σ_t ∂P(t)‖_F. */
  readonly totalNorm: Float64Array<ArrayBuffer>;
}

/**
 * What `measureTensors` measures, for one stream and in pieces. The contribution of a step is then an outer product u vᵀ, whose
 * norm is ‖u‖‖v‖ and whose inner product with a gradient G is uᵀ G v: T·H·(H+V) multiplications for all.
 */
export function* measureStream(pass: StreamPass): Work<StreamSteps> {
  const { network, gradients, shape } = pass;
  const { T } = shape;
  const { parameters } = network;
  const errors = errorsOf(network);
  const cost = parameters.reduce((sum, parameter) => sum + sizeOf(parameter, shape), 0);
  const stepNorm = new Float64Array(network.stepQuantities.length * T);
  const stepCosine = new Float64Array(parameters.length * T);
  const totalNorm = Float64Array.from(parameters, ({ name }) => norm(gradients[name]));
  for (let t = 0; t < T; t++) {
    parameters.forEach((parameter, p) => {
      const [ofStep, inner] = measured(operandsAt(pass, parameter, t), gradients[parameter.name]);
      stepNorm[p * T + t] = ofStep;
      // What is 0 has no direction.
      stepCosine[p * T + t] = ofStep === 0 || totalNorm[p] === 0 ? 0 : inner / ofStep / totalNorm[p];
    });
    errors.forEach((error, index) => {
      stepNorm[(parameters.length + index) * T + t] = norm(errorAt(pass, error, t));
    });
    yield cost;
  }
  return { stepNorm, stepCosine, totalNorm };
}

/** ‖u vᵀ‖ and ⟨u vᵀ, G⟩; of a bias ‖u‖ and ⟨u, G⟩. A one-hot v has length 1 and picks a column of G. */
function measured({ u, v }: Operands, G: Float64Array): readonly [norm: number, inner: number] {
  if (v === undefined) return [norm(u), dot(u, 0, G, 0, G.length)];
  if (v instanceof Int32Array) return [norm(u), innerWithColumn(u, G, v[0])];
  return [norm(u) * norm(v), innerWithOuter(u, v, G)];
}

function norm(x: Vector): number {
  return Math.sqrt(sumOfSquares(x));
}

/** uᵀ G v for G (m, n). */
function innerWithOuter(u: Vector, v: Vector, G: Float64Array): number {
  const n = v.length;
  let inner = 0;
  for (let i = 0; i < u.length; i++) inner += u[i] * dot(G, i * n, v, 0, n);
  return inner;
}

/** Σ_i u_i G_ij for column j of G (m, n). */
function innerWithColumn(u: Vector, G: Float64Array, j: number): number {
  const n = G.length / u.length;
  let inner = 0;
  for (let i = 0; i < u.length; i++) inner += u[i] * G[i * n + j];
  return inner;
}
