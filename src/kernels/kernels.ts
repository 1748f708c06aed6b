import type { ParameterName } from '../network/names.ts';
import type { Network } from '../network/network.ts';
import type { OptimizerName } from '../common/optimizers.ts';
import type { OptimizerState } from '../model/optimizer.ts';
import type { MeasuringPass, Parameters, Reduction, Shape, Vector } from '../model/tensors.ts';

/**
 * The implementations of the mathematics: the float64 reference; float32 in scalar TypeScript; float32 in WebAssembly with
 * plain vector instructions, whose results are the same on every processor; and with relaxed ones, which are the fastest.
 */
export const KERNEL_NAMES = ['reference', 'scalar', 'simd', 'relaxed'] as const;
export type KernelName = (typeof KERNEL_NAMES)[number];

export interface GradientNorms {
  /** ‖∂P‖_F of each parameter, before clipping. */
  readonly byParameter: Readonly<Record<ParameterName, number>>;
  /** The global norm, before clipping: the root of the sum of the squares. */
  readonly total: number;
}

export interface KernelOptions {
  readonly network: Network;
  readonly reduction: Reduction;
  readonly optimizer: OptimizerName;
}

/** What a network is to be, before any memory is allocated. */
export interface NetworkRequest extends KernelOptions {
  readonly shape: Shape;
  /** Only side A will be asked for, and neither gradients nor an optimizer. */
  readonly forwardOnly?: boolean;
}

/**
 * One network with its optimizer and the memory for a window of its shape, all allocated once. The order of calls in an
 * iteration is: fill `window`, `forward`, `backward`, `gradientNorms`, `update`, `carryState`. All tensors are live views.
 */
export interface Kernels<A extends Vector = Vector> extends MeasuringPass<A> {
  readonly name: KernelName;
  readonly reduction: Reduction;
  readonly parameters: Parameters<A>;
  readonly optimizerState: OptimizerState<A>;
  /** Side A from the carried-in states in their slots 0; returns the total loss L, nats. */
  forward(): number;
  /** Side B of the last `forward`; fills `gradients` anew (they do not accumulate between calls). */
  backward(): void;
  gradientNorms(): GradientNorms;
  /** Takes one step of the optimizer on the gradients times `clipFactor`; `gradients` stay as before clipping. */
  update(learningRate: number, clipFactor: number): void;
  /** Makes the states after the last time step the carried-in ones of the next window. */
  carryState(): void;
  /** Makes zeros the carried-in states of the next window. */
  resetState(): void;
}

/** Networks that were created together. */
export interface Networks {
  readonly kernels: readonly Kernels[];
  /** Ends the threads that helped; the networks can still be read. */
  dispose(): void;
}

/** An implementation, loaded and ready to create networks. */
export interface KernelLibrary {
  readonly name: KernelName;
  /** Threads that compute, the calling one among them. */
  readonly threads: number;
  /** Bytes that `create` would allocate for all networks of a run together. */
  memoryBytes(requests: readonly NetworkRequest[]): number;
  /**
   * Networks of zeros.
   * @throws {InputError} where they cannot have so much memory.
   */
  create(requests: readonly NetworkRequest[]): Networks;
}
