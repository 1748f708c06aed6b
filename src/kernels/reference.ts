import { backward } from '../model/backward.ts';
import { forward } from '../model/forward.ts';
import {
  activationSizes,
  allocateActivations,
  allocateDeltas,
  allocateFloat64,
  deltaSizes,
  type ReferencePass,
} from '../model/tensors.ts';
import type { Kernels, NetworkRequest } from './kernels.ts';
import { createNetwork, networkMemoryBytes, sum } from './network.ts';

/** The float64 reference of src/model/ as kernels: slow, and with every quantity of both sides in its pass. */
export function createReferenceKernels(request: NetworkRequest): Kernels<Float64Array> & ReferencePass {
  const activations = allocateActivations(request.network, request.shape, allocateFloat64);
  const deltas = allocateDeltas(request.network, request.shape, allocateFloat64);
  const pass = { ...createNetwork(request, allocateFloat64, activations), activations, deltas };
  return {
    ...pass,
    name: 'reference',
    forward: () => forward(pass),
    backward: () => backward(pass),
  };
}

export function referenceMemoryBytes(request: NetworkRequest): number {
  const { network, shape } = request;
  const passNumbers = sum(activationSizes(network, shape)) + shape.T + sum(deltaSizes(network, shape));
  const bytesPerNumber = Float64Array.BYTES_PER_ELEMENT;
  return passNumbers * bytesPerNumber + networkMemoryBytes(request, bytesPerNumber);
}
