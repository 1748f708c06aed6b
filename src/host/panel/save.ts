import * as vscode from 'vscode';
import type { SaveMessage } from './panel.ts';
import { tell } from '../message.ts';
import { saveWith } from './saveFlow.ts';

/**
 * Asks where to save a picture, first of all beside the file that it is of, and does it.
 * @returns why it could not be saved, for the person; nothing where it was, or where they changed their mind.
 */
export function savePicture(picture: SaveMessage, beside: vscode.Uri | undefined): Promise<string | undefined> {
  const { window, workspace, commands, Uri } = vscode;
  return saveWith({ window, tell, workspace, commands, Uri }, picture, beside);
}
