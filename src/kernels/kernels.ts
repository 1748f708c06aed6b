import type { ParameterName } from '../common/names.ts';
import type { OptimizerName, OptimizerState } from '../model/optimizer.ts';
import type { Parameters, Pass, Reduction, Vector } from '../model/tensors.ts';

/** The implementations of the mathematics: the float64 reference, and float32 in scalar TypeScript. */
export const KERNEL_NAMES = ['reference', 'scalar'] as const;
export type KernelName = (typeof KERNEL_NAMES)[number];

export interface GradientNorms {
  /** ‖∂P‖_F of each parameter, before clipping. */
  readonly byParameter: Readonly<Record<ParameterName, number>>;
  /** The global norm, before clipping: the root of the sum of the squares. */
  readonly total: number;
}

export interface KernelOptions {
  readonly reduction: Reduction;
  readonly optimizer: OptimizerName;
}

/**
 * One network with its optimizer and the memory for a window of its shape, all allocated once. The order of calls in an
 * iteration is: fill `window`, `forward`, `backward`, `gradientNorms`, `update`, `carryState`. All tensors are live views.
 */
export interface Kernels<A extends Vector = Vector> extends Pass<A> {
  readonly name: KernelName;
  readonly reduction: Reduction;
  readonly parameters: Parameters<A>;
  readonly optimizerState: OptimizerState<A>;
  /** Side A from the carried-in state in slot 0 of `activations.a`; returns the total loss L, nats. */
  forward(): number;
  /** Side B of the last `forward`; fills `gradients` anew (they do not accumulate between calls). */
  backward(): void;
  gradientNorms(): GradientNorms;
  /** Takes one step of the optimizer on the gradients times `clipFactor`; `gradients` stay as before clipping. */
  update(learningRate: number, clipFactor: number): void;
  /** Makes a(T−1) the carried-in state of the next window. */
  carryState(): void;
  /** Makes zeros the carried-in state of the next window. */
  resetState(): void;
}
