import { createKernels } from '../kernels/built.ts';
import type { KernelName, Kernels } from '../../../src/kernels/kernels.ts';
import { tensorNamed, type Reduction, type Shape, type Vector } from '../../../src/model/tensors.ts';
import type { Network } from '../../../src/network/network.ts';
import { RandomStream } from '../../../src/common/random.ts';
import { NETWORK } from '../../tanh.ts';

/**
 * A network of random parameters with a random window and carried-in state. The numbers are float32, so that all kernels
 * get the same ones.
 */
export function randomNetwork(
  name: KernelName,
  shape: Shape,
  reduction: Reduction,
  seed: number,
  network: Network = NETWORK,
): Kernels {
  const random = RandomStream.seeded(seed, 'initialization');
  const kernels = createKernels(name, shape, { network, reduction, optimizer: 'sgd' });
  const { V, H, B } = shape;
  const scale = 1 / Math.sqrt(H);
  for (const parameter of Object.values(kernels.parameters)) {
    for (let i = 0; i < parameter.length; i++) parameter[i] = Math.fround(scale * random.normal());
  }
  for (const state of network.states) {
    const tensor = tensorNamed<Vector>(kernels.activations, state);
    for (let i = 0; i < B * H; i++) tensor[i] = Math.fround(Math.tanh(random.normal()));
  }
  for (const ids of [kernels.window.inputs, kernels.window.targets]) {
    for (let i = 0; i < ids.length; i++) ids[i] = random.integer(V);
  }
  return kernels;
}
