import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { EXPORT_FORMATS, exportRun, type ExportFormat } from '../runs/export/index.ts';
import { exportFolderToPytorch } from '../runs/export/pytorch/folderExport.ts';
import type { FolderRun } from '../runs/export/folderRun.ts';
import { CommandError } from './errors.ts';
import type { ExportCommand } from './runArguments.ts';
import { checkpointOf, describeCheckpoint, withWholeRun } from './storedRuns.ts';
import { nextTape } from './tapeOfRun.ts';

export interface ExportEnvironment {
  /** The folder of the bundles. */
  readonly bundles: string;
  /** On standard error. */
  readonly say: (line: string) => void;
}

/**
 * Writes a run in another format; returns where it is.
 * @throws {CommandError | InputError} where there is no such run, it has nothing to export, or the place is taken.
 */
export async function exportStored(command: ExportCommand, environment: ExportEnvironment): Promise<string> {
  return withWholeRun(command.folder, (read) => exportRead(command, read, environment));
}

async function exportRead(command: ExportCommand, read: FolderRun, environment: ExportEnvironment): Promise<string> {
  const { folder: name, format } = command;
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
  read: FolderRun,
  out: string,
  environment: ExportEnvironment,
): Promise<void> {
  const chosen = await checkpointOf(name, choice);
  const notes = await exportFolderToPytorch(resolve(name), read, chosen, resolve(out));
  for (const problem of [...chosen.problems, ...notes]) environment.say(`warning: ${problem}`);
  environment.say(`Exported ${describeCheckpoint(chosen)}.`);
}
