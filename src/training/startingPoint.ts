import { InputError } from '../common/inputError.ts';
import type { KernelLibrary, Kernels } from '../kernels/kernels.ts';
import { loadKernels, type KernelPlace } from '../kernels/create.ts';
import { parameterSizes, type Shape } from '../model/tensors.ts';
import type { RunSettings } from '../protocol/settings.ts';
import type { StartingPoint } from '../protocol/worker.ts';
import type { TextOfRun } from './requestText.ts';
import { restoreCarriedState, restoreOptimizer, restoreParameters } from './checkpoint.ts';

/** The text is not the one that a run would go on with. */
export class TextChanged extends InputError {}

/** What of a checkpoint a run takes over. */
export interface Continuation {
  /** It goes on where the checkpoint stands, to the bit if the kernels are the same. */
  readonly isExact: boolean;
  /** The optimizer's state has a meaning for the run. */
  readonly keepsOptimizer: boolean;
  /** Iterations, the carried state and the place in the text have one: shape and text are the same. */
  readonly keepsPlace: boolean;
}

/**
 * Decides what can be taken over.
 * @throws {TextChanged} where the text is not the one expected and the run is to go on exactly.
 * @throws {InputError} where the checkpoint does not fit the settings.
 */
export function continuationOf(
  from: StartingPoint,
  settings: RunSettings,
  shape: Shape,
  text: TextOfRun['read'],
  name: string,
): Continuation {
  const { checkpoint } = from;
  const isSameText = from.text === undefined || from.text.sha256 === text.sha256;
  const isSameShape = (['V', 'H', 'T', 'B'] as const).every((axis) => checkpoint.shape[axis] === shape[axis]);
  const isSameOptimizer = checkpoint.optimizer === settings.optimizer;
  if (from.mode === 'exact') {
    if (!isSameText) throw new TextChanged(describeChange(name, from.text?.bytes ?? 0, text.bytes));
    if (!isSameShape) throw new InputError(describeMismatch(checkpoint.shape, shape));
    if (!isSameOptimizer) {
      throw new InputError(
        `The checkpoint was written with the optimizer ${checkpoint.optimizer}, and the run's settings say ` +
          `${settings.optimizer}. Fork the run to go on with another optimizer.`,
      );
    }
  }
  checkParameters(from, shape);
  const isExact = from.mode === 'exact';
  // Without a text that was expected, nobody knows what the place in it means.
  const keepsPlace = isExact || (from.text !== undefined && isSameText && isSameShape);
  return { isExact, keepsOptimizer: isSameOptimizer, keepsPlace };
}

/** The kernels that computed the checkpoint, where a run goes on exactly, chooses freely, and this machine has them. */
export function kernelsToGoOn(
  settings: RunSettings,
  from: StartingPoint | undefined,
  place: KernelPlace,
): KernelLibrary {
  if (from?.mode === 'exact' && settings.kernels === 'auto') {
    try {
      return loadKernels(from.checkpoint.kernels, place);
    } catch (error) {
      // The facts of the run name the kernels, and whoever asked says that they are others.
      if (!(error instanceof InputError)) throw error;
    }
  }
  return loadKernels(settings.kernels, place);
}

/** Puts the checkpoint into a network. */
export function restoreNetwork(kernels: Kernels, { checkpoint }: StartingPoint, continuation: Continuation): void {
  restoreParameters(kernels.parameters, checkpoint.parameters);
  if (continuation.keepsOptimizer) restoreOptimizer(kernels, checkpoint);
  if (continuation.keepsPlace) restoreCarriedState(kernels, checkpoint.state);
}

function checkParameters({ checkpoint, vocabulary }: StartingPoint, shape: Shape): void {
  const { V, H } = checkpoint.shape;
  const sizes = parameterSizes({ V, H });
  const isWhole = Object.entries(checkpoint.parameters).every(
    ([name, tensor]) => tensor.length === sizes[name as keyof typeof sizes],
  );
  if (!isWhole || vocabulary.codes.length !== V) {
    throw new InputError(`The checkpoint contradicts itself: its tensors are not those of V=${V}, H=${H}.`);
  }
  if (H !== shape.H || V !== shape.V) throw new InputError(describeMismatch(checkpoint.shape, shape));
}

function describeMismatch(checkpoint: Shape, shape: Shape): string {
  const shown = ({ V, H, T, B }: Shape): string => `V=${V}, H=${H}, T=${T}, B=${B}`;
  return `The checkpoint is of a network with ${shown(checkpoint)}, and the run's text and settings make it ${shown(shape)}.`;
}

function describeChange(name: string, before: number, now: number): string {
  const sizes =
    before === now ? `it still has ${now} bytes, but other ones` : `it had ${before} bytes, and now has ${now}`;
  return `"${name}" changed since the run began: ${sizes}.`;
}
