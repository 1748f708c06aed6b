import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { l10n } from '../../common/l10n.ts';
import { InputError } from '../../common/inputError.ts';
import { CheckpointFolder } from '../../runs/disk/checkpoints.ts';
import type { FolderExport } from '../../runs/export/folderExport.ts';
import { EXPORT_FORMAT_IDS, EXPORT_FORMATS, needs, type ExportFormat } from '../../runs/export/index.ts';
import type { RunSummary } from '../../runs/disk/library.ts';
import type { Session } from '../session/session.ts';
import { pickCheckpoint } from './forkQuestion.ts';
import type { RunKeeper } from './runKeeper.ts';
import { tell, underNotification, warn } from '../message.ts';
import { trustedTextUri } from './textUri.ts';

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
  // All is asked before the notification says that something is being done.
  const asked = await whatToExport(keeper, folder, format, path, session);
  if (asked === undefined) return;
  const problems = await underNotification(
    l10n.t('Exporting {name} as {format}', { name, format: EXPORT_FORMATS[format].label }),
    async () => {
      // What the run recorded in the last second is on its way to the disk.
      await keeper.flush(folder);
      return keeper.reading.another((thread) => thread.exportFolder(folder, asked));
    },
  );
  await tellWhere(path, format, problems);
}

const NO_TAPE = l10n.t(
  'This report was made while no window of the run was looked into: open its tab “Time steps” and export again.',
);

async function pickFormat(name: string): Promise<ExportFormat | undefined> {
  const items = EXPORT_FORMAT_IDS.map((id) => ({
    label: EXPORT_FORMATS[id].label,
    detail: EXPORT_FORMATS[id].description,
    id,
  }));
  return (
    await vscode.window.showQuickPick(items, {
      title: l10n.t('Export {name}', { name }),
      placeHolder: l10n.t('As what?'),
    })
  )?.id;
}

/** Where to write: a file, or a folder in the one that the person chooses. */
async function pickPlace(name: string, format: ExportFormat, uri: string | undefined): Promise<string | undefined> {
  const { label, file } = EXPORT_FORMATS[format];
  const plain = name.replaceAll(/[^\w.-]+/g, '-');
  const text = uri === undefined ? undefined : trustedTextUri(uri);
  const beside = text?.scheme === 'file' ? vscode.Uri.joinPath(text, '..') : undefined;
  if (file !== null) {
    const { extension } = file;
    const target = await vscode.window.showSaveDialog({
      title: l10n.t('Export {name}', { name }),
      filters: { [label]: [extension.slice(1)] },
      ...(beside && { defaultUri: vscode.Uri.joinPath(beside, `${plain}${extension}`) }),
    });
    return target?.fsPath;
  }
  const picked = await vscode.window.showOpenDialog({
    title: l10n.t('Export {name}: in which folder?', { name }),
    openLabel: l10n.t('Export here'),
    canSelectFiles: false,
    canSelectFolders: true,
    ...(beside && { defaultUri: beside }),
  });
  const parent = picked?.[0]?.fsPath;
  return parent === undefined ? undefined : join(parent, `${plain}-${format}`);
}

/** @returns undefined where the person changed their mind. */
async function whatToExport(
  keeper: RunKeeper,
  folder: string,
  format: ExportFormat,
  path: string,
  session: Session | undefined,
): Promise<FolderExport | undefined> {
  const madeAt = new Date().toISOString();
  const tape = needs(format, 'tape') && { tape: session?.study.tape ?? { absent: NO_TAPE } };
  if (!needs(format, 'checkpoint')) return { format, path, madeAt, ...tape };
  const list = await new CheckpointFolder(folder).list();
  if (list.length === 0)
    throw new InputError(l10n.t('The run has no checkpoint yet, so there are no weights to export.'));
  const title = l10n.t('Export to {format}', { format: EXPORT_FORMATS[format].label });
  const checkpoint = await pickCheckpoint(list, title, () => keeper.recordedHistory(folder));
  return checkpoint && { format, path, madeAt, ...tape, checkpoint };
}

async function tellWhere(path: string, format: ExportFormat, problems: readonly string[]): Promise<void> {
  const { file } = EXPORT_FORMATS[format];
  const open = file === null ? l10n.t('Show in Explorer') : l10n.t('Open');
  const text = [
    l10n.t('Exported to {file} in {folder}.', { file: basename(path), folder: dirname(path) }),
    ...problems,
  ].join(' ');
  if ((await (problems.length > 0 ? warn(text, open) : tell(text, open))) !== open) return;
  const uri = vscode.Uri.file(path);
  if (file?.opensIn === 'browser') await vscode.env.openExternal(uri);
  else await vscode.commands.executeCommand(file === null ? 'revealFileInOS' : 'vscode.open', uri);
}
