import { PARAMETER_NAMES, STEP_QUANTITIES, type ParameterName, type StepQuantity } from '../network/names.ts';
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
  const { shape, window, gradients } = pass;
  const { V, H, T, B } = shape;
  const stepNorm = new Float64Array(STEP_QUANTITIES.length * T);
  const stepCosine = new Float64Array(PARAMETER_NAMES.length * T).fill(NaN);
  // Of the type of the tensors, because loops that meet both float types run at a fraction of the speed.
  const sum = allocateLike(gradients.b_o, Math.max(V, H));
  const panel = allocateLike(gradients.b_o, PANEL_ROWS * H);
  const norms = PARAMETER_NAMES.map((name) => Math.sqrt(sumOfSquares(gradients[name])));

  const rowOf = (quantity: StepQuantity) => STEP_QUANTITIES.indexOf(quantity) * T;
  const outer = (u: Vector, m: number, v: Vector, gradient: Vector): Contribution =>
    options.cosines || !isGramCheaper(B, m, H)
      ? ofOuterProducts(u, v, H, gradient, panel)
      : { squares: gramSquares(u, m, v, H), inner: NaN };

  for (let t = 0; t < T; t++) {
    const x = window.inputs.subarray(t * B, (t + 1) * B);
    const aPrevious = slot(pass.activations.a, t, B * H);
    const a = slot(pass.activations.a, t + 1, B * H);
    const dO = slot(pass.deltas.do, t, B * V);
    const da = slot(pass.deltas.da, t, B * H);
    const dh = slot(pass.deltas.dh, t, B * H);
    const contributions: Readonly<Record<ParameterName, Contribution>> = {
      W_xh: ofInputWeights(dh, x, gradients.W_xh, sum),
      W_ah: outer(dh, H, aPrevious, gradients.W_ah),
      b_h: ofBias(dh, gradients.b_h, sum),
      W_ao: outer(dO, V, a, gradients.W_ao),
      b_o: ofBias(dO, gradients.b_o, sum),
    };
    PARAMETER_NAMES.forEach((name, p) => {
      const { squares, inner } = contributions[name];
      const norm = Math.sqrt(squares);
      stepNorm[p * T + t] = norm;
      if (options.cosines) stepCosine[p * T + t] = cosine(inner, norm, norms[p]);
    });
    stepNorm[rowOf('dh') + t] = Math.sqrt(sumOfSquares(dh));
    stepNorm[rowOf('da') + t] = Math.sqrt(sumOfSquares(da));
  }
  return { stepNorm, stepCosine };
}

function slot(tensor: Vector, index: number, size: number): Vector {
  return tensor.subarray(index * size, (index + 1) * size);
}

function cosine(inner: number, norm: number, otherNorm: number): number {
  return norm === 0 || otherNorm === 0 ? 0 : inner / norm / otherNorm;
}
