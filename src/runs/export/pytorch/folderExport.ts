import { readFile } from 'node:fs/promises';
import { InputError } from '../../../common/inputError.ts';
import type { StoredCheckpoint } from '../../format/checkpointFile.ts';
import { findText } from '../../disk/textOfRun.ts';
import type { FolderRun } from '../folderRun.ts';
import { exportPytorch } from './export.ts';

/** Longer texts stay out of an export: `train.py` takes the file itself. */
const MAX_TEXT_BYTES = 64 * 2 ** 20;

/**
 * Exports a checkpoint of a run's folder, with the text where it is to be had.
 * @returns what the person must know, a sentence each.
 * @throws {InputError} where the run does not say what its symbols are, or `path` cannot be written.
 */
export async function exportFolderToPytorch(
  folder: string,
  { run, history }: FolderRun,
  { checkpoint, vocabulary = run.vocabulary }: StoredCheckpoint,
  path: string,
): Promise<string[]> {
  if (vocabulary === undefined) throw new InputError('The run does not say what its symbols are.');
  const found = await textBytes(folder, run);
  const validation = history.of('validation').findLast(({ iteration }) => iteration === checkpoint.iteration);
  await exportPytorch(
    {
      run,
      checkpoint,
      vocabulary,
      textFileName: run.text?.fileName ?? 'the text',
      ...('bytes' in found && { text: found.bytes }),
      ...(validation && { validation }),
    },
    path,
  );
  return 'bytes' in found ? [] : [`${found.absent} The export is without it; give the file to train.py with --text.`];
}

async function textBytes(
  folder: string,
  run: FolderRun['run'],
): Promise<{ readonly bytes: Buffer } | { readonly absent: string }> {
  const found = await findText(folder, run);
  if ('absent' in found) return found;
  if ((run.text?.bytes ?? 0) <= MAX_TEXT_BYTES) return { bytes: await readFile(found.path) };
  return { absent: `The text has more than ${MAX_TEXT_BYTES / 2 ** 20} MB.` };
}
