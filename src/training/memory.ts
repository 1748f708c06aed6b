import { InputError, type Remedy } from '../common/inputError.ts';
import type { KernelLibrary, NetworkRequest } from '../kernels/kernels.ts';
import type { OptimizerName } from '../common/optimizers.ts';
import { momentCount } from '../model/optimizer.ts';
import { parameterCount, type Reduction, type Shape } from '../model/tensors.ts';
import { type Network, networkOf } from '../network/network.ts';
import { type RunSettings } from '../protocol/settings.ts';
import { CAPTURES_KEPT, MOST_MOMENT_BYTES } from '../protocol/study.ts';
import { validationShape } from './validation.ts';

/** The largest share of the machine's memory that a run may take. */
export const MEMORY_SHARE = 0.5;

/** What decides how much memory a run takes. */
export interface RunSize extends Pick<RunSettings, 'cell' | 'layers'> {
  readonly library: KernelLibrary;
  readonly optimizer: OptimizerName;
  readonly reduction: Reduction;
  readonly shape: Shape;
  /** Bytes that the text's ids take in memory. */
  readonly idBytes: number;
  readonly validationCharacters: number;
}

/** The networks of a run: the one that trains, and where there is a validation part the one that validates. */
export function requestsOf(size: RunSize): NetworkRequest[] {
  const { shape, reduction, optimizer, validationCharacters } = size;
  const network = networkOf(size);
  const training: NetworkRequest = { network, shape, reduction, optimizer };
  const forValidation = validationShape(shape, validationCharacters);
  if (forValidation === undefined) return [training];
  return [training, { network, shape: forValidation, reduction: 'sum', optimizer: 'sgd', forwardOnly: true }];
}

/**
 * Bytes that a run takes, without allocating any: the ids, the network that trains and the one that validates, and what looks
 * into them.
 */
export function runMemoryBytes(size: RunSize): number {
  const networkBytes = size.library.memoryBytes(requestsOf(size));
  return size.idBytes + networkBytes + studyBytes(size) + checkpointBytes(size);
}

/** Checkpoints that are there at a time: the network that is being validated, one on its way to the disk, and its file. */
const CHECKPOINTS_AT_A_TIME = 3;

function checkpointBytes(size: RunSize): number {
  const { shape, optimizer, library } = size;
  const network = networkOf(size);
  const parameters = parameterCount(network, shape);
  const states = network.states.length * shape.B * shape.H;
  const bytesPerNumber = library.name === 'reference' ? 8 : 4;
  return CHECKPOINTS_AT_A_TIME * bytesPerNumber * ((1 + momentCount(optimizer)) * parameters + states);
}

/**
 * Copies of the parameters besides the study thread's captures: in float32 the host's newest captures, that of the network as it
 * ended, the one before an update, and the network that scores text; in float64, of twice the size, those of a window, and the
 * gradient of its whole batch.
 */
const COPIES_FOR_STUDY = 10;
/** Copies of the moments besides: the host's newest captures, the one on its way, that of the network as it ended. */
const COPIES_OF_MOMENTS = 4;

/** Beside a state (T, H): its message, its copy in an answer, and the errors of influence, at their own step and on their way back. */
const COPIES_OF_STATE = 4;

/** Bytes of one stream of a window in float64, as it is studied: the value and the error of every quantity, and what belongs to states. */
export function streamBytes({ quantities, states }: Network, shape: Shape): number {
  const values = quantities.reduce((sum, { axis }) => sum + shape[axis], 0);
  return 8 * shape.T * (2 * values + COPIES_OF_STATE * states.length * shape.H);
}

/** Bytes at most for looking into a network: captures, and one stream of a window. */
function studyBytes(size: RunSize): number {
  const { shape, optimizer } = size;
  const network = networkOf(size);
  const parameters = 4 * parameterCount(network, shape);
  const all = momentCount(optimizer) * parameters;
  const moments = all <= MOST_MOMENT_BYTES ? all : 0;
  const capture = parameters + moments;
  const captures = Math.min(CAPTURES_KEPT.most * capture, Math.max(capture, CAPTURES_KEPT.mostBytes));
  return COPIES_FOR_STUDY * parameters + COPIES_OF_MOMENTS * moments + captures + streamBytes(network, shape);
}

/**
 * Refuses a run that would take more than `MEMORY_SHARE` of the machine's memory; returns the bytes that it takes.
 * @throws {InputError} with both numbers and, where one exists, a smaller batch size or else hidden size that fits.
 */
export function checkMemory(size: RunSize, totalMemoryBytes: number): number {
  const bytes = runMemoryBytes(size);
  const limit = MEMORY_SHARE * totalMemoryBytes;
  if (bytes <= limit) return bytes;
  const remedy =
    smaller(size, 'B', 'batchSize', 'batch size', limit) ?? smaller(size, 'H', 'hiddenSize', 'hidden size', limit);
  throw new InputError(
    `The run needs about ${inGigabytes(bytes)} of memory; it may take ${inGigabytes(limit)}, which is ` +
      `${MEMORY_SHARE * 100} % of the ${inGigabytes(totalMemoryBytes)} that this machine has. ` +
      (remedy === undefined ? 'Lower hiddenSize and batchSize.' : `With ${remedy.setting} ${remedy.value} it fits.`),
    remedy,
  );
}

/** The first halving of one size with which the run fits. */
function smaller(
  size: RunSize,
  axis: 'B' | 'H',
  setting: string,
  words: string,
  limitBytes: number,
): Remedy | undefined {
  for (let value = size.shape[axis] >> 1; value >= 1; value >>= 1) {
    const bytes = runMemoryBytes({ ...size, shape: { ...size.shape, [axis]: value } });
    if (bytes <= limitBytes) return { setting, value, label: `Use ${words} ${value}` };
  }
  return undefined;
}

function inGigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(bytes < 10 * 2 ** 30 ? 2 : 0)} GiB`;
}
