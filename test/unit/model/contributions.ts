import { addContributions } from '../../../src/model/backward.ts';
import { stepAt } from '../../../src/model/stepOfPass.ts';
import {
  allocateFloat64,
  allocateTensors,
  parameterSizes,
  type Parameters,
  type ReferencePass,
} from '../../../src/model/tensors.ts';

/** The contribution ∂P(t) of time step t to every parameter's gradient, as whole tensors, summed over the batch. */
export function contributionsAt(pass: ReferencePass, t: number): Parameters<Float64Array> {
  const contributions = allocateTensors(parameterSizes(pass.network, pass.shape), allocateFloat64);
  addContributions(pass.network, stepAt(pass, t), contributions);
  return contributions;
}
