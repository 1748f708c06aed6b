import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { InputError } from '../../common/inputError.ts';
import { CheckpointFolder } from '../../runs/checkpoints.ts';
import { EXPORT_FORMAT_IDS, EXPORT_FORMATS, type ExportFormat, exportRun } from '../../runs/export/index.ts';
import { folderRun, type FolderRun } from '../../runs/export/folderRun.ts';
import { exportPytorch } from '../../runs/export/pytorch/export.ts';
import type { RunSummary } from '../../runs/library.ts';
import { findText } from '../../runs/textOfRun.ts';
import type { Session } from '../session.ts';
import { pickCheckpoint } from './forkQuestion.ts';
import type { RunKeeper } from './runKeeper.ts';

/** Longer texts stay out of an export: `train.py` takes the file itself. */
const MAX_TEXT_BYTES = 64 * 2 ** 20;

/**
 * Asks for a format and a place, and writes the run there.
 * @param session of the run in this window, whose window that is looked into goes into the report.
 */
export async function exportStored(
  keeper: RunKeeper,
  { runId, folder, run }: RunSummary,
  session: Session | undefined,
): Promise<void> {
  const name = run?.name ?? run?.text?.fileName ?? runId;
  const format = await pickFormat(name);
  if (format === undefined) return;
  const path = await pickPlace(name, format, run?.text?.uri);
  if (path === undefined) return;
  const problems = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `Exporting ${name} as ${EXPORT_FORMATS[format].label}` },
    async () => {
      // What the run recorded in the last second is on its way to the disk.
      await keeper.flush(runId);
      const read = await folderRun(folder);
      if (format === 'pytorch') return [...read.problems, ...(await toPytorch(folder, read, path))];
      const tape = session?.study.tape ?? { absent: NO_TAPE };
      await exportRun(format, read, path, { tape, madeAt: new Date().toISOString() });
      return read.problems;
    },
  );
  await tell(path, format, problems);
}

const NO_TAPE =
  'This report was made while no window of the run was looked into: open its tab “Time steps” and export again.';

async function pickFormat(name: string): Promise<ExportFormat | undefined> {
  const items = EXPORT_FORMAT_IDS.map((id) => ({
    label: EXPORT_FORMATS[id].label,
    detail: EXPORT_FORMATS[id].description,
    id,
  }));
  return (await vscode.window.showQuickPick(items, { title: `Export ${name}`, placeHolder: 'As what?' }))?.id;
}

/** Where to write: a file, or a folder in the one that the person chooses. */
async function pickPlace(name: string, format: ExportFormat, uri: string | undefined): Promise<string | undefined> {
  const { extension } = EXPORT_FORMATS[format];
  const plain = name.replaceAll(/[^\w.-]+/g, '-');
  const beside = uri?.startsWith('file:') === true ? vscode.Uri.joinPath(vscode.Uri.parse(uri), '..') : undefined;
  if (extension !== null) {
    const target = await vscode.window.showSaveDialog({
      title: `Export ${name}`,
      filters: { [EXPORT_FORMATS[format].label]: [extension.slice(1)] },
      ...(beside && { defaultUri: vscode.Uri.joinPath(beside, `${plain}${extension}`) }),
    });
    return target?.fsPath;
  }
  const picked = await vscode.window.showOpenDialog({
    title: `Export ${name}: in which folder?`,
    openLabel: 'Export here',
    canSelectFiles: false,
    canSelectFolders: true,
    ...(beside && { defaultUri: beside }),
  });
  const parent = picked?.[0]?.fsPath;
  return parent === undefined ? undefined : join(parent, `${plain}-${format}`);
}

/** @returns what the person must know. */
async function toPytorch(folder: string, { run, history }: FolderRun, path: string): Promise<string[]> {
  const checkpoints = new CheckpointFolder(folder);
  const info = await pickCheckpoint(await checkpoints.list(), 'Export to PyTorch');
  if (info === undefined) throw new InputError('The run has no checkpoint yet, so there are no weights to export.');
  const { checkpoint, vocabulary = run.vocabulary } = await checkpoints.read(info);
  if (vocabulary === undefined) throw new InputError('The run does not say what its symbols are.');
  const found = await findText(folder, run);
  const isShort = (run.text?.bytes ?? 0) <= MAX_TEXT_BYTES;
  const text = 'path' in found && isShort ? await readFile(found.path) : undefined;
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
    path,
  );
  if (text !== undefined) return [];
  const why = 'absent' in found ? found.absent : `It has more than ${MAX_TEXT_BYTES / 2 ** 20} MB.`;
  return [`The text is not in the export: ${why} Give the file to train.py with --text.`];
}

async function tell(path: string, format: ExportFormat, problems: readonly string[]): Promise<void> {
  const open = EXPORT_FORMATS[format].extension === null ? 'Show in Explorer' : 'Open';
  const text = [`Exported to ${basename(path)} in ${dirname(path)}.`, ...problems].join(' ');
  const show = problems.length > 0 ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  if ((await show(text, open)) !== open) return;
  const uri = vscode.Uri.file(path);
  if (format === 'html') await vscode.env.openExternal(uri);
  else await vscode.commands.executeCommand(open === 'Open' ? 'vscode.open' : 'revealFileInOS', uri);
}
