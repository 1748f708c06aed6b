import { sumOfSquares } from '../model/norms.ts';
import { PANEL_ROWS } from '../model/products.ts';
import {
  allocateLike,
  type MeasureOptions,
  type MeasuringPass,
  type Pass,
  type StepMeasures,
  type Vector,
} from '../model/tensors.ts';
import {
  gramSquares,
  isGramCheaper,
  ofBias,
  ofInputWeights,
  ofOuterProducts,
  type Contribution,
} from './contribution.ts';
import { errorAt, errorsOf, operandsAt, type Operands } from './operands.ts';

/** The step norms and step cosines of MATH.md for one pass: as its kernels measure them, where they can, else from its tensors. */
export function measureSteps(pass: MeasuringPass, options: MeasureOptions): StepMeasures {
  return pass.measureSteps?.(options) ?? measureTensors(pass, options);
}

/**
 * The step norms and step cosines of MATH.md for one pass, from its tensors alone. Norms are of the gradients before clipping.
 * Cosines cost as many multiplications as the gradients of the large weights themselves, norms alone a fraction of that while
 * the batch is small.
 */
export function measureTensors(pass: Pass, options: MeasureOptions): StepMeasures {
  const { network, shape, gradients, deltas } = pass;
  const { V, H, T, B } = shape;
  const { parameters } = network;
  const errors = errorsOf(network);
  const stepNorm = new Float64Array(network.stepQuantities.length * T);
  const stepCosine = new Float64Array(parameters.length * T).fill(NaN);
  // Of the type of the tensors, because loops that meet both float types run at a fraction of the speed.
  const sum = allocateLike(deltas.do, Math.max(V, H));
  const panel = allocateLike(deltas.do, PANEL_ROWS * H);
  const norms = parameters.map(({ name }) => Math.sqrt(sumOfSquares(gradients[name])));

  const contributionOf = ({ u, v }: Operands, gradient: Vector): Contribution => {
    if (v === undefined) return ofBias(u, gradient, sum);
    if (v instanceof Int32Array) return ofInputWeights(u, v, gradient, sum);
    const m = u.length / B;
    return options.cosines || !isGramCheaper(B, m, H)
      ? ofOuterProducts(u, v, H, gradient, panel)
      : { squares: gramSquares(u, m, v, H), inner: NaN };
  };

  for (let t = 0; t < T; t++) {
    parameters.forEach((parameter, p) => {
      const { squares, inner } = contributionOf(operandsAt(pass, parameter, t), gradients[parameter.name]);
      const norm = Math.sqrt(squares);
      stepNorm[p * T + t] = norm;
      if (options.cosines) stepCosine[p * T + t] = cosine(inner, norm, norms[p]);
    });
    errors.forEach((error, index) => {
      stepNorm[(parameters.length + index) * T + t] = Math.sqrt(sumOfSquares(errorAt(pass, error, t)));
    });
  }
  return { stepNorm, stepCosine };
}

function cosine(inner: number, norm: number, otherNorm: number): number {
  return norm === 0 || otherNorm === 0 ? 0 : inner / norm / otherNorm;
}
