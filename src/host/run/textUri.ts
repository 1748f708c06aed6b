import * as vscode from 'vscode';

/**
 * Where a stored run says that its text is. A run may come from somebody else, and to look whether there is a file at an address may already
 * ask another machine for it, with the person's name; so an address is used as it is only where it is a file of this machine, an editor that
 * was never saved, or within a folder that is open.
 *
 * @returns undefined for any other address.
 */
export function trustedTextUri(stored: string): vscode.Uri | undefined {
  const uri = parsedUri(stored);
  if (uri === undefined) return undefined;
  // On Windows a path that begins so names another machine, though the address has none.
  const isOfThisMachine = uri.authority === '' && !/^[\\/]{2}/.test(uri.fsPath);
  const isLocal = (uri.scheme === 'file' || uri.scheme === 'untitled') && isOfThisMachine;
  return isLocal || vscode.workspace.getWorkspaceFolder(uri) !== undefined ? uri : undefined;
}

/** Undefined for what is no address. */
export function parsedUri(address: string): vscode.Uri | undefined {
  try {
    return vscode.Uri.parse(address, true);
  } catch {
    return undefined;
  }
}

/** Stands for a text that is nowhere: an editor of this name that nobody has opened. */
export function unknownTextUri(fileName: string): vscode.Uri {
  return vscode.Uri.from({ scheme: 'untitled', path: fileName.replace(/^[\\/]+/, '') });
}
