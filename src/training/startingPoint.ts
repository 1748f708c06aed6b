import { networkOf, type Network } from '../network/network.ts';
import { InputError } from '../common/inputError.ts';
import { withSymbolsInOrder } from '../network/symbolOrder.ts';
import type { KernelLibrary, Kernels } from '../kernels/kernels.ts';
import { loadKernels, type KernelPlace } from '../kernels/create.ts';
import { MOMENT_NAMES } from '../common/optimizers.ts';
import { parameterSizes, type Shape } from '../model/tensors.ts';
import { type RunSettings, settingInLists } from '../protocol/settings.ts';
import type { Checkpoint, NetworkState, Tensors } from '../protocol/checkpoint.ts';
import type { StartingPoint } from '../protocol/worker.ts';
import type { TextOfRun } from './requestText.ts';
import { restoreCarriedStates, restoreOptimizer, restoreParameters } from './checkpoint.ts';

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
 * Decides what can be taken over; of a run that goes on exactly, `checkSameText` has looked at the text.
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
  if (checkpoint.cell !== settings.cell) {
    throw new InputError(
      `The checkpoint is of a network of the cell ${checkpoint.cell}, and the run's settings say ${settings.cell}. Use a checkpoint ` +
        'of the run itself.',
    );
  }
  if (checkpoint.layers !== settings.layers) {
    throw new InputError(
      `The checkpoint is of a network of ${settingInLists('layers', checkpoint.layers)}, and the run's settings say ${settings.layers}. ` +
        'Use a checkpoint of the run itself.',
    );
  }
  const isSameOptimizer = checkpoint.optimizer === settings.optimizer;
  const hasMoments = MOMENT_NAMES[settings.optimizer].every((moment) => Object.hasOwn(checkpoint.moments, moment));
  if (from.mode === 'exact') {
    if (!isSameShape) throw new InputError(describeMismatch(checkpoint.shape, shape));
    if (!isSameOptimizer) {
      throw new InputError(
        `The checkpoint was written with the optimizer ${checkpoint.optimizer}, and the run's settings say ` +
          `${settings.optimizer}. Fork the run to go on with another optimizer.`,
      );
    }
  }
  const isExact = from.mode === 'exact';
  // Imported weights come without moments; a run that goes on as if it had never stopped needs them.
  const keepsOptimizer = isSameOptimizer && (hasMoments || isExact);
  checkNetwork(from, keepsOptimizer, shape, name);
  // Without a text that was expected, nobody knows what the place in it means.
  const keepsPlace = isExact || (from.text !== undefined && isSameText && isSameShape);
  return { isExact, keepsOptimizer, keepsPlace };
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

/** What a checkpoint is checked against before anything is allocated for it. */
export interface PlaceLimits {
  /** Symbols that each stream reads. */
  readonly streamLength: number;
  /** Windows of a validation, and its shape; nothing where the run does not validate. */
  readonly validation: { readonly windows: number; readonly shape: Shape } | undefined;
}

/** @throws {InputError} where the checkpoint says of the place in the run what cannot be. */
export function checkPlace({ checkpoint }: StartingPoint, { streamLength, validation }: PlaceLimits): void {
  const { iteration, position, lastValidationAt, samplingRandom, shape, pendingValidation: pending } = checkpoint;
  const network = networkOf(checkpoint);
  const wrong = [
    position > streamLength && `it stands at symbol ${position} of streams of ${streamLength}`,
    lastValidationAt > iteration && `it validated at iteration ${lastValidationAt} and stands at ${iteration}`,
    samplingRandom.length !== RANDOM_WORDS &&
      `its random stream has ${samplingRandom.length} words, not ${RANDOM_WORDS}`,
    tensorsProblem(network, shape, { states: checkpoint.states }),
    pending !== undefined && validation === undefined && 'it is in a validation, and the run has none',
    pending !== undefined &&
      validation !== undefined &&
      (pending.windows > validation.windows
        ? `it is at window ${pending.windows} of a validation of ${validation.windows}`
        : pendingProblem(checkpoint, pending, validation.shape)),
  ].find((reason) => typeof reason === 'string');
  if (typeof wrong === 'string') {
    throw new InputError(`The checkpoint does not fit the run: ${wrong}. Use another checkpoint of the run.`);
  }
}

/** A run may go on from the network that is being validated too, if that turns out to be the best. */
function pendingProblem(
  checkpoint: Checkpoint,
  { network: validated, states: ofStreams }: NonNullable<Checkpoint['pendingValidation']>,
  validationShape: Shape,
): string | undefined {
  const network = networkOf(checkpoint);
  const { parameters, states } = validated;
  const moments = momentsOf(checkpoint, validated);
  const ofNetwork = tensorsProblem(network, checkpoint.shape, { parameters, moments, states });
  if (ofNetwork !== undefined) return `of the network that it validates, ${ofNetwork}`;
  const ofValidation = tensorsProblem(network, validationShape, { states: ofStreams });
  return ofValidation && `of the validation under way, ${ofValidation}`;
}

/** Tensors of a network, as far as they are to be taken up. */
type TakenUp = Partial<Pick<NetworkState, 'parameters' | 'moments' | 'states'>>;

/** What is wrong with tensors: one that the network of this shape has is not there or has another size, or it has none of that name. */
function tensorsProblem(
  network: Network,
  shape: Shape,
  { parameters, moments = {}, states }: TakenUp,
): string | undefined {
  const sizes = parameterSizes(network, shape);
  const stateSizes = Object.fromEntries(network.states.map((state) => [state, shape.B * shape.H]));
  return [
    parameters && groupProblem('parameter', parameters, sizes),
    ...Object.entries(moments).map(([moment, tensors]) => groupProblem(`moment ${moment} of`, tensors, sizes)),
    states && groupProblem('state', states, stateSizes),
  ].find((problem) => problem !== undefined);
}

function groupProblem(what: string, tensors: Tensors, sizes: Readonly<Record<string, number>>): string | undefined {
  const wrong = Object.keys(sizes).find((name) => tensors[name]?.length !== sizes[name]);
  if (wrong !== undefined)
    return `its ${what} ${wrong} has ${tensors[wrong]?.length ?? 'no'} numbers, not ${sizes[wrong]}`;
  const unknown = Object.keys(tensors).find((name) => !Object.hasOwn(sizes, name));
  return unknown && `its ${what} ${unknown} is none of the network`;
}

/** The moments that the checkpoint's optimizer has; those that are not there without any tensor. */
function momentsOf({ optimizer }: Checkpoint, { moments }: NetworkState): NetworkState['moments'] {
  return Object.fromEntries(MOMENT_NAMES[optimizer].map((moment) => [moment, moments[moment] ?? {}]));
}

/** Of the state of a random stream. */
const RANDOM_WORDS = 4;

/** A network whose ids stand for the symbols of the text as they first appear, with the ids of the vocabulary; any other as it is. */
export function inOrderOfCodes(from: StartingPoint, { idsByAppearance }: TextOfRun): StartingPoint {
  const { checkpoint, vocabulary, imported } = from;
  if (vocabulary !== undefined || imported?.order !== 'appearance') return from;
  const before = new Uint16Array(idsByAppearance.length);
  for (let id = 0; id < before.length; id++) before[idsByAppearance[id]] = id;
  const parameters = withSymbolsInOrder(networkOf(checkpoint), checkpoint.parameters, checkpoint.shape, before);
  return { ...from, checkpoint: { ...checkpoint, parameters } };
}

/** Puts the checkpoint into a network. */
export function restoreNetwork(kernels: Kernels, { checkpoint }: StartingPoint, continuation: Continuation): void {
  restoreParameters(kernels.parameters, checkpoint.parameters);
  if (continuation.keepsOptimizer) restoreOptimizer(kernels, checkpoint);
  if (continuation.keepsPlace) restoreCarriedStates(kernels, checkpoint.states);
}

function checkNetwork(
  { checkpoint, vocabulary }: StartingPoint,
  keepsOptimizer: boolean,
  shape: Shape,
  name: string,
): void {
  const { parameters } = checkpoint;
  const { V, H } = checkpoint.shape;
  const moments = keepsOptimizer ? momentsOf(checkpoint, checkpoint) : {};
  const problem =
    tensorsProblem(networkOf(checkpoint), checkpoint.shape, { parameters, moments }) ??
    (vocabulary !== undefined && vocabulary.codes.length !== V
      ? `its vocabulary has ${vocabulary.codes.length} symbols, not ${V}`
      : undefined);
  if (problem !== undefined) {
    throw new InputError(`The checkpoint contradicts itself, as one of V=${V}, H=${H}: ${problem}.`);
  }
  if (vocabulary === undefined && V !== shape.V) {
    throw new InputError(
      `The network has ${V} symbols and no vocabulary says which; "${name}" has ${shape.V}. Choose the text that it was ` +
        'trained on, one with the same characters, or a file with the vocabulary.',
    );
  }
  if (H !== shape.H || V !== shape.V) throw new InputError(describeMismatch(checkpoint.shape, shape));
}

function describeMismatch(checkpoint: Shape, shape: Shape): string {
  const shown = ({ V, H, T, B }: Shape): string => `V=${V}, H=${H}, T=${T}, B=${B}`;
  return `The checkpoint is of a network with ${shown(checkpoint)}, and the run's text and settings make it ${shown(shape)}.`;
}
