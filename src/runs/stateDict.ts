import { basename } from 'node:path';
import { PARAMETER_NAMES } from '../common/names.ts';
import type { Tensor, Tensors, VocabularyCodes } from '../protocol/checkpoint.ts';
import { SETTINGS } from '../protocol/settings.ts';
import { checkCheckpointHeader, checkpointIn } from './checkpointFile.ts';
import { CHECKPOINT_FORMAT } from './checkpointMetadata.ts';
import { diskFiles, followed, type RunFiles } from './files.ts';
import { importedVocabulary, inOrder } from './importedVocabulary.ts';
import { findOutputLayer, type OutputLayer } from './outputLayer.ts';
import { findRecurrentLayer, type RecurrentLayer } from './recurrentLayer.ts';
import { splitTensorBytes, type TensorBytes, type TensorHeader } from './safetensors.ts';
import { readTensorFile } from './tensorFile.ts';
import { shown, type TensorSource, unusable } from './tensorSource.ts';
import { checkFinite, tensorValues } from './tensorValues.ts';

/** The weights of a network that was trained elsewhere. */
export interface ImportedNetwork {
  readonly parameters: Tensors;
  readonly shape: { readonly V: number; readonly H: number };
  /** Where the file says what its symbols are: without, only whoever trained the network knows what its ids stand for. */
  readonly vocabulary?: VocabularyCodes;
  /** What was assumed or added, a sentence each. */
  readonly notes: string[];
}

/** Where in the file the parameters are. */
interface Plan {
  readonly recurrent: RecurrentLayer;
  readonly output: OutputLayer;
}

/** As many as a vocabulary may have. */
const MAX_SYMBOLS = 20_000;

/**
 * Reads a safetensors file: a checkpoint of a run, or what PyTorch's `state_dict` names of a `torch.nn.RNN` that reads one-hot
 * symbols, with a linear layer that makes its outputs.
 * @param name of the file, for messages.
 * @throws {InputError} for other networks, by what they are, and for files that are not whole and consistent.
 */
export function importNetwork(bytes: Uint8Array, name: string): ImportedNetwork {
  return networkIn(splitTensorBytes(bytes, sourceOf(name)), name);
}

/**
 * The same from a file, whose data are read only once its header is known to be of a network that can be used.
 * @throws {InputError} also where the file cannot be read.
 */
export async function importNetworkFile(path: string, files: RunFiles = diskFiles): Promise<ImportedNetwork> {
  const name = basename(path);
  const source = sourceOf(name);
  const check = (header: TensorHeader): void => {
    if (isCheckpoint(header)) checkCheckpointHeader(header, name);
    else planOf(header, source);
  };
  // What a person chose may be a link.
  return networkIn(await readTensorFile(await followed(path).catch(() => path), source, check, files), name);
}

function sourceOf(name: string): TensorSource {
  return {
    name,
    advice:
      'Only the state_dict of a torch.nn.RNN of one layer that reads one-hot symbols, with one linear layer for its outputs, saved by safetensors.torch.save_file, can be imported.',
  };
}

function isCheckpoint({ metadata }: TensorHeader): boolean {
  return metadata.get('format') === CHECKPOINT_FORMAT;
}

function networkIn(file: TensorBytes, name: string): ImportedNetwork {
  if (isCheckpoint(file.header)) return ofCheckpoint(file, name);
  const source = sourceOf(name);
  return ofStateDict(planOf(file.header, source), file, source);
}

function ofCheckpoint(file: TensorBytes, name: string): ImportedNetwork {
  const { checkpoint, vocabulary } = checkpointIn(file, name);
  const { V, H } = checkpoint.shape;
  const notes = vocabulary === undefined ? [`The file does not say what its ${V} symbols are.`] : [];
  return { parameters: checkpoint.parameters, shape: { V, H }, ...(vocabulary && { vocabulary }), notes };
}

function planOf(header: TensorHeader, source: TensorSource): Plan {
  const recurrent = findRecurrentLayer(header, source);
  const { H, V } = recurrent;
  const { maximum } = SETTINGS.hiddenSize;
  if (H > maximum) throw unusable(source, `has ${H} hidden units, where at most ${maximum} are possible`);
  if (V < 1 || V > MAX_SYMBOLS) throw unusable(source, `reads ${V} symbols, where 1 to ${MAX_SYMBOLS} are possible`);
  const nonlinearity = header.metadata.get('nonlinearity') ?? 'tanh';
  if (nonlinearity !== 'tanh')
    throw unusable(source, `has the nonlinearity ${shown(nonlinearity)}, where tanh is expected`);
  return { recurrent, output: findOutputLayer(header, recurrent, source) };
}

function ofStateDict({ recurrent, output }: Plan, file: TensorBytes, source: TensorSource): ImportedNetwork {
  const { inputWeight, stateWeight, biases, H, V } = recurrent;
  const used = [inputWeight, stateWeight, ...biases, output.weight, ...(output.bias ? [output.bias] : [])];
  const Numbers = used.every(({ dtype }) => dtype === 'F64') ? Float64Array : Float32Array;
  const read = (entry: (typeof used)[number]): Tensor => {
    const values = tensorValues(entry, file, source);
    return values instanceof Numbers ? values : new Numbers(values);
  };
  const parameters: Tensors = {
    W_xh: read(inputWeight),
    W_ah: read(stateWeight),
    b_h: sumOf(biases.map(read), new Numbers(H)),
    W_ao: read(output.weight),
    b_o: output.bias === undefined ? new Numbers(V) : read(output.bias),
  };
  // What float64 can hold, and the sum of two numbers, may be beyond float32.
  for (const name of PARAMETER_NAMES) checkFinite(name, parameters[name], source);
  const { vocabulary, fileIds, note } = importedVocabulary(file.header.metadata, V);
  return {
    parameters: inOrder(parameters, { V, H }, fileIds),
    shape: { V, H },
    ...(vocabulary && { vocabulary }),
    notes: [...notesOf(recurrent, output, file.header), note],
  };
}

/** Adds up in `sum`, which begins with zeros. */
function sumOf(tensors: readonly Tensor[], sum: Tensor): Tensor {
  for (const tensor of tensors) for (let i = 0; i < sum.length; i++) sum[i] += tensor[i];
  return sum;
}

function notesOf({ biases }: RecurrentLayer, { weight, bias }: OutputLayer, { metadata }: TensorHeader): string[] {
  const layer = shown(weight.name.replace(/\.?weight$/, ''));
  const sum = biases.map(({ name }) => shown(name)).join(' and ');
  return [
    biases.length === 0 ? 'The recurrent layer has no bias: b_h is 0.' : `b_h is the sum of ${sum}.`,
    bias === undefined ? `The output layer ${layer} has no bias: b_o is 0.` : `The output layer is ${layer}.`,
    ...(metadata.has('nonlinearity')
      ? []
      : [
          "The file does not say which nonlinearity it was trained with; it is taken to be tanh, torch.nn.RNN's default.",
        ]),
  ];
}
