import { errorName } from '../network/network.ts';
import type { ParameterName } from '../network/names.ts';
import { momentCount } from '../model/optimizer.ts';
import { parameterSizes } from '../model/tensors.ts';
import { Addresses } from './addresses.ts';
import type { NetworkRequest } from './kernels.ts';
import { passSizes, type Sizes } from './passSizes.ts';
import { planContributions } from './planContributions.ts';
import { planLayer, type PlannedLayer } from './planLayer.ts';
import { programOf } from './program/programOf.ts';
import { MemoryPlan, type PlannedRecord, type ValuesOf } from './records.ts';
import type { KernelExports } from './webAssembly.ts';

const F32_BYTES = Float32Array.BYTES_PER_ELEMENT;

/** Where the records and tensors of a network lie in the shared memory, before there is any. */
export interface NetworkPlan {
  /** Address of the network's record, and its sizes and addresses. */
  readonly address: number;
  readonly fields: ValuesOf<'Network'>;
  /** All records, the network's among them. */
  readonly records: readonly PlannedRecord[];
  /** From the lowest to the highest. */
  readonly layers: readonly PlannedLayer[];
  /** Where the tensors of both sides that are stored begin, by their names. */
  readonly values: Sizes;
  readonly errors: Sizes;
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
  const { network, shape } = request;
  const { V, H, T, B } = shape;
  const sideB = request.forwardOnly !== true;
  const memory = new MemoryPlan(start);
  const program = programOf(network);
  const [{ gives: logits, bias: outputBias }, { gives: probabilities }] = network.output;

  const address = memory.reserve('Network');
  const { offsets, blockSize } = planBlock(request, sizes.squaresBlock());
  const squaresBlocks = sideB ? blockSize / sizes.squaresBlock() : 0;
  const moments = sideB ? momentCount(request.optimizer) : 0;
  const parameters = memory.floats(blockSize);
  const gradients = memory.floats(blockSize, sideB);
  const stored = passSizes(request, program);
  const values = placed(stored.values, (count) => memory.floats(count));
  // Side A fills ∂o on its way.
  const errors = placed(stored.errors, (count, name) => memory.floats(count, sideB || name === errorName(logits)));
  const places = new Addresses(network, shape, values, errors);
  const contributions = planContributions({
    ...{ request, program, memory, places },
    panelNumbers: (K, N) => sizes.panelNumbers(K, N),
    parametersAt: (name) => parameters + offsets[name],
    gradientsAt: (name) => gradients + offsets[name],
  });
  const layers = program.layers.map((layer) => planLayer(layer, { network: address, memory, places, contributions }));
  const scratchBytes = sizes.scratchBytes(V, H, T, B, contributions.fields.operandCount);
  const fields = {
    ...{ V, H, T, B },
    // A vector's worth more, because the kernels read whole vectors of characters.
    inputs: memory.take((T * B + 4) * Int32Array.BYTES_PER_ELEMENT),
    targets: memory.take(T * B * Int32Array.BYTES_PER_ELEMENT),
    outputBias: parameters + offsets[outputBias],
    yhat: values[probabilities],
    dO: errors[errorName(logits)],
    rowLoss: memory.doubles(T * B),
    ...contributions.fields,
    blockSize,
    parameters,
    gradients,
    firstMoment: memory.floats(blockSize, moments > 0),
    secondMoment: memory.floats(blockSize, moments > 1),
    squares: memory.doubles(squaresBlocks),
    stepNorm: memory.doubles(network.stepQuantities.length * T, sideB),
    stepInner: memory.doubles(network.parameters.length * T, sideB),
    scratch: memory.take(threads * scratchBytes),
    scratchBytes,
  };
  memory.put('Network', address, fields);
  return { address, fields, records: memory.records, layers, values, errors, offsets, squaresBlocks, end: memory.end };
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

function placed(sizes: Sizes, take: (count: number, name: string) => number): Record<string, number> {
  return Object.fromEntries(Object.entries(sizes).map(([name, count]) => [name, take(count, name)] as const));
}
