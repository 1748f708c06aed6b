import { createHash } from 'node:crypto';
import { InputError } from '../../../common/inputError.ts';
import type { NetworkChoice } from '../../../network/network.ts';
import type { Checkpoint, VocabularyCodes } from '../../../protocol/checkpoint.ts';
import type { Validation } from '../../../protocol/events.ts';
import { settingInLists } from '../../../protocol/settings.ts';
import type { StoredRun, StoredText } from '../../../protocol/storedRun.ts';
import { writeSafetensors } from '../../format/safetensors.ts';
import type { ExportFile } from '../exportedRun.ts';
import { decodingOf } from './decoding.ts';
import { readmeOf } from './readme.ts';
import { trainPy } from './script.ts';
import { torchNetworkOf, type TorchNetwork } from './names.ts';
import { optimizerTensors, weightsOf } from './tensors.ts';

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
 * @throws {InputError} where the text or the checkpoint is not the run's, the run has no text, or PyTorch no module for its cell.
 */
export function pytorchFiles(source: PytorchExport): ExportFile[] {
  const text = checkedText(source);
  const network = checkedNetwork(source);
  const files: Readonly<Record<string, string | Uint8Array>> = {
    'model.safetensors': writeSafetensors(weightsOf(network, source.checkpoint), modelMetadata(source, network, text)),
    'optimizer.safetensors': writeSafetensors(optimizerTensors(network, source.checkpoint), {
      format: 'pt',
      optimizer: source.checkpoint.optimizer,
      iteration: String(source.checkpoint.iteration),
    }),
    'config.json': configOf(source, text),
    'train.py': trainPy(network),
    'README.md': readmeOf({ ...source, network, text, hasText: source.text !== undefined }),
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

/** What the script trains is by the checkpoint, what it writes of the run by the settings. */
function checkedNetwork({ run: { settings }, checkpoint }: PytorchExport): TorchNetwork {
  const says = ({ cell, layers }: NetworkChoice): string =>
    `${settingInLists('cell', cell)}, ${settingInLists('layers', layers)}`;
  if (says(settings) !== says(checkpoint)) {
    throw new InputError(
      `The checkpoint is of another network (${says(checkpoint)}) than the run (${says(settings)}). Export another one.`,
    );
  }
  return torchNetworkOf(checkpoint);
}

/** Strings, as the format wants them; `format` is what other programs that read weights of PyTorch look for. */
function modelMetadata(
  { run, checkpoint, vocabulary, validation }: PytorchExport,
  { torch: { nonlinearity } }: TorchNetwork,
  text: StoredText,
) {
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
    ...(nonlinearity && { nonlinearity }),
    settings: JSON.stringify(run.settings),
    progress: JSON.stringify(progress),
  };
}

function fileOf([name, content]: [string, string | Uint8Array]): ExportFile {
  return { name, chunks: once(content) };
}

// oxlint-disable-next-line typescript/require-await -- there is nothing to wait for, but files come in chunks that may need it.
async function* once(content: string | Uint8Array): AsyncGenerator<string | Uint8Array> {
  yield content;
}
