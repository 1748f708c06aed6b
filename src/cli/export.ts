import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { EXPORT_FORMATS, exportRun, needs, type ExportFormat } from '../runs/export/index.ts';
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
  const warn = (problem: string): void => environment.say(`warning: ${problem}`);
  read.problems.forEach(warn);
  const checkpoint = needs(format, 'checkpoint') ? await checkpointOf(name, command.checkpoint) : undefined;
  checkpoint?.problems.forEach(warn);
  const given = {
    folder: resolve(name),
    madeAt: new Date().toISOString(),
    ...(needs(format, 'tape') && { tape: await nextTape(name, read.run, environment.bundles) }),
    ...(checkpoint && { checkpoint }),
  };
  (await exportRun(format, read, given, resolve(out))).forEach(warn);
  if (checkpoint !== undefined) environment.say(`Exported ${describeCheckpoint(checkpoint)}.`);
  return out;
}

/** Beside the run: `runs/mine` becomes `runs/mine.html`, or the folder `runs/mine-csv`. */
function besides(name: string, format: ExportFormat): string {
  const { file } = EXPORT_FORMATS[format];
  const folder = basename(resolve(name));
  return join(dirname(resolve(name)), file === null ? `${folder}-${format}` : `${folder}${file.extension}`);
}

async function checkIsFree(out: string): Promise<void> {
  const isTaken = await stat(out).then(
    () => true,
    () => false,
  );
  if (isTaken) throw new CommandError(`"${out}" is there already. Choose another place with --out PATH.`);
}
