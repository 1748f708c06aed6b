import { RandomStream } from '../common/random.ts';
import type { Kernels, Networks } from '../kernels/kernels.ts';
import { checkInitialBias, setInitialBiases } from '../model/initialBias.ts';
import { initialize } from '../model/initialization.ts';
import { parameterCount, type Shape } from '../model/tensors.ts';
import { networkOf } from '../network/network.ts';
import type { Checkpoint } from '../protocol/checkpoint.ts';
import type { RunFacts } from '../protocol/run.ts';
import type { RunSettings } from '../protocol/settings.ts';
import type { StartingPoint, StartRequest, WorkerEvent } from '../protocol/worker.ts';
import { knownEntropyNats } from '../text/sampleText.ts';
import { splitIds, Streams } from '../text/streams.ts';
import { threadsFor, type Machine } from './machine.ts';
import { checkMemory, requestsOf } from './memory.ts';
import { clearlyLowerReluLoss } from './reluGuess.ts';
import type { TextOfRun } from './requestText.ts';
import { TextWriter } from './sampling.ts';
import {
  checkPlace,
  continuationOf,
  inOrderOfCodes,
  kernelsToGoOn,
  restoreNetwork,
  type Continuation,
} from './startingPoint.ts';
import { validationShape, Validator, windowsOf } from './validation.ts';

/** What a run is made of, once its text is read. */
export interface RunParts {
  readonly settings: RunSettings;
  readonly facts: RunFacts;
  readonly text: TextOfRun;
  readonly networks: Networks;
  readonly kernels: Kernels;
  readonly streams: Streams;
  readonly validator: Validator | undefined;
  readonly writer: TextWriter;
  /** Of the writer. */
  readonly random: RandomStream;
  /** Where the run goes on from, unless it begins. */
  readonly continued: Continued | undefined;
  /** Of an imported network. */
  readonly firstWindow?: FirstWindow;
}

/** What the first window of an imported network gives, before its first iteration. */
export type FirstWindow = Pick<Extract<WorkerEvent, { type: 'started' }>, 'firstLossNats' | 'reluLossNats'>;

/** What a run continues from, and how much of it. */
export interface Continued {
  readonly checkpoint: Checkpoint;
  readonly continuation: Continuation;
}

/**
 * Checks that the text can be trained on, and only then allocates and initialises the network, or restores it.
 * @throws {InputError} for a text or a starting point that does not fit the settings, and for too little memory.
 */
export function buildParts(request: StartRequest, text: TextOfRun, machine: Machine): RunParts {
  const { settings, name, from } = request;
  const { hiddenSize: H, sequenceLength: T, batchSize: B } = settings;
  const { vocabulary, ids } = text;
  const { training, validation } = splitIds(ids, settings.validationFraction);
  Streams.checkFits(training.length, T, B, name);
  const shape: Shape = { V: vocabulary.size, H, T, B };
  if (from === undefined) checkInitialBias(networkOf(settings), settings.initialBias);
  const continuation = from && continuationOf(from, settings, shape, text.read, name);
  const threads = threadsFor(settings.threads, shape, machine);
  const library = kernelsToGoOn(settings, from, { folder: machine.folder, threads });
  const size = { ...settings, library, shape, idBytes: ids.memoryBytes, validationCharacters: validation.length };
  const memoryBytes = checkMemory(size, machine.memoryBytes);
  const streams = new Streams(training, T, B);
  if (from !== undefined && continuation?.keepsPlace === true) {
    checkPlace(from, { streamLength: streams.length, validation: validationLimits(shape, validation.length) });
  }
  const entropyNats = knownEntropyNats(vocabulary, ids);
  // Last, because it starts threads.
  const networks = library.create(requestsOf(size));
  const [kernels, forValidation] = networks.kernels;
  if (from === undefined || continuation === undefined) begin(kernels, settings);
  else restoreNetwork(kernels, inOrderOfCodes(from, text), continuation);
  const random = writersRandom(settings, from?.checkpoint, continuation);
  return {
    settings,
    text,
    networks,
    kernels,
    streams,
    validator: forValidation && new Validator(forValidation, validation),
    writer: new TextWriter(kernels, vocabulary, random),
    random,
    continued: from && continuation && { checkpoint: from.checkpoint, continuation },
    ...(from?.imported && { firstWindow: firstWindowOf(kernels, streams, settings, from.imported) }),
    facts: {
      vocabulary: [...vocabulary.symbols],
      parameterCount: parameterCount(kernels.network, shape),
      trainingCharacters: training.length,
      validationCharacters: forValidation === undefined ? 0 : validation.length,
      iterationsPerEpoch: streams.iterationsPerEpoch,
      iterationsTotal: iterationsTotal(settings, streams, request.maxIterations),
      memoryBytes,
      kernels: kernels.name,
      threads: library.threads,
      ...(entropyNats !== undefined && { knownEntropyNats: entropyNats }),
    },
  };
}

function validationLimits(shape: Shape, characters: number) {
  const ofWindow = validationShape(shape, characters);
  return ofWindow && { windows: windowsOf(ofWindow, characters), shape: ofWindow };
}

/** The loss of the next window as the first iteration finds it then. */
function firstWindowOf(
  kernels: Kernels,
  streams: Streams,
  { reduction }: RunSettings,
  { isTanhAssumed = false }: NonNullable<StartingPoint['imported']>,
): FirstWindow {
  const { T, B } = kernels.shape;
  kernels.resetState();
  streams.peek(kernels.window);
  const L = kernels.forward();
  kernels.resetState();
  const reluLossNats = isTanhAssumed ? clearlyLowerReluLoss(kernels) : undefined;
  return { firstLossNats: reduction === 'sum' ? L / (T * B) : L, ...(reluLossNats !== undefined && { reluLossNats }) };
}

function begin({ network, parameters, shape }: Kernels, settings: RunSettings): void {
  const random = RandomStream.seeded(settings.seed, 'initialization');
  initialize(network, parameters, shape, settings.initialization, random);
  setInitialBiases(network, parameters, shape, settings.initialBias, random);
}

/** Text that a run goes on with is drawn from where its random stream was. */
function writersRandom(
  { seed }: RunSettings,
  checkpoint: Checkpoint | undefined,
  continuation: Continuation | undefined,
): RandomStream {
  return checkpoint !== undefined && continuation?.keepsPlace === true
    ? RandomStream.fromState(checkpoint.samplingRandom)
    : RandomStream.seeded(seed, 'sampling');
}

function iterationsTotal({ maxEpochs }: RunSettings, { iterationsPerEpoch }: Streams, most = Infinity): number {
  return Math.min(Math.max(1, Math.ceil(maxEpochs * iterationsPerEpoch)), most);
}
