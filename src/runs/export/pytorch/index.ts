import { readFile } from 'node:fs/promises';
import { InputError } from '../../../common/inputError.ts';
import { findText } from '../../disk/textOfRun.ts';
import type { ExportedRun, Given, Made } from '../exportedRun.ts';
import { pytorchFiles } from './files.ts';

/** Longer texts stay out of an export: `train.py` takes the file itself. */
const MAX_TEXT_BYTES = 64 * 2 ** 20;

/**
 * A checkpoint of a run to go on with in PyTorch, with the text where it is to be had.
 * @throws {InputError} where the run does not say what its symbols are, or as `pytorchFiles` does.
 */
export async function pytorchExport(
  { run, history }: ExportedRun,
  { folder, checkpoint: { checkpoint, vocabulary = run.vocabulary } }: Given<'checkpoint'>,
): Promise<Made> {
  if (vocabulary === undefined) throw new InputError('The run does not say what its symbols are.');
  const found = await textBytes(folder, run);
  const validation = history.of('validation').findLast(({ iteration }) => iteration === checkpoint.iteration);
  const files = pytorchFiles({
    run,
    checkpoint,
    vocabulary,
    textFileName: run.text?.fileName ?? 'the text',
    ...('bytes' in found && { text: found.bytes }),
    ...(validation && { validation }),
  });
  if ('bytes' in found) return { files };
  return { files, notes: [`${found.absent} The export is without it; give the file to train.py with --text.`] };
}

async function textBytes(
  folder: string,
  run: ExportedRun['run'],
): Promise<{ readonly bytes: Buffer } | { readonly absent: string }> {
  const found = await findText(folder, run);
  if ('absent' in found) return found;
  if ((run.text?.bytes ?? 0) <= MAX_TEXT_BYTES) return { bytes: await readFile(found.path) };
  return { absent: `The text has more than ${MAX_TEXT_BYTES / 2 ** 20} MB.` };
}
