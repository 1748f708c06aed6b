import type { ParameterName } from '../network/names.ts';
import { momentCount } from '../model/optimizer.ts';
import { parameterSizes } from '../model/tensors.ts';
import type { NetworkRequest } from './kernels.ts';
import { FIELD_BYTES, NETWORK_FIELDS, type FloatField, type NetworkField } from './layout.ts';
import type { KernelExports } from './webAssembly.ts';

/** Every tensor begins at a cache line. */
const ALIGNMENT = 64;
const F32_BYTES = Float32Array.BYTES_PER_ELEMENT;
const F64_BYTES = Float64Array.BYTES_PER_ELEMENT;

/** Where the fields and tensors of a network lie in the shared memory, before there is any. */
export interface NetworkPlan {
  /** Address of the fields. */
  readonly address: number;
  /** The value of every field that is not a float32: sizes and addresses. */
  readonly fields: Readonly<Record<Exclude<NetworkField, FloatField>, number>>;
  /** In the blocks of parameters, gradients and moments, the byte at which each parameter begins. */
  readonly offsets: Readonly<Record<ParameterName, number>>;
  /** Blocks of which the sum of the squares of the gradients is kept; none on side A alone. */
  readonly squaresBlocks: number;
  /** The first byte after the network. */
  readonly end: number;
}

/** Formulas that only the kernels know. */
export type KernelSizes = Pick<KernelExports, 'squaresBlock' | 'panelNumbers' | 'scratchBytes'>;

/** Plans the memory of one network from byte `start` on, with scratch memory for so many threads. */
export function planNetwork(request: NetworkRequest, threads: number, start: number, sizes: KernelSizes): NetworkPlan {
  const { network } = request;
  const { V, H, T, B } = request.shape;
  const sideB = request.forwardOnly !== true;
  let end = start;
  const take = (bytes: number): number => {
    const address = align(end);
    end = address + bytes;
    return address;
  };
  const floats = (count: number, isNeeded = true): number => take(isNeeded ? count * F32_BYTES : 0);
  const doubles = (count: number, isNeeded = true): number => take(isNeeded ? count * F64_BYTES : 0);
  const panels = (K: number, N: number, isNeeded = true): number => floats(sizes.panelNumbers(K, N), isNeeded);

  const address = take(NETWORK_FIELDS.length * FIELD_BYTES);
  const { offsets, blockSize } = planBlock(request, sizes.squaresBlock());
  const squaresBlocks = sideB ? blockSize / sizes.squaresBlock() : 0;
  const moments = sideB ? momentCount(request.optimizer) : 0;
  const parameters = floats(blockSize);
  const gradients = floats(blockSize, sideB);
  const inGradients = (name: ParameterName): number => gradients + offsets[name];
  const scratchBytes = sizes.scratchBytes(V, H, T, B);
  const fields = {
    V,
    H,
    T,
    B,
    // A vector's worth more, because the kernels read whole vectors of characters.
    inputs: take((T * B + 4) * Int32Array.BYTES_PER_ELEMENT),
    targets: take(T * B * Int32Array.BYTES_PER_ELEMENT),
    W_xh: parameters + offsets.W_xh,
    W_ah: parameters + offsets.W_ah,
    b_h: parameters + offsets.b_h,
    W_ao: parameters + offsets.W_ao,
    b_o: parameters + offsets.b_o,
    dW_xh: inGradients('W_xh'),
    dW_ah: inGradients('W_ah'),
    db_h: inGradients('b_h'),
    dW_ao: inGradients('W_ao'),
    db_o: inGradients('b_o'),
    a: floats((T + 1) * B * H),
    yhat: floats(T * B * V),
    // Side A fills ∂o on its way.
    dO: floats(T * B * V),
    da: floats(T * B * H, sideB),
    dh: floats(T * B * H, sideB),
    rowLoss: doubles(T * B),
    W_xhTransposed: floats(V * H),
    dW_xhTransposed: floats(V * H, sideB),
    W_ahPanels: panels(H, H, sideB && B > 1),
    W_ahTransposedPanels: panels(H, H),
    W_aoPanels: panels(V, H, sideB),
    W_aoTransposedPanels: panels(H, V),
    blockSize,
    parameters,
    gradients,
    firstMoment: floats(blockSize, moments > 0),
    secondMoment: floats(blockSize, moments > 1),
    squares: doubles(squaresBlocks),
    stepNorm: doubles(network.stepQuantities.length * T, sideB),
    stepInner: doubles(network.parameters.length * T, sideB),
    dW_ahPanels: panels(H, H, sideB),
    dW_aoPanels: panels(V, H, sideB),
    scratch: take(threads * scratchBytes),
    scratchBytes,
  };
  return { address, fields, offsets, squaresBlocks, end: align(end) };
}

/** Parameters one after the other, each in whole blocks, so that no sum of squares spans two of them. */
function planBlock(
  { network, shape }: NetworkRequest,
  squaresBlock: number,
): { offsets: Record<ParameterName, number>; blockSize: number } {
  const sizes = parameterSizes(network, shape);
  const offsets: Record<ParameterName, number> = {};
  let blockSize = 0;
  for (const name of network.parameterNames) {
    offsets[name] = blockSize * F32_BYTES;
    blockSize += Math.ceil(sizes[name] / squaresBlock) * squaresBlock;
  }
  return { offsets, blockSize };
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
