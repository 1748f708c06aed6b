import { InputError } from '../common/inputError.ts';
import type { KernelLibrary, KernelName, Kernels, NetworkRequest } from './kernels.ts';
import { createReferenceKernels, referenceMemoryBytes } from './reference.ts';
import { createScalarKernels, scalarMemoryBytes } from './scalar.ts';
import { loadVectorKernels } from './vector.ts';

/** What may be asked for: an implementation, or the fastest that this machine runs. */
export type KernelSetting = 'auto' | KernelName;

export interface KernelPlace {
  /** The folder of the bundles, where the WebAssembly modules and the entry of the team's threads are. */
  readonly folder: string;
  /** Threads that may compute, the calling one among them; only the WebAssembly kernels use more than one. */
  readonly threads: number;
}

/**
 * Loads an implementation.
 * @throws {InputError} where this machine cannot run the one that was asked for.
 */
export function loadKernels(setting: KernelSetting, place: KernelPlace): KernelLibrary {
  switch (setting) {
    case 'reference':
      return libraryOf('reference', createReferenceKernels, referenceMemoryBytes);
    case 'scalar':
      return libraryOf('scalar', createScalarKernels, scalarMemoryBytes);
    case 'simd':
    case 'relaxed':
      return loadVectorKernels(setting, place.folder, place.threads) ?? refuse(setting);
    case 'auto':
      return (
        loadVectorKernels('relaxed', place.folder, place.threads) ??
        loadVectorKernels('simd', place.folder, place.threads) ??
        loadKernels('scalar', place)
      );
  }
}

/** A single network of zeros. */
export function createKernels(setting: KernelSetting, request: NetworkRequest, place: KernelPlace): Kernels {
  const [kernels] = loadKernels(setting, place).create([request]).kernels;
  return kernels;
}

function libraryOf(
  name: KernelName,
  create: (request: NetworkRequest) => Kernels,
  memoryBytes: (request: NetworkRequest) => number,
): KernelLibrary {
  return {
    name,
    threads: 1,
    memoryBytes: (requests) => requests.reduce((sum, request) => sum + memoryBytes(request), 0),
    create: (requests) => ({
      kernels: requests.map(create),
      dispose: () => undefined,
    }),
  };
}

function refuse(setting: KernelName): never {
  throw new InputError(
    `The kernels "${setting}" need vector instructions that this program does not have. Set kernels to "auto", which takes ` +
      'the fastest that it has.',
    { setting: 'kernels', value: 'auto', label: 'Choose kernels automatically' },
  );
}
