import type { ParameterName } from '../network/names.ts';
import { errorName, sizeOf, type Network } from '../network/network.ts';

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

/** Tensors by the names of a network's quantities or of their errors. */
export type Tensors<A extends Vector = Vector> = Readonly<Record<string, A>>;

/** What every pass has of side A, whatever its network is. */
interface KnownActivations<A extends Vector> {
  readonly yhat: A; // (T, B, V)
  /** What step t adds to the total loss L: (1/N) Σ_b L(t), nats. */
  readonly stepLoss: Float64Array; // (T)
}

/**
 * Side A: each quantity of the network by its name, (T, B, H) or of the output (T, B, V). A state has T+1 slots: slot 0 is what
 * is carried in, slot t+1 is that of step t.
 */
export type Activations<A extends Vector = Vector> = Tensors<A> & KnownActivations<A>;

/**
 * Side B, always derivatives of the total loss L: the error of each quantity by `errorName`, shaped as the quantity, and what step
 * t passes to a state of step t−1 by `messageName`, (T, B, H).
 */
export type Deltas<A extends Vector = Vector> = Tensors<A> & KnownDeltas<A>;

interface KnownDeltas<A extends Vector> {
  readonly do: A; // (T, B, V)
}

/**
 * One pass over a window, as inspection reads it. A kernel that fuses steps may leave out what it never stores: the logits, the
 * error of ŷ, the messages, and pre-activations that are overwritten by what they are passed through.
 */
export interface Pass<A extends Vector = Vector> {
  readonly network: Network;
  readonly shape: Shape;
  readonly window: Window;
  readonly activations: Readonly<Record<string, A | undefined>> & KnownActivations<A>;
  readonly deltas: Readonly<Record<string, A | undefined>> & KnownDeltas<A>;
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
  readonly reduction: Reduction;
  readonly parameters: Parameters<Float64Array>;
  readonly activations: Activations<Float64Array>;
  readonly deltas: Deltas<Float64Array>;
}

/** The step norms and step cosines of MATH.md for one pass; norms are of the gradients before clipping. */
export interface StepMeasures {
  /** (step quantities of the network, T): ‖∂P(t)‖_F of each parameter's contribution summed over the batch, then ‖∂h(t)‖_F and ‖∂a(t)‖_F. */
  readonly stepNorm: Float64Array;
  /**
   * (parameters, T): ⟨∂P(t), ∂P⟩ / (‖∂P(t)‖‖∂P‖), 0 where one of the two is 0 and so has no direction; NaN throughout
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
export function parameterSizes(network: Network, sizes: Pick<Shape, 'V' | 'H'>): Record<ParameterName, number> {
  return Object.fromEntries(network.parameters.map((parameter) => [parameter.name, sizeOf(parameter, sizes)]));
}

/** Numbers in all parameters together. */
export function parameterCount(network: Network, sizes: Pick<Shape, 'V' | 'H'>): number {
  return Object.values(parameterSizes(network, sizes)).reduce((sum, size) => sum + size, 0);
}

/** Numbers in each tensor of side A, in the order of the forward pass, but `stepLoss`, which is float64 in every kernel. */
export function activationSizes({ quantities, states }: Network, shape: Shape): Record<string, number> {
  const { T, B } = shape;
  return Object.fromEntries(
    quantities.map(({ name, axis }) => [name, (states.includes(name) ? T + 1 : T) * B * shape[axis]]),
  );
}

/** Numbers in each tensor of side B, in the order of the backward pass, the messages last. */
export function deltaSizes({ quantities, states }: Network, shape: Shape): Record<string, number> {
  const { H, T, B } = shape;
  const errors = quantities.toReversed().map(({ name, axis }) => [errorName(name), T * B * shape[axis]] as const);
  return Object.fromEntries([...errors, ...states.map((state) => [messageName(state), T * B * H] as const)]);
}

/** The name of what a time step passes to a state of the one before. */
export function messageName(state: string): string {
  return `message_${state}`;
}

/** Every tensor of side A of zeros, for all T steps. */
export function allocateActivations<A extends Vector>(
  network: Network,
  shape: Shape,
  allocate: Allocate<A>,
): Activations<A> {
  return withStepLoss(allocateTensors(activationSizes(network, shape), allocate), shape);
}

/** Tensors of side A, `yhat` among them, with a `stepLoss` of zeros, which is float64 in every kernel. */
export function withStepLoss<A extends Vector>(tensors: Tensors<A>, { T }: Pick<Shape, 'T'>): Activations<A> {
  return { ...tensors, stepLoss: new Float64Array(T) } as unknown as Activations<A>;
}

/** Every tensor of side B of zeros, for all T steps. */
export function allocateDeltas<A extends Vector>(network: Network, shape: Shape, allocate: Allocate<A>): Deltas<A> {
  return allocateTensors(deltaSizes(network, shape), allocate) as Deltas<A>;
}

/**
 * A tensor that a pass is to have.
 * @throws {RangeError} where its kernels leave it out, or its network has none of that name.
 */
export function tensorNamed<A extends Vector>(tensors: Readonly<Record<string, A | undefined>>, name: string): A {
  const tensor = tensors[name];
  if (tensor === undefined) throw new RangeError(`The pass has no tensor "${name}".`);
  return tensor;
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
