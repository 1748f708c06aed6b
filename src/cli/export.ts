import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { EXPORT_FORMATS, exportRun, type ExportFormat } from '../runs/export/index.ts';
import { exportPytorch } from '../runs/export/pytorch/export.ts';
import type { FolderRun } from '../runs/export/folderRun.ts';
import { CommandError } from './errors.ts';
import type { ExportCommand } from './runArguments.ts';
import { checkpointOf, describeCheckpoint, wholeRun } from './storedRuns.ts';
import { nextTape } from './tapeOfRun.ts';
import { findText } from './textOfRun.ts';

export interface ExportEnvironment {
  /** The folder of the bundles. */
  readonly bundles: string;
  /** On standard error. */
  readonly say: (line: string) => void;
}

/** Longer texts are left out of an export: `train.py` takes the file itself. */
const MAX_TEXT_BYTES = 64 * 2 ** 20;

/**
 * Writes a run in another format; returns where it is.
 * @throws {CommandError | InputError} where there is no such run, it has nothing to export, or the place is taken.
 */
export async function exportStored(command: ExportCommand, environment: ExportEnvironment): Promise<string> {
  const { folder: name, format } = command;
  const read = await wholeRun(name);
  const out = command.out ?? besides(name, format);
  await checkIsFree(out);
  for (const problem of read.problems) environment.say(`warning: ${problem}`);
  if (format === 'pytorch') await toPytorch(command, read, out, environment);
  else {
    const absent = { absent: '' };
    const tape = format === 'html' ? await nextTape(name, read.run, environment.bundles) : absent;
    await exportRun(format, read, resolve(out), {
      tape,
      madeAt: new Date().toISOString(),
    });
  }
  return out;
}

/** Beside the run: `runs/mine` becomes `runs/mine.html`, or the folder `runs/mine-csv`. */
function besides(name: string, format: ExportFormat): string {
  const { extension } = EXPORT_FORMATS[format];
  const folder = basename(resolve(name));
  return join(dirname(resolve(name)), extension === null ? `${folder}-${format}` : `${folder}${extension}`);
}

async function checkIsFree(out: string): Promise<void> {
  const isTaken = await stat(out).then(
    () => true,
    () => false,
  );
  if (isTaken) throw new CommandError(`"${out}" is there already. Choose another place with --out PATH.`);
}

async function toPytorch(
  { folder: name, checkpoint: choice }: ExportCommand,
  { run, history }: FolderRun,
  out: string,
  { say }: ExportEnvironment,
): Promise<void> {
  const chosen = await checkpointOf(name, choice);
  const { checkpoint, problems } = chosen;
  for (const problem of problems) say(`warning: ${problem}`);
  const vocabulary = chosen.vocabulary ?? run.vocabulary;
  if (vocabulary === undefined) throw new CommandError(`The run in "${name}" does not say what its symbols are.`);
  const text = await textBytes(name, run, say);
  const validation = history.validations.findLast(({ iteration }) => iteration === checkpoint.iteration);
  await exportPytorch(
    {
      run,
      checkpoint,
      vocabulary,
      textFileName: run.text?.fileName ?? 'the text',
      ...(text && { text }),
      ...(validation && { validation }),
    },
    resolve(out),
  );
  say(`Exported ${describeCheckpoint(chosen)}.`);
}

async function textBytes(
  name: string,
  run: FolderRun['run'],
  say: (line: string) => void,
): Promise<Buffer | undefined> {
  const found = await findText(name, run);
  if ('absent' in found) {
    say(`warning: ${found.absent} The export is without it; give the text to train.py.`);
    return undefined;
  }
  if ((run.text?.bytes ?? 0) > MAX_TEXT_BYTES) {
    say(`warning: The text has more than ${MAX_TEXT_BYTES / 2 ** 20} MB and is not exported; give it to train.py.`);
    return undefined;
  }
  return readFile(found.path);
}
