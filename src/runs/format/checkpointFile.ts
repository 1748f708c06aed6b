import { basename } from 'node:path';
import { crc32 } from 'node:zlib';
import { type Network, networkOf } from '../../network/network.ts';
import { MOMENT_NAMES } from '../../common/optimizers.ts';
import { counted } from '../../common/written.ts';
import { type Checkpoint, type NetworkState, type Tensor, type Tensors } from '../../protocol/checkpoint.ts';
import {
  byPresentNames,
  CANDIDATE,
  layoutOf,
  momentName,
  stateName,
  tensorsOf,
  VALIDATION_STATE,
  type Shapes,
} from './checkpointLayout.ts';
import {
  type CheckpointExtras,
  type CheckpointFacts,
  CHECKSUM,
  metadataOf,
  type NetworkFacts,
  networkFacts,
  parseMetadata,
} from './checkpointMetadata.ts';
import { diskFiles, type RunFiles } from '../disk/files.ts';
import {
  bytesOf,
  joined,
  LENGTH_BYTES,
  type NamedTensor,
  parseHeader,
  safetensorsPieces,
  splitTensorBytes,
  type TensorBytes,
  type TensorEntry,
  type TensorHeader,
} from './safetensors.ts';
import { readTensorFile, readTensorHeader } from './tensorFile.ts';
import { shown, type TensorSource, unusable } from './tensorSource.ts';
import { checkFinite, tensorValues } from './tensorValues.ts';

/** A checkpoint as it was read, with what else its file says. */
export interface StoredCheckpoint extends CheckpointExtras {
  /** Its tensors may be views of one and the same memory. */
  readonly checkpoint: Checkpoint;
}

/** What a header says, checked: only the numbers are missing. */
interface Plan {
  readonly facts: CheckpointFacts;
  readonly network: Network;
  readonly shapes: Shapes;
}

/**
 * A checkpoint as a safetensors file, in pieces that follow one another; the tensors are not copied.
 * @throws {InputError} where it could not be read back, such as for numbers that are not finite.
 * @throws {RangeError} where its tensors are not those of its shape and optimizer.
 */
export function checkpointPieces(checkpoint: Checkpoint, extras: CheckpointExtras = {}): Uint8Array[] {
  const tensors = tensorsOf(checkpoint);
  const metadata = metadataOf(checkpoint, extras);
  const checksum = checksumOf(
    Object.entries(metadata),
    tensors.map(({ values }) => bytesOf(values)),
  );
  const pieces = safetensorsPieces(tensors, { ...metadata, [CHECKSUM]: checksum });
  checkReadable(pieces[0], tensors, checkpoint);
  return pieces;
}

/** A checkpoint as a safetensors file; errors as for its pieces. */
export function encodeCheckpoint(checkpoint: Checkpoint, extras: CheckpointExtras = {}): Uint8Array<ArrayBuffer> {
  return joined(checkpointPieces(checkpoint, extras));
}

/**
 * @param name of the file, for messages.
 * @throws {InputError} where it is not a whole and consistent checkpoint.
 */
export function decodeCheckpoint(bytes: Uint8Array, name: string): StoredCheckpoint {
  return checkpointIn(splitTensorBytes(bytes, sourceOf(name)), name);
}

/** The same for a file whose header is read already. */
export function checkpointIn(file: TensorBytes, name: string): StoredCheckpoint {
  const source = sourceOf(name);
  return storedCheckpoint(planOf(file.header, source), file, source);
}

/** @throws {InputError} where the header is not that of a checkpoint, or contradicts itself. */
export function checkCheckpointHeader(header: TensorHeader, name: string): void {
  planOf(header, sourceOf(name));
}

/** @throws {InputError} where the file cannot be read or is not a whole and consistent checkpoint. */
export async function readCheckpoint(path: string, files: RunFiles = diskFiles): Promise<StoredCheckpoint> {
  const name = basename(path);
  const check = (header: TensorHeader) => checkCheckpointHeader(header, name);
  return checkpointIn(await readTensorFile(path, sourceOf(name), check, files), name);
}

/**
 * What the header of a checkpoint says, without its numbers: whether those are whole is seen when it is read.
 * @throws {InputError} where the file cannot be read or its header is not that of a checkpoint.
 */
export async function readCheckpointFacts(path: string, files: RunFiles = diskFiles): Promise<CheckpointFacts> {
  const source = sourceOf(basename(path));
  return planOf(await readTensorHeader(path, source, files), source).facts;
}

function sourceOf(name: string): TensorSource {
  return { name, advice: 'It is damaged, or another program changed it: use another checkpoint of the run.' };
}

/** What is written must be read back one day: it goes through the same checks. */
function checkReadable(headerPiece: Uint8Array, tensors: readonly NamedTensor[], checkpoint: Checkpoint): void {
  const source = {
    name: `The checkpoint after ${counted(checkpoint.iteration, 'iteration')}`,
    advice: 'It cannot be kept.',
  };
  const dataBytes = tensors.reduce((sum, { values }) => sum + values.byteLength, 0);
  planOf(parseHeader(headerPiece.subarray(LENGTH_BYTES), dataBytes, source), source);
  for (const { name, values } of tensors) checkFinite(name, values, source);
}

function planOf(header: TensorHeader, source: TensorSource): Plan {
  const facts = parseMetadata(header.metadata, source);
  const network = networkOf(facts);
  const tensors = byPresentNames(header.tensors, network);
  const validationStreams = facts.pending && streamsOf(tensors, network, facts.shape.B, source);
  const shapes = layoutOf({ ...facts, validationStreams });
  for (const [name, entry] of tensors) checkEntry(entry, shapes.get(name), facts, source);
  for (const name of shapes.keys()) {
    if (!tensors.has(name)) throw unusable(source, `has no tensor ${name}`);
  }
  return { facts, network, shapes };
}

/** B′: a validation has streams of its own, at most as many as training. */
function streamsOf(
  tensors: TensorHeader['tensors'],
  { states: [state] }: Network,
  B: number,
  source: TensorSource,
): number {
  const name = VALIDATION_STATE + state;
  const shape = tensors.get(name)?.shape;
  if (shape === undefined) throw unusable(source, `has no tensor ${name}`);
  const [streams] = shape;
  if (streams >= 1 && streams <= B) return streams;
  throw unusable(source, `has a tensor ${name} of shape ${shown(shape)}; 1 to ${B} streams are expected`);
}

function checkEntry(
  { name, dtype, shape }: TensorEntry,
  expected: readonly number[] | undefined,
  { kernels }: CheckpointFacts,
  source: TensorSource,
): void {
  if (expected === undefined) {
    throw unusable(source, `has a tensor ${shown(name)}, which has no place in such a checkpoint`);
  }
  if (shape.length !== expected.length || shape.some((count, axis) => count !== expected[axis])) {
    throw unusable(source, `has a tensor ${name} of shape ${shown(shape)}, which must be ${shown(expected)}`);
  }
  const expectedDtype = kernels === 'reference' ? 'F64' : 'F32';
  if (dtype !== expectedDtype) {
    throw unusable(
      source,
      `has a tensor ${name} of dtype ${dtype}; the kernels ${kernels} compute with ${expectedDtype}`,
    );
  }
}

function storedCheckpoint({ facts, network, shapes }: Plan, file: TensorBytes, source: TensorSource): StoredCheckpoint {
  const entries = new Map<string, TensorEntry>();
  const inFile = byPresentNames(file.header.tensors, network);
  for (const name of shapes.keys()) {
    const entry = inFile.get(name);
    if (entry !== undefined) entries.set(name, entry);
  }
  checkChecksum(
    facts,
    file.header,
    [...entries.values()].map(({ begin, end }) => file.data.subarray(begin, end)),
    source,
  );
  const values = new Map([...entries].map(([name, entry]) => [name, tensorValues(entry, file, source)]));
  const tensor = (name: string): Tensor => {
    const found = values.get(name);
    if (found === undefined) throw unusable(source, `has no tensor ${name}`);
    return found;
  };
  const { pending, vocabulary, settings, cell, layers, shape, optimizer, kernels, best } = facts;
  const stateOf = (prefix: string, its: NetworkFacts) => networkStateOf(network, prefix, its, optimizer, tensor);
  const pendingValidation = pending && {
    network: stateOf(CANDIDATE, pending.network),
    windows: pending.windows,
    lossSum: pending.lossSum,
    states: statesOf(network, (state) => tensor(VALIDATION_STATE + state)),
  };
  const checkpoint = {
    cell,
    layers,
    shape,
    optimizer,
    kernels,
    best,
    ...stateOf('', networkFacts(facts)),
    ...(pendingValidation && { pendingValidation }),
  };
  return { checkpoint, ...(vocabulary && { vocabulary }), ...(settings && { settings }) };
}

function networkStateOf(
  network: Network,
  prefix: string,
  facts: NetworkFacts,
  optimizer: Checkpoint['optimizer'],
  tensor: (name: string) => Tensor,
): NetworkState {
  const tensors = (nameOf: (parameter: string) => string): Tensors =>
    Object.fromEntries(network.parameterNames.map((name) => [name, tensor(prefix + nameOf(name))]));
  return {
    ...facts,
    parameters: tensors((name) => name),
    moments: Object.fromEntries(
      MOMENT_NAMES[optimizer].map((moment) => [moment, tensors((name) => momentName(moment, name))]),
    ),
    states: statesOf(network, (state) => tensor(prefix + stateName(state))),
  };
}

function statesOf({ states }: Network, tensorOf: (state: string) => Tensor): Tensors {
  return Object.fromEntries(states.map((state) => [state, tensorOf(state)]));
}

/** A file that another program wrote may have no checksum; one that has a wrong one is damaged. */
function checkChecksum(
  { checksum }: CheckpointFacts,
  { metadata }: TensorHeader,
  tensors: readonly Uint8Array[],
  source: TensorSource,
): void {
  if (checksum === undefined) return;
  const found = checksumOf([...metadata], tensors);
  if (found !== checksum) throw unusable(source, `has the checksum ${found} where it says ${checksum}`);
}

/** CRC-32 of the metadata without the checksum itself, sorted by name, then of the tensors' bytes in the order of the layout. */
function checksumOf(metadata: readonly (readonly [string, string])[], tensors: readonly Uint8Array[]): string {
  const sorted = metadata.filter(([key]) => key !== CHECKSUM).sort(([one], [other]) => (one < other ? -1 : 1));
  const sum = tensors.reduce((crc, bytes) => crc32(bytes, crc), crc32(JSON.stringify(sorted)));
  return sum.toString(16).padStart(8, '0');
}
