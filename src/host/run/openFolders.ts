import * as vscode from 'vscode';
import { readRunsSettings } from './runsSettings.ts';
import type { OpenFolders } from './places.ts';

/** The workspace of this window, as it is at each moment. */
export const openFolders: OpenFolders = {
  get isTrusted() {
    return vscode.workspace.isTrusted;
  },
  get paths() {
    const folders = vscode.workspace.workspaceFolders ?? [];
    return folders.filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath);
  },
  pathFor(file) {
    if (readRunsSettings(file).location !== 'workspace') return undefined;
    const folder = vscode.workspace.getWorkspaceFolder(file);
    return folder?.uri.scheme === 'file' ? folder.uri.fsPath : undefined;
  },
};
