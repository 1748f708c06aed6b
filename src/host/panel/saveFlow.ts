import type * as vscode from 'vscode';
import { l10n } from '../../common/l10n.ts';
import type { SaveMessage } from './panel.ts';

/** What saving needs of VS Code. */
export interface SavingApi {
  readonly window: Pick<typeof vscode.window, 'showSaveDialog'>;
  /** Resolves with the button that was pressed. */
  readonly tell: (message: string, button: string) => Thenable<string | undefined>;
  readonly workspace: {
    readonly fs: Pick<vscode.FileSystem, 'writeFile'>;
    readonly workspaceFolders?: readonly Pick<vscode.WorkspaceFolder, 'uri'>[] | undefined;
  };
  readonly commands: Pick<typeof vscode.commands, 'executeCommand'>;
  readonly Uri: Pick<typeof vscode.Uri, 'joinPath'>;
}

const FORMATS: Readonly<Record<string, string>> = { csv: 'CSV', json: 'JSON', png: 'PNG', svg: 'SVG' };

/**
 * Asks where to save a picture and does it.
 * @param beside the file that the picture is of: its folder is suggested; without one the folder that is open.
 * @returns why it could not be saved, for the person; undefined where it was, or where they changed their mind.
 */
export async function saveWith(
  { window, tell, workspace, commands, Uri }: SavingApi,
  picture: SaveMessage,
  beside: vscode.Uri | undefined,
): Promise<string | undefined> {
  const { fileName } = picture;
  const folder = beside === undefined ? workspace.workspaceFolders?.[0]?.uri : Uri.joinPath(beside, '..');
  const extension = fileName.slice(fileName.lastIndexOf('.') + 1);
  let target: vscode.Uri | undefined;
  try {
    target = await window.showSaveDialog({
      title: l10n.t('Save Picture'),
      filters: { [FORMATS[extension] ?? extension]: [extension] },
      ...(folder && { defaultUri: Uri.joinPath(folder, fileName) }),
    });
    if (target === undefined) return undefined;
    await workspace.fs.writeFile(target, bytesOf(picture));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return l10n.t('{file} could not be saved: {reason}', {
      file: target === undefined ? fileName : nameOf(target),
      reason,
    });
  }
  void offerToOpen(target, tell, commands);
  return undefined;
}

function bytesOf({ encoding, content }: SaveMessage): Uint8Array {
  return Buffer.from(content, encoding);
}

async function offerToOpen(
  target: vscode.Uri,
  tell: SavingApi['tell'],
  commands: SavingApi['commands'],
): Promise<void> {
  const open = l10n.t('Open');
  const chosen = await tell(l10n.t('Saved {file}.', { file: nameOf(target) }), open);
  if (chosen === open) await commands.executeCommand('vscode.open', target);
}

function nameOf({ path }: vscode.Uri): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
