import { createKernels } from '../kernels/built.ts';
import type { KernelName, Kernels } from '../../../src/kernels/kernels.ts';
import type { Reduction, Shape } from '../../../src/model/tensors.ts';
import { RandomStream } from '../../../src/common/random.ts';

/**
 * A network of random parameters with a random window and carried-in state. The numbers are float32, so that all kernels
 * get the same ones.
 */
export function randomNetwork(name: KernelName, shape: Shape, reduction: Reduction, seed: number): Kernels {
  const random = RandomStream.seeded(seed, 'initialization');
  const kernels = createKernels(name, shape, { reduction, optimizer: 'sgd' });
  const { V, H, B } = shape;
  const scale = 1 / Math.sqrt(H);
  for (const parameter of Object.values(kernels.parameters)) {
    for (let i = 0; i < parameter.length; i++) parameter[i] = Math.fround(scale * random.normal());
  }
  for (let i = 0; i < B * H; i++) kernels.activations.a[i] = Math.fround(Math.tanh(random.normal()));
  for (const ids of [kernels.window.inputs, kernels.window.targets]) {
    for (let i = 0; i < ids.length; i++) ids[i] = random.integer(V);
  }
  return kernels;
}
