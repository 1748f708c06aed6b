import { basename } from 'node:path';
import { InputError } from '../../common/inputError.ts';
import { MAX_SYMBOLS } from '../../common/limits.ts';
import type { CellName } from '../../network/cells.ts';
import { networkOf } from '../../network/network.ts';
import { withSymbolsInOrder } from '../../network/symbolOrder.ts';
import type { Tensor, Tensors, VocabularyCodes } from '../../protocol/checkpoint.ts';
import { SETTINGS } from '../../protocol/settings.ts';
import { checkCheckpointHeader, checkpointIn } from '../format/checkpointFile.ts';
import { CHECKPOINT_FORMAT } from '../format/checkpointMetadata.ts';
import { diskFiles, followed, type RunFiles } from '../disk/files.ts';
import {
  cellOf,
  cellsOf,
  checkFunctions,
  checkSaid,
  nonlinearityAssumption,
  otherThanSaid,
  type SaidOfCell,
  TANH,
  TANH_ASSUMED,
  torchOf,
} from './cell.ts';
import { cellWith, type Nonlinearity, nonlinearityIn } from './nonlinearity.ts';
import { type FoundVocabulary, vocabularyInFile, vocabularyInMetadata } from './vocabulary.ts';
import { findOutputLayer } from './outputLayer.ts';
import { notesOf, parametersIn, type Plan, tensorsUsed } from './parameters.ts';
import { findRecurrentLayers, namesOf } from './recurrentLayers.ts';
import { splitTensorBytes, type TensorBytes, type TensorEntry, type TensorHeader } from '../format/safetensors.ts';
import { readTensorFile } from '../format/tensorFile.ts';
import { type TensorSource, unusable } from '../format/tensorSource.ts';
import { checkFinite, tensorValues } from '../format/tensorValues.ts';

/**
 * For a network without a vocabulary, which symbol each id stands for: the text's symbols in the order of their code points, or in that
 * in which they first appear; or each id is a byte.
 */
export const IMPORT_ORDERS = ['codepoints', 'appearance', 'bytes'] as const;
export type ImportOrder = (typeof IMPORT_ORDERS)[number];

/** What a person says of a network. It goes before what its file says. */
export interface SaidOfNetwork extends SaidOfCell {
  /** The content of a file with its symbols. */
  readonly vocabulary?: { readonly name: string; readonly text: string };
  readonly order?: ImportOrder;
}

/** The weights of a network that was trained elsewhere. */
export interface ImportedNetwork {
  /** With the symbols in the order of the vocabulary; where there is none, in that of the file. */
  readonly parameters: Tensors;
  readonly cell: CellName;
  readonly layers: number;
  readonly shape: { readonly V: number; readonly H: number };
  /** What the symbols are. Without, only whoever trained the network knows what its ids stand for. */
  readonly vocabulary?: VocabularyCodes;
  /** Why a vocabulary that the file has is not this network's: a sentence. */
  readonly vocabularyProblem?: string;
  /** What stands for a vocabulary, as a person said. */
  readonly order?: ImportOrder;
  /** Whether nobody says its nonlinearity. */
  readonly isTanhAssumed: boolean;
  /** What the file does not say and was taken to be so, a sentence each. */
  readonly assumptions: readonly string[];
  /** What it says and what was done with it, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Reads a safetensors file: a checkpoint of a run, or what PyTorch's `state_dict` names of a `torch.nn.RNN`, `GRU` or `LSTM` that reads
 * one-hot symbols, with a linear layer that makes its outputs.
 * @param name of the file, for messages.
 * @throws {InputError} for other networks, by what they are, and for files that are not whole and consistent.
 */
export function importNetwork(bytes: Uint8Array, name: string, said: SaidOfNetwork = {}): ImportedNetwork {
  return networkIn(splitTensorBytes(bytes, sourceOf(name)), name, said);
}

/**
 * The same from a file, whose data are read only once its header is known to be of a network that can be used.
 * @throws {InputError} also where the file cannot be read.
 */
export async function importNetworkFile(
  path: string,
  said: SaidOfNetwork = {},
  files: RunFiles = diskFiles,
): Promise<ImportedNetwork> {
  const name = basename(path);
  const source = sourceOf(name);
  const check = (header: TensorHeader): void => {
    if (isCheckpoint(header)) checkCheckpointHeader(header, name);
    else planOf(header, source, said);
  };
  // What a person chose may be a link.
  return networkIn(await readTensorFile(await followed(path).catch(() => path), source, check, files), name, said);
}

function sourceOf(name: string): TensorSource {
  return {
    name,
    advice:
      'Only the state_dict of a torch.nn.RNN, GRU or LSTM that reads one-hot symbols, with one linear layer for its outputs, saved by safetensors.torch.save_file, can be imported.',
  };
}

function isCheckpoint({ metadata }: TensorHeader): boolean {
  return metadata.get('format') === CHECKPOINT_FORMAT;
}

function networkIn(file: TensorBytes, name: string, said: SaidOfNetwork): ImportedNetwork {
  if (isCheckpoint(file.header)) return ofCheckpoint(file, name, said);
  const source = sourceOf(name);
  return ofStateDict(planOf(file.header, source, said), file, source, said);
}

function ofCheckpoint(file: TensorBytes, name: string, said: SaidOfNetwork): ImportedNetwork {
  const { checkpoint, vocabulary } = checkpointIn(file, name);
  const { cell, layers } = checkpoint;
  const { V, H } = checkpoint.shape;
  if (said.nonlinearity !== undefined && cellWith(said.nonlinearity) !== cell) {
    throw otherThanSaid(sourceOf(name), `is a checkpoint of a network with ${cell}, not ${said.nonlinearity}`);
  }
  checkSaid({ cells: [cell], layers }, said, sourceOf(name));
  const found: FoundVocabulary = vocabulary
    ? { kind: 'found', vocabulary, fileIds: Array.from(vocabulary.codes, (_, id) => id), notes: [] }
    : { kind: 'none' };
  return withSymbols(
    {
      parameters: checkpoint.parameters,
      cell,
      layers,
      shape: { V, H },
      isTanhAssumed: false,
      assumptions: [],
      notes: [],
    },
    said,
    () => found,
  );
}

function planOf(header: TensorHeader, source: TensorSource, said: SaidOfNetwork): Plan {
  const recurrent = findRecurrentLayers(header, source);
  const { H, V, layers } = recurrent;
  const { maximum } = SETTINGS.hiddenSize;
  if (H > maximum) throw unusable(source, `has ${H} hidden units, where at most ${maximum} are possible`);
  if (V < 1 || V > MAX_SYMBOLS) throw unusable(source, `reads ${V} symbols, where 1 to ${MAX_SYMBOLS} are possible`);
  checkSaid({ cells: cellsOf(recurrent), layers: layers.length }, said, source);
  checkFunctions(recurrent, said, nonlinearityIn(header.metadata), source);
  return { recurrent, output: findOutputLayer(header, recurrent, source) };
}

function ofStateDict(plan: Plan, file: TensorBytes, source: TensorSource, said: SaidOfNetwork): ImportedNetwork {
  const { recurrent } = plan;
  const { H, V, listed } = recurrent;
  const Numbers = tensorsUsed(plan).every(({ dtype }) => dtype === 'F64') ? Float64Array : Float32Array;
  const read = (entry: TensorEntry): Tensor => {
    const values = tensorValues(entry, file, source);
    return values instanceof Numbers ? values : new Numbers(values);
  };
  const { metadata } = file.header;
  const { cell, isTanhAssumed, assumptions } = cellOf(recurrent, said, nonlinearityIn(metadata));
  const layers = recurrent.layers.length;
  const described = networkOf({ cell, layers });
  const torch = torchOf(cell);
  if (torch === undefined) throw new Error(`${cell} is none of PyTorch's.`);
  const parameters = parametersIn(described, torch, plan, { read, zeros: (length) => new Numbers(length) });
  // What float64 can hold, and the sum of two numbers, may be beyond float32.
  for (const [name, values] of Object.entries(parameters)) checkFinite(name, values, source);
  const inOrder = `The modules ${namesOf(listed)} are taken to read one another in this order.`;
  const network = {
    parameters,
    cell,
    layers,
    shape: { V, H },
    isTanhAssumed,
    assumptions: [...(listed.length > 0 ? [inOrder] : []), ...assumptions],
    notes: notesOf(described, torch, plan),
  };
  return withSymbols(network, said, () => vocabularyInMetadata(metadata, V));
}

/**
 * The network with the symbols that a person named, else those that the file names.
 * @throws {InputError} where those that the person named cannot be its.
 */
function withSymbols(network: ImportedNetwork, said: SaidOfNetwork, inFile: () => FoundVocabulary): ImportedNetwork {
  const { vocabulary: given, order } = said;
  if (given === undefined && order !== undefined) return { ...network, order };
  const { shape, parameters, assumptions, notes } = network;
  const found = given === undefined ? inFile() : vocabularyInFile(given.text, given.name, shape.V);
  if (found.kind === 'none') return network;
  if (found.kind === 'unfit') {
    if (given !== undefined) throw new InputError(`${found.why}. ${FORMS}`);
    return { ...network, vocabularyProblem: `${found.why}.` };
  }
  const [source, ...others] = found.notes;
  return {
    ...network,
    parameters: withSymbolsInOrder(networkOf(network), parameters, shape, found.fileIds),
    vocabulary: found.vocabulary,
    assumptions:
      given === undefined
        ? assumptions
        : [`${source.replace(/\.$/, '')}, as was chosen at the import.`, ...assumptions],
    notes: [...notes, ...(given === undefined ? found.notes : others)],
  };
}

const FORMS =
  'A vocabulary is a JSON list of its characters by id, a table {character: id} or {id: character}, or a text with one character a line.';

/** The network with the nonlinearity that a person chose after all, where the file does not say it. */
export function withNonlinearity(network: ImportedNetwork, nonlinearity: Nonlinearity): ImportedNetwork {
  return {
    ...network,
    cell: cellWith(nonlinearity) ?? TANH,
    isTanhAssumed: false,
    assumptions: [
      ...network.assumptions.filter((assumption) => assumption !== TANH_ASSUMED),
      ...nonlinearityAssumption(false, nonlinearity),
    ],
  };
}
