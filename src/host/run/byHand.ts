import * as vscode from 'vscode';
import type { CellName } from '../../network/cells.ts';
import { BY_HAND_TEXT } from '../../text/byHandText.ts';
import type { Panel } from '../panel/panel.ts';
import { byHandSettings } from './presetSettings.ts';
import type { TrainCommand } from './trainCommand.ts';

/**
 * Opens the text of a few words and begins a run by hand on it, which waits at iteration 0; its panel shows the time steps. The numbers are the same
 * for everybody: they follow from the seed and the kernels, not from a person's settings.
 * @returns the panel; undefined where the person wanted no second run.
 */
export async function startByHand(train: TrainCommand, cell: CellName): Promise<Panel | undefined> {
  const { uri } = await showByHandText();
  const panel = await train.begin(uri, byHandSettings(cell));
  panel?.tell({ type: 'showTab', tab: 'steps' });
  return panel;
}

/** The text in an editor: the one in which it is open already, or a new one. */
async function showByHandText(): Promise<vscode.TextDocument> {
  const open = vscode.workspace.textDocuments.find((one) => one.isUntitled && one.getText() === BY_HAND_TEXT);
  const document = open ?? (await vscode.workspace.openTextDocument({ language: 'plaintext', content: BY_HAND_TEXT }));
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
  return document;
}
