import { errorName } from '../network/network.ts';
import { MOMENT_NAMES } from '../common/optimizers.ts';
import type { OptimizerState } from '../model/optimizer.ts';
import { parameterSizes, withStepLoss, type Deltas, type Parameters } from '../model/tensors.ts';
import type { Kernels, NetworkRequest } from './kernels.ts';
import { passSizes, type Sizes } from './passSizes.ts';
import type { NetworkPlan } from './plan.ts';
import { programOf } from './program/programOf.ts';
import type { WasmMemory } from './webAssembly.ts';

/** The tensors of a network in shared memory as arrays; those that it has no use for are empty. */
export interface Views extends Pick<
  Kernels<Float32Array>,
  'window' | 'parameters' | 'gradients' | 'optimizerState' | 'activations' | 'deltas'
> {
  /** −log ŷ_c of every row. */
  readonly rowLoss: Float64Array; // (T, B)
  /** Sums of the squares of the gradients, by block. */
  readonly squares: Float64Array;
  readonly stepNorm: Float64Array; // (stepQuantities, T), squares
  readonly stepInner: Float64Array; // (parameters, T)
}

export function viewsOf(request: NetworkRequest, plan: NetworkPlan, { buffer }: WasmMemory): Views {
  const { fields, offsets } = plan;
  const { network, shape, optimizer } = request;
  const { T, B } = shape;
  const sideB = request.forwardOnly !== true;
  const sizes = parameterSizes(network, shape);
  const stored = passSizes(request, programOf(network));
  const floats = (address: number, count: number): Float32Array => new Float32Array(buffer, address, count);
  const doubles = (address: number, count: number): Float64Array =>
    new Float64Array(buffer, address, sideB ? count : 0);
  const tensors = (block: number, isThere = true): Parameters<Float32Array> =>
    Object.fromEntries(
      network.parameterNames.map((name) => [name, floats(block + offsets[name], isThere ? sizes[name] : 0)] as const),
    );
  const blocks = [fields.firstMoment, fields.secondMoment];
  const moments = (sideB ? MOMENT_NAMES[optimizer] : []).map((name, at) => [name, tensors(blocks[at])] as const);
  const optimizerState: OptimizerState<Float32Array> = {
    name: optimizer,
    step: 0,
    moments: Object.fromEntries(moments),
  };
  return {
    window: {
      inputs: new Int32Array(buffer, fields.inputs, T * B),
      targets: new Int32Array(buffer, fields.targets, T * B),
    },
    parameters: tensors(fields.parameters),
    gradients: tensors(fields.gradients, sideB),
    optimizerState,
    activations: withStepLoss(
      mapped(stored.values, (name, size) => floats(plan.values[name], size)),
      shape,
    ),
    // Side A fills ∂o on its way.
    deltas: mapped(stored.errors, (name, size) =>
      floats(plan.errors[name], sideB || name === errorName(network.output[0].gives) ? size : 0),
    ) as Deltas<Float32Array>,
    rowLoss: new Float64Array(buffer, fields.rowLoss, T * B),
    squares: doubles(fields.squares, plan.squaresBlocks),
    stepNorm: doubles(fields.stepNorm, network.stepQuantities.length * T),
    stepInner: doubles(fields.stepInner, network.parameters.length * T),
  };
}

function mapped(sizes: Sizes, view: (name: string, size: number) => Float32Array): Record<string, Float32Array> {
  return Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, view(name, size)] as const));
}
