import type { OptimizerName } from '../model/optimizer.ts';
import type { Shape } from '../model/tensors.ts';
import type { KernelName, KernelOptions, Kernels } from './kernels.ts';
import { createReferenceKernels, referenceMemoryBytes } from './reference.ts';
import { createScalarKernels, scalarMemoryBytes } from './scalar.ts';

/** A network of zeros, with its optimizer and the memory for a window, in one of the implementations. */
export function createKernels(name: KernelName, shape: Shape, options: KernelOptions): Kernels {
  switch (name) {
    case 'reference':
      return createReferenceKernels(shape, options);
    case 'scalar':
      return createScalarKernels(shape, options);
  }
}

/** Bytes that `createKernels` will allocate, exactly, known before anything is allocated. */
export function kernelMemoryBytes(name: KernelName, shape: Shape, optimizer: OptimizerName): number {
  switch (name) {
    case 'reference':
      return referenceMemoryBytes(shape, optimizer);
    case 'scalar':
      return scalarMemoryBytes(shape, optimizer);
  }
}
