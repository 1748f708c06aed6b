import type * as vscode from 'vscode';
import type { SaveMessage } from './panel.ts';

/** Asks where to save a picture, beside the file that it is of, and does it; returns why it could not be. */
export async function savePicture(_picture: SaveMessage, _beside: vscode.Uri | undefined): Promise<string | undefined> {
  return 'Saving is not there yet.';
}
