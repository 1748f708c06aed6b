import { fileURLToPath } from 'node:url';
import * as create from '../../../src/kernels/create.ts';
import type { KernelLibrary, KernelName, KernelOptions, Kernels } from '../../../src/kernels/kernels.ts';
import type { Shape } from '../../../src/model/tensors.ts';
import { NETWORK } from '../../tanh.ts';

/** Where `npm run build` puts the modules and the entry of the team's threads. */
export const BUNDLES = fileURLToPath(new URL('../../../dist', import.meta.url));

export function loadKernels(name: KernelName, threads = 1): KernelLibrary {
  return create.loadKernels(name, { folder: BUNDLES, threads });
}

/** A network of zeros, on the calling thread alone; by default the one that is trained. */
export function createKernels(
  name: KernelName,
  shape: Shape,
  options: Omit<KernelOptions, 'network'> & Partial<Pick<KernelOptions, 'network'>>,
): Kernels {
  return create.createKernels(name, { network: NETWORK, shape, ...options }, { folder: BUNDLES, threads: 1 });
}
