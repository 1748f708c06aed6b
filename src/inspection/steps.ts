import { NETWORK, PARAMETER_NAMES, STEP_QUANTITIES } from '../network/names.ts';
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
import { errorAt, ERRORS, operandsAt, type Operands } from './operands.ts';

/** The step norms and step cosines of MATH.md for one pass: as its kernels measure them, where they can, else from its tensors. */
export function measureSteps(pass: MeasuringPass, options: MeasureOptions): StepMeasures {
  return pass.measureSteps?.(options) ?? measureTensors(pass, options);
}

/**
 * The step norms and step cosines of MATH.md for one pass, from its tensors alone. Norms are of the gradients before clipping.
 * Cosines cost as many multiplications as the gradients of W_ao and W_ah themselves, norms alone a fraction of that while
 * the batch is small.
 */
export function measureTensors(pass: Pass, options: MeasureOptions): StepMeasures {
  const { shape, gradients } = pass;
  const { V, H, T, B } = shape;
  const stepNorm = new Float64Array(STEP_QUANTITIES.length * T);
  const stepCosine = new Float64Array(PARAMETER_NAMES.length * T).fill(NaN);
  // Of the type of the tensors, because loops that meet both float types run at a fraction of the speed.
  const sum = allocateLike(gradients.b_o, Math.max(V, H));
  const panel = allocateLike(gradients.b_o, PANEL_ROWS * H);
  const norms = PARAMETER_NAMES.map((name) => Math.sqrt(sumOfSquares(gradients[name])));

  const contributionOf = ({ u, v }: Operands, gradient: Vector): Contribution => {
    if (v === undefined) return ofBias(u, gradient, sum);
    if (v instanceof Int32Array) return ofInputWeights(u, v, gradient, sum);
    const m = u.length / B;
    return options.cosines || !isGramCheaper(B, m, H)
      ? ofOuterProducts(u, v, H, gradient, panel)
      : { squares: gramSquares(u, m, v, H), inner: NaN };
  };

  for (let t = 0; t < T; t++) {
    NETWORK.parameters.forEach((parameter, p) => {
      const { squares, inner } = contributionOf(operandsAt(pass, parameter, t), gradients[parameter.name]);
      const norm = Math.sqrt(squares);
      stepNorm[p * T + t] = norm;
      if (options.cosines) stepCosine[p * T + t] = cosine(inner, norm, norms[p]);
    });
    ERRORS.forEach((error, index) => {
      stepNorm[(PARAMETER_NAMES.length + index) * T + t] = Math.sqrt(sumOfSquares(errorAt(pass, error, t)));
    });
  }
  return { stepNorm, stepCosine };
}

function cosine(inner: number, norm: number, otherNorm: number): number {
  return norm === 0 || otherNorm === 0 ? 0 : inner / norm / otherNorm;
}
