import * as vscode from 'vscode';
import { l10n } from '../../common/l10n.ts';
import { InputError } from '../../common/inputError.ts';
import { PANEL_TYPE } from '../panel/panel.ts';
import { MAX_EDITOR_BYTES } from '../session/textSource.ts';

/**
 * Shows the text of a run that is about to begin in an editor, unless it is on the screen already, so that its panel opens beside it. A
 * text that no editor can show, too large or none at all, is left where it is.
 */
export async function showText(uri: vscode.Uri): Promise<void> {
  const groups = vscode.window.tabGroups.all;
  const holds = (tab: vscode.Tab | undefined): boolean =>
    tab?.input instanceof vscode.TabInputText && tab.input.uri.toString() === uri.toString();
  if (groups.some(({ activeTab }) => holds(activeTab))) return;
  const document = await documentOf(uri);
  if (document === undefined) return;
  const group = groups.find(({ tabs }) => tabs.some(holds)) ?? groups.find(({ activeTab }) => !isPanel(activeTab));
  // Where panels of runs fill the window, the text comes to the left of them, not over one of them.
  if (group === undefined) await vscode.commands.executeCommand('workbench.action.newGroupLeft');
  await vscode.window.showTextDocument(document, {
    viewColumn: group?.viewColumn ?? vscode.ViewColumn.Active,
    preview: false,
  });
}

/**
 * *Show the file*: VS Code itself opens it, since extensions can open no file over 50 MB.
 * @throws {InputError} where the file is not where the run knows it.
 */
export async function revealText(uri: vscode.Uri): Promise<void> {
  if (uri.scheme === 'file' && !(await isThere(uri))) {
    throw new InputError(
      l10n.t(
        'The text of the run is not at {path} any more: it was moved, renamed or deleted outside of VS Code. Move it back there to see it here.',
        { path: uri.fsPath },
      ),
    );
  }
  await vscode.commands.executeCommand('vscode.open', uri);
}

function isThere(uri: vscode.Uri): Promise<boolean> {
  return Promise.resolve(vscode.workspace.fs.stat(uri)).then(
    () => true,
    () => false,
  );
}

/** Undefined for what is no text, or too large for VS Code to give to extensions. */
async function documentOf(uri: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  try {
    if (uri.scheme !== 'untitled' && (await vscode.workspace.fs.stat(uri)).size > MAX_EDITOR_BYTES) return undefined;
    return await vscode.workspace.openTextDocument(uri);
  } catch {
    return undefined;
  }
}

function isPanel(tab: vscode.Tab | undefined): boolean {
  return tab?.input instanceof vscode.TabInputWebview && tab.input.viewType.endsWith(PANEL_TYPE);
}
