import * as vscode from 'vscode';

/**
 * Where a stored run says that its text is. A run may come from somebody else, and to look whether there is a file at an address may already
 * ask another machine for it, with the person's name; so an address is used as it is only where it is a file of this machine, an editor that
 * was never saved, or within a folder that is open.
 *
 * @returns undefined for any other address.
 */
export function trustedTextUri(stored: string): vscode.Uri | undefined {
  let uri: vscode.Uri;
  try {
    uri = vscode.Uri.parse(stored, true);
  } catch {
    return undefined;
  }
  const isLocal = (uri.scheme === 'file' || uri.scheme === 'untitled') && uri.authority === '';
  const folders = vscode.workspace.workspaceFolders ?? [];
  const isOpen = folders.some(({ uri: { scheme, authority } }) => scheme === uri.scheme && authority === uri.authority);
  return isLocal || isOpen ? uri : undefined;
}

/** Stands for a text that is nowhere: an editor of this name that nobody has opened. */
export function unknownTextUri(fileName: string): vscode.Uri {
  return vscode.Uri.from({ scheme: 'untitled', path: fileName });
}
