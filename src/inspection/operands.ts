import { readRef } from '../network/description.ts';
import { errorName, type Network, type Parameter } from '../network/network.ts';
import { tensorNamed, type Pass, type Vector } from '../model/tensors.ts';

/** What a parameter's contribution at one time step is made of: ∂P(t) = Σ_b u_b v_bᵀ, of a bias Σ_b u_b. */
export interface Operands {
  /** The error of what the parameter's equation gives: (B, rows). */
  readonly u: Vector;
  /** What a weight multiplies: (B, columns), or the ids of one-hot inputs (B); undefined for a bias. */
  readonly v: Vector | Int32Array | undefined;
}

/** The operands of a parameter at time step t, as views into the tensors of a pass. */
export function operandsAt(
  { network, shape, window, activations, deltas }: Pass,
  parameter: Parameter,
  t: number,
): Operands {
  const { V, H, B } = shape;
  const rows = B * (parameter.axes[0] === 'V' ? V : H);
  const u = slot(tensorNamed(deltas, errorName(parameter.of)), t, rows);
  if (parameter.times === undefined) return { u, v: undefined };
  if (parameter.times === 'x') return { u, v: window.inputs.subarray(t * B, (t + 1) * B) };
  const { name, isBefore } = readRef(parameter.times);
  // A state has a slot more than there are time steps: the first one is carried in.
  const at = network.states.includes(name) && !isBefore ? t + 1 : t;
  return { u, v: slot(tensorNamed(activations, name), at, B * H) };
}

/** The errors whose norms follow those of the contributions in `stepQuantities`. */
export function errorsOf({ stepQuantities, parameters }: Network): readonly string[] {
  return stepQuantities.slice(parameters.length);
}

/** (B, H): one of {@link errorsOf} a network at time step t. */
export function errorAt({ shape: { H, B }, deltas }: Pass, error: string, t: number): Vector {
  return slot(tensorNamed(deltas, error), t, B * H);
}

function slot(tensor: Vector, index: number, size: number): Vector {
  return tensor.subarray(index * size, (index + 1) * size);
}
