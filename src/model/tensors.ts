import { NETWORK, type ParameterName } from '../network/names.ts';
import { sizeOf, type Network } from '../network/network.ts';

/**
 * Shapes of the network, in the letters of MATH.md: V vocabulary size, H hidden size, T time steps, B batch size
 * (parallel streams). Tensors are flat arrays in row-major order; the comment beside each gives its axes.
 */
export interface Shape {
  readonly V: number;
  readonly H: number;
  readonly T: number;
  readonly B: number;
}

/** The reference computes in float64; kernels in float32. */
export type Vector = Float32Array | Float64Array;

/** The loss is the mean over all T·B characters (N = T·B) or their sum (N = 1). */
export type Reduction = 'mean' | 'sum';

/** One tensor per parameter, of the shape that the network gives it: the parameters themselves, their gradients, or an optimizer's moments. */
export type Parameters<A extends Vector = Vector> = Readonly<Record<ParameterName, A>>;

/** What one window reads and is asked for, as indices of the one-hot x and y. */
export interface Window {
  readonly inputs: Int32Array; // (T, B)
  readonly targets: Int32Array; // (T, B)
}

/** Side A. `a` has T+1 slots: slot 0 is the carried-in state a(−1), slot t+1 is a(t). */
export interface Activations<A extends Vector = Vector> {
  readonly h: A; // (T, B, H)
  readonly a: A; // (T+1, B, H)
  readonly o: A; // (T, B, V)
  readonly yhat: A; // (T, B, V)
  /** What step t adds to the total loss L: (1/N) Σ_b L(t), nats. */
  readonly stepLoss: Float64Array; // (T)
}

/** Side B, always derivatives of the total loss L. `message` is step 11: what step t passes to t−1. */
export interface Deltas<A extends Vector = Vector> {
  readonly dyhat: A; // (T, B, V)
  readonly do: A; // (T, B, V)
  readonly da: A; // (T, B, H)
  readonly dh: A; // (T, B, H)
  readonly message: A; // (T, B, H)
}

/**
 * One pass over a window, as inspection reads it. A kernel that fuses steps may leave out `h`, `o`, `dyhat` and
 * `message`, which nothing but the step-by-step view needs.
 */
export interface Pass<A extends Vector = Vector> {
  readonly shape: Shape;
  readonly window: Window;
  readonly activations: Omit<Activations<A>, 'h' | 'o'> & Partial<Pick<Activations<A>, 'h' | 'o'>>;
  readonly deltas: Omit<Deltas<A>, 'dyhat' | 'message'> & Partial<Pick<Deltas<A>, 'dyhat' | 'message'>>;
  readonly gradients: Parameters<A>;
}

/** A pass of kernels that may have a faster way to what its tensors say. */
export interface MeasuringPass<A extends Vector = Vector> extends Pass<A> {
  /**
   * The step norms and cosines of the last pass, the same as from the tensors; undefined where numbers are so small or so
   * large that the faster way would lose them.
   */
  measureSteps?(options: MeasureOptions): StepMeasures | undefined;
}

/** The pass of the reference, which leaves nothing out, with the parameters that it runs with. */
export interface ReferencePass extends Pass<Float64Array> {
  readonly network: Network;
  readonly reduction: Reduction;
  readonly parameters: Parameters<Float64Array>;
  readonly activations: Activations<Float64Array>;
  readonly deltas: Deltas<Float64Array>;
}

/** The step norms and step cosines of MATH.md for one pass; norms are of the gradients before clipping. */
export interface StepMeasures {
  /** (STEP_QUANTITIES, T): ‖∂P(t)‖_F of each parameter's contribution summed over the batch, then ‖∂h(t)‖_F and ‖∂a(t)‖_F. */
  readonly stepNorm: Float64Array;
  /**
   * (PARAMETER_NAMES, T): ⟨∂P(t), ∂P⟩ / (‖∂P(t)‖‖∂P‖), 0 where one of the two is 0 and so has no direction; NaN throughout
   * where cosines were not asked for.
   */
  readonly stepCosine: Float64Array;
}

/** What of `StepMeasures` is asked for besides the norms. */
export interface MeasureOptions {
  readonly cosines: boolean;
}

/** N of MATH.md: what the sum of all characters' losses is divided by. */
export function lossDivisor({ T, B }: Shape, reduction: Reduction): number {
  return reduction === 'mean' ? T * B : 1;
}

/** Numbers in each parameter. */
export function parameterSizes(sizes: Pick<Shape, 'V' | 'H'>): Record<ParameterName, number> {
  return Object.fromEntries(NETWORK.parameters.map((parameter) => [parameter.name, sizeOf(parameter, sizes)]));
}

/** Numbers in each tensor of side A but `stepLoss`, which is float64 in every kernel. */
export function activationSizes({ V, H, T, B }: Shape): Record<Exclude<keyof Activations, 'stepLoss'>, number> {
  return { h: T * B * H, a: (T + 1) * B * H, o: T * B * V, yhat: T * B * V };
}

/** Numbers in each tensor of side B. */
export function deltaSizes({ V, H, T, B }: Shape): Record<keyof Deltas, number> {
  return { dyhat: T * B * V, do: T * B * V, da: T * B * H, dh: T * B * H, message: T * B * H };
}

/** Makes an array of zeros of one of the two float types. */
export type Allocate<A extends Vector> = (length: number) => A;

export const allocateFloat32: Allocate<Float32Array> = (length) => new Float32Array(length);
export const allocateFloat64: Allocate<Float64Array> = (length) => new Float64Array(length);

/** An array of zeros of the float type of `model`. */
export function allocateLike(model: Vector, length: number): Vector {
  return model instanceof Float32Array ? allocateFloat32(length) : allocateFloat64(length);
}

/** A tensor of zeros for every name, of the size given for it. */
export function allocateTensors<N extends string, A extends Vector>(
  sizes: Readonly<Record<N, number>>,
  allocate: Allocate<A>,
): Record<N, A> {
  const entries = Object.entries<number>(sizes).map(([name, length]) => [name, allocate(length)] as const);
  return Object.fromEntries(entries) as Record<N, A>;
}
