import { readRef } from '../network/description.ts';
import { errorName, type Parameter } from '../network/network.ts';
import { NETWORK } from '../network/names.ts';
import type { Pass, Vector } from '../model/tensors.ts';

/** What a parameter's contribution at one time step is made of: ∂P(t) = Σ_b u_b v_bᵀ, of a bias Σ_b u_b. */
export interface Operands {
  /** The error of what the parameter's equation gives: (B, rows). */
  readonly u: Vector;
  /** What a weight multiplies: (B, columns), or the ids of one-hot inputs (B); undefined for a bias. */
  readonly v: Vector | Int32Array | undefined;
}

/** The operands of a parameter at time step t, as views into the tensors of a pass. */
export function operandsAt({ shape, window, activations, deltas }: Pass, parameter: Parameter, t: number): Operands {
  const { V, H, B } = shape;
  const rows = B * (parameter.axes[0] === 'V' ? V : H);
  const u = slot(tensorOf(deltas, errorName(parameter.of)), t, rows);
  if (parameter.times === undefined) return { u, v: undefined };
  if (parameter.times === 'x') return { u, v: window.inputs.subarray(t * B, (t + 1) * B) };
  const { name, isBefore } = readRef(parameter.times);
  // A state has a slot more than there are time steps: the first one is carried in.
  return { u, v: slot(tensorOf(activations, name), isBefore ? t : t + 1, B * H) };
}

/** The errors whose norms follow those of the contributions in `STEP_QUANTITIES`. */
export const ERRORS: readonly string[] = NETWORK.stepQuantities.slice(NETWORK.parameters.length);

/** (B, H): one of {@link ERRORS} at time step t. */
export function errorAt({ shape: { H, B }, deltas }: Pass, error: string, t: number): Vector {
  return slot(tensorOf(deltas, error), t, B * H);
}

function tensorOf(tensors: object, name: string): Vector {
  const tensor = (tensors as Readonly<Record<string, Vector | undefined>>)[name];
  if (tensor === undefined) throw new RangeError(`The pass has no tensor "${name}".`);
  return tensor;
}

function slot(tensor: Vector, index: number, size: number): Vector {
  return tensor.subarray(index * size, (index + 1) * size);
}
