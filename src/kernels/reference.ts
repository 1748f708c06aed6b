import { NETWORK } from '../network/names.ts';
import type { Network } from '../network/network.ts';
import { backward } from '../model/backward.ts';
import { forward } from '../model/forward.ts';
import {
  activationSizes,
  allocateFloat64,
  allocateTensors,
  deltaSizes,
  type ReferencePass,
  type Shape,
} from '../model/tensors.ts';
import type { KernelOptions, Kernels, NetworkRequest } from './kernels.ts';
import { createNetwork, networkMemoryBytes, sum } from './network.ts';

/**
 * The float64 reference of src/model/ as kernels: slow, and with every quantity of both sides in its pass.
 * @param described a network of one layer of an Elman cell: the pass has room for its quantities alone.
 */
export function createReferenceKernels(
  shape: Shape,
  options: KernelOptions,
  described: Network = NETWORK,
): Kernels<Float64Array> & ReferencePass {
  const activations = {
    ...allocateTensors(activationSizes(shape), allocateFloat64),
    stepLoss: new Float64Array(shape.T),
  };
  const deltas = allocateTensors(deltaSizes(shape), allocateFloat64);
  const network = createNetwork(shape, options, allocateFloat64, activations.a);
  const pass: ReferencePass = { ...network, network: described, activations, deltas };
  return {
    ...network,
    network: described,
    name: 'reference',
    activations,
    deltas,
    forward: () => forward(pass),
    backward: () => backward(pass),
  };
}

export function referenceMemoryBytes({ shape, optimizer }: NetworkRequest): number {
  const passNumbers = sum(activationSizes(shape)) + shape.T + sum(deltaSizes(shape));
  const bytesPerNumber = Float64Array.BYTES_PER_ELEMENT;
  return passNumbers * bytesPerNumber + networkMemoryBytes(shape, optimizer, bytesPerNumber);
}
