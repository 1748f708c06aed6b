import * as vscode from 'vscode';
import { InputError } from '../common/inputError.ts';
import { checkText } from '../text/decode.ts';

export interface TextSource {
  readonly uri: vscode.Uri;
  readonly name: string;
  readonly text: string;
}

/** The longest file that is read into one string; V8 refuses strings past 2^29 − 24 characters. */
const MAX_BYTES = 500 * 2 ** 20;

/**
 * The text of a file as the person sees it: what the editor shows if a document is dirty or untitled, else the file
 * decoded by VS Code itself, with its encoding settings and byte order marks.
 * @throws {InputError} naming the file and the way out, if it is unreadable, empty, binary or of one character only.
 */
export async function readTextSource(uri: vscode.Uri): Promise<TextSource> {
  const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  const isOnDisk = vscode.workspace.fs.isWritableFileSystem(uri.scheme) !== undefined;
  const text =
    open && (open.isDirty || open.isUntitled || !isOnDisk) ? open.getText() : await readFile(uri, name, open);
  checkText(text, name);
  return { uri, name, text };
}

async function readFile(uri: vscode.Uri, name: string, open: vscode.TextDocument | undefined): Promise<string> {
  const bytes = await readBytes(uri, name);
  const { decode } = vscode.workspace;
  try {
    // A document that was reopened with another encoding is read with that one.
    return await (open === undefined ? decode(bytes, { uri }) : decode(bytes, { encoding: open.encoding }));
  } catch (error) {
    throw new InputError(
      `"${name}" cannot be read as text: ${reasonOf(error)} Choose a text file, or set the right encoding for it in VS Code.`,
    );
  }
}

async function readBytes(uri: vscode.Uri, name: string): Promise<Uint8Array> {
  try {
    const { type, size } = await vscode.workspace.fs.stat(uri);
    if (type & vscode.FileType.Directory) throw new InputError(`"${name}" is a folder. Choose a text file.`);
    if (size > MAX_BYTES) {
      throw new InputError(
        `"${name}" has ${Math.round(size / 2 ** 20)} MB; files up to ${MAX_BYTES / 2 ** 20} MB can be trained on. Train on a part of it.`,
      );
    }
    return await vscode.workspace.fs.readFile(uri);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`"${name}" cannot be read: ${reasonOf(error)} Check that it exists and that you may read it.`);
  }
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /[.!?]$/.test(message) ? message : `${message}.`;
}
