import * as vscode from 'vscode';
import type { Sessions } from './sessions.ts';

/** The runs of this window go with their texts where these are moved or renamed in VS Code, by themselves or with a folder that they are in. */
export function followMovedTexts(sessions: Sessions): vscode.Disposable {
  return vscode.workspace.onDidRenameFiles(({ files }) => {
    for (const session of sessions.all) {
      const uri = movedUri(session.uri, files);
      if (uri !== undefined) session.textMoved(uri);
    }
  });
}

/** Where a file is now; undefined where it was not moved. */
function movedUri(
  uri: vscode.Uri,
  files: readonly { readonly oldUri: vscode.Uri; readonly newUri: vscode.Uri }[],
): vscode.Uri | undefined {
  for (const { oldUri, newUri } of files) {
    if (uri.toString() === oldUri.toString()) return newUri;
    const isWithin = uri.with({ path: oldUri.path }).toString() === oldUri.toString();
    if (isWithin && uri.path.startsWith(`${oldUri.path}/`)) {
      return newUri.with({ path: newUri.path + uri.path.slice(oldUri.path.length) });
    }
  }
  return undefined;
}
