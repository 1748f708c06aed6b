import { createHash } from 'node:crypto';
import { InputError } from '../../../common/inputError.ts';
import { shapeOf, networkOf } from '../../../network/network.ts';
import type { Checkpoint, Tensor, Tensors, VocabularyCodes } from '../../../protocol/checkpoint.ts';
import type { Validation } from '../../../protocol/events.ts';
import type { StoredRun, StoredText } from '../../../protocol/storedRun.ts';
import { type NamedTensor, writeSafetensors } from '../../format/safetensors.ts';
import type { ExportFile } from '../exportedRun.ts';
import { decodingOf } from './decoding.ts';
import { readmeOf } from './readme.ts';
import { trainPy } from './script.ts';
import { CELLS } from '../../../network/cells.ts';
import type { Cell } from '../../../network/description.ts';
import { pytorchName, secondBiasName } from './names.ts';

/** A run to go on with in PyTorch. */
export interface PytorchExport {
  readonly run: StoredRun;
  readonly checkpoint: Checkpoint;
  readonly vocabulary: VocabularyCodes;
  /** For people only: it never becomes a path. */
  readonly textFileName: string;
  /** The text's bytes as they were read; without, `train.py` asks for the file. */
  readonly text?: Uint8Array | undefined;
  /** What the run measured of this very network, if it did; of the best one, the checkpoint itself says it. */
  readonly validation?: Pick<Validation, 'iteration' | 'lossNats'> | undefined;
}

/**
 * The files of a folder from which PyTorch goes on with a run: `train.py`, which needs nothing but PyTorch, and what it reads.
 * @throws {InputError} where the text is not the run's, or the run has none.
 */
export function pytorchFiles(source: PytorchExport): ExportFile[] {
  const text = checkedText(source);
  const files: Readonly<Record<string, string | Uint8Array>> = {
    'model.safetensors': writeSafetensors(weightsOf(source.checkpoint), modelMetadata(source, text)),
    'optimizer.safetensors': writeSafetensors(optimizerTensors(source.checkpoint), {
      format: 'pt',
      optimizer: source.checkpoint.optimizer,
      iteration: String(source.checkpoint.iteration),
    }),
    'config.json': configOf(source, text),
    'train.py': trainPy({ ...networkOf(source.checkpoint), ...torchOf(source.checkpoint) }),
    'README.md': readmeOf({ ...source, text, hasText: source.text !== undefined }),
    ...(source.text && { 'text.txt': source.text }),
  };
  return Object.entries(files).map(fileOf);
}

function configOf({ run, vocabulary }: PytorchExport, { encoding }: StoredText): string {
  return `${JSON.stringify({ run: { ...run, vocabulary }, decoding: decodingOf(encoding) }, null, 2)}\n`;
}

function checkedText({ run, text: bytes }: PytorchExport): StoredText {
  const { text } = run;
  if (text === undefined) {
    throw new InputError(
      'The run has not read its text yet, so there is nothing to go on with. Export it once it trains.',
    );
  }
  if (bytes !== undefined && createHash('sha256').update(bytes).digest('hex') !== text.sha256) {
    throw new InputError(
      `The text (${bytes.length} bytes) is not the one that the run was trained on (${text.bytes} bytes). Export without it.`,
    );
  }
  return text;
}

/** The tensors of a state_dict. */
function weightsOf(checkpoint: Checkpoint): NamedTensor[] {
  const { parameters, shape } = checkpoint;
  const biases = networkOf(checkpoint).parameters.filter(({ role }) => role === 'bias');
  return [
    ...namedTensors(parameters, checkpoint),
    ...biases.map(({ name, layer = 1 }) => ({
      name: secondBiasName(layer),
      shape: [shape.H],
      values: zerosLike(parameters[name], shape.H),
    })),
  ];
}

/** The moments, each by PyTorch's names for it and for the parameter, and the carried state. */
function optimizerTensors(checkpoint: Checkpoint): NamedTensor[] {
  const { moments, states, shape } = checkpoint;
  const [state] = networkOf(checkpoint).states;
  return [
    ...Object.entries(moments).flatMap(([moment, tensors]) => namedTensors(tensors, checkpoint, `${moment}.`)),
    { name: 'state', shape: [shape.B, shape.H], values: states[state] },
  ];
}

function namedTensors(tensors: Tensors, checkpoint: Checkpoint, prefix = ''): NamedTensor[] {
  return networkOf(checkpoint).parameters.map((parameter) => ({
    name: prefix + pytorchName(parameter),
    shape: shapeOf(parameter, checkpoint.shape),
    values: tensors[parameter.name],
  }));
}

/** Strings, as the format wants them; `format` is what other programs that read weights of PyTorch look for. */
function modelMetadata({ run, checkpoint, vocabulary, validation }: PytorchExport, text: StoredText) {
  const { iteration, optimizerStep, elapsedMs, position, lastValidationAt, best } = checkpoint;
  const measured = [validation, best].find((known) => known?.iteration === iteration);
  const progress = {
    iteration,
    optimizerStep,
    elapsedMs,
    position,
    lastValidationAt,
    best,
    validation: measured ? { iteration, lossNats: measured.lossNats } : null,
    // The place in the streams has a meaning in this text only.
    textSha256: text.sha256,
  };
  return {
    format: 'pt',
    iteration: String(iteration),
    vocabulary: JSON.stringify(vocabulary),
    nonlinearity: torchOf(checkpoint).nonlinearity,
    settings: JSON.stringify(run.settings),
    progress: JSON.stringify(progress),
  };
}

/** @throws {InputError} for a cell that PyTorch has no module for. */
function torchOf({ cell }: Checkpoint): NonNullable<Cell['torch']> {
  const { torch }: Cell = CELLS[cell];
  if (torch === undefined) {
    throw new InputError(`PyTorch has no module for the cell ${cell}. Export the run as CSV or JSON lines instead.`);
  }
  return torch;
}

function zerosLike(tensor: Tensor, length: number): Tensor {
  return tensor instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
}

function fileOf([name, content]: [string, string | Uint8Array]): ExportFile {
  return { name, chunks: once(content) };
}

// oxlint-disable-next-line typescript/require-await -- there is nothing to wait for, but files come in chunks that may need it.
async function* once(content: string | Uint8Array): AsyncGenerator<string | Uint8Array> {
  yield content;
}
