import { open, stat } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import * as vscode from 'vscode';
import { l10n } from '../../common/l10n.ts';
import { fileReason } from '../../common/fileReason.ts';
import { InputError } from '../../common/inputError.ts';
import type { TextFile } from '../../protocol/worker.ts';
import { checkText, encodingByMark, isReadable, type UnicodeEncoding } from '../../text/decode.ts';
import { TooManySymbols } from '../../text/refusals.ts';
import { Tokenizer } from '../../text/tokenizer.ts';
import type { Tokens } from '../../text/vocabulary.ts';
import { decoderLabel } from '../../text/encodings.ts';
import { unicodeEncoding, unmarkedUtf16 } from './encodings.ts';

/** What is trained on: a text that VS Code gave, or a file that the training thread reads by itself. */
export interface TextSource {
  readonly uri: vscode.Uri;
  readonly name: string;
  readonly content: { readonly text: string } | { readonly file: TextFile };
}

/** VS Code gives extensions no document for larger files, and its decoding takes them whole. */
export const MAX_EDITOR_BYTES = 50 * 2 ** 20;
/** The longest virtual file that is read into one string; V8 refuses strings past 2^29 − 24 characters. */
const MAX_VIRTUAL_BYTES = 500 * 2 ** 20;
/** So much of a file is checked before anything is asked, which for most files is all of it. */
const CHECKED_BYTES = 2 ** 20;
/** The check takes milliseconds for so much of it; then the extension host goes on with whatever else waits. */
const SLICE_BYTES = 2 ** 15;

/**
 * The text of a file as the person sees it: what the editor shows if a document is dirty, untitled or virtual; a file on
 * disk by its path, so that nothing of it goes through this thread, where its encoding is Unicode or it is too large for VS
 * Code; else the file decoded by VS Code itself, with its encoding settings.
 * @param tokens what is trained on: as bytes, a file on disk is what it is.
 * @throws {InputError} naming the file and the way out, if it is unreadable, empty, binary or of one character only, as far
 * as its beginning shows.
 */
export async function readTextSource(uri: vscode.Uri, tokens: Tokens = 'characters'): Promise<TextSource> {
  const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
  const document = vscode.workspace.textDocuments.find((other) => other.uri.toString() === uri.toString());
  if (uri.scheme === 'file' && !(document?.isDirty ?? false)) {
    return { uri, name, content: await readLocal(uri, name, document, tokens) };
  }
  if (uri.scheme === 'untitled' && document === undefined) {
    throw new InputError(
      l10n.t('"{name}" is in no editor that is open, and no file of it is known. Open the text, and train on that.', {
        name,
      }),
    );
  }
  const isOnDisk = vscode.workspace.fs.isWritableFileSystem(uri.scheme) !== undefined;
  const text =
    document && (document.isDirty || document.isUntitled || !isOnDisk)
      ? document.getText()
      : await decode(await readVirtual(uri, name), uri, name, document);
  checkText(text, name);
  return { uri, name, content: { text } };
}

/** A file on disk: by its path where the training thread can decode it, else as VS Code decodes it. */
async function readLocal(
  uri: vscode.Uri,
  name: string,
  document: vscode.TextDocument | undefined,
  tokens: Tokens,
): Promise<TextSource['content']> {
  const path = uri.fsPath;
  const { size, head } = await readHead(path, name);
  if (size > MAX_EDITOR_BYTES) refuseUnsavedTab(uri, name);
  const files = vscode.workspace.getConfiguration('files', uri);
  const encodingName = document?.encoding ?? files.get<string>('encoding', 'utf8');
  const isGuessed = document === undefined && files.get<boolean>('autoGuessEncoding', false);
  const unicode = encodingByMark(head) ?? unicodeEncoding(encodingName);
  if (tokens === 'bytes' && unicodeEncoding(encodingName) === 'utf-8') {
    return { file: { path, encoding: await checkedBytes(head, size, name) } };
  }
  const isDecodedByThread = unicode !== undefined && !(isGuessed && encodingByMark(head) === undefined);
  if (isDecodedByThread || (unicode !== undefined && size > MAX_EDITOR_BYTES)) {
    const encoding = unicode === 'utf-8' ? (unmarkedUtf16(head) ?? unicode) : unicode;
    await checkHead(head, size, name, tokens, encoding);
    return { file: { path, encoding } };
  }
  if (size <= MAX_EDITOR_BYTES) {
    const text = await decode(await vscode.workspace.fs.readFile(uri), uri, name, document);
    checkText(text, name);
    return { text };
  }
  const label = decoderLabel(encodingName);
  if (label !== undefined) return { file: { path, encoding: label } };
  throw new InputError(
    l10n.t(
      '"{name}" is in the encoding {encoding} and has {size}; in this encoding up to {most} can be read. Save it as UTF-8.',
      { name, encoding: encodingName, size: inMegabytes(size), most: inMegabytes(MAX_EDITOR_BYTES) },
    ),
  );
}

/** The size of a file and its beginning, read without holding this thread up. */
async function readHead(path: string, name: string): Promise<{ size: number; head: Uint8Array }> {
  try {
    const status = await stat(path);
    if (status.isDirectory()) throw new InputError(l10n.t('"{name}" is a folder. Choose a text file.', { name }));
    if (!status.isFile()) throw new InputError(l10n.t('"{name}" is a device or a pipe. Choose a text file.', { name }));
    const file = await open(path);
    try {
      const head = new Uint8Array(Math.min(status.size, CHECKED_BYTES));
      const { bytesRead } = await file.read(head, 0, head.length, 0);
      return { size: status.size, head: head.subarray(0, bytesRead) };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(
      l10n.t('"{name}" cannot be read: {reason} Check that it exists and that you may read it.', {
        name,
        reason: `${fileReason(error)}.`,
      }),
    );
  }
}

/** What the thread is told of a file whose bytes are trained on: without a mark, UTF-16 that VS Code shows as such is told by nothing else. */
async function checkedBytes(head: Uint8Array, size: number, name: string): Promise<UnicodeEncoding> {
  const shownAs = encodingByMark(head) === undefined ? unmarkedUtf16(head) : undefined;
  const encoding = shownAs !== undefined && isReadable(head, shownAs, head.length === size) ? shownAs : 'utf-8';
  await checkHead(head, size, name, 'bytes', encoding);
  return encoding;
}

/** Refuses what the beginning of a file shows not to be trained on; a file that is not longer is checked as a whole. */
async function checkHead(
  head: Uint8Array,
  size: number,
  name: string,
  tokens: Tokens,
  encoding: UnicodeEncoding,
): Promise<void> {
  const tokenizer = new Tokenizer(name, tokens, { append: () => undefined }, encoding);
  for (let at = 0; at < head.length; at += SLICE_BYTES) {
    tokenizer.pushBytes(head.subarray(at, at + SLICE_BYTES));
    await setImmediate();
  }
  if (head.length !== size) return;
  try {
    tokenizer.finish();
  } catch (error) {
    // What one symbol is may still be chosen.
    if (!(error instanceof TooManySymbols)) throw error;
  }
}

/** A document with unsaved changes that VS Code does not give to extensions: the file is not what the person sees. */
function refuseUnsavedTab(uri: vscode.Uri, name: string): void {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const shown = tabs.filter(
    ({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString(),
  );
  if (shown.some((tab) => tab.isDirty)) {
    throw new InputError(
      l10n.t(
        '"{name}" has changes that are not saved, and it is too large to be read from its editor. Save it first.',
        { name },
      ),
    );
  }
}

async function readVirtual(uri: vscode.Uri, name: string): Promise<Uint8Array> {
  try {
    const { type, size } = await vscode.workspace.fs.stat(uri);
    if (type & vscode.FileType.Directory)
      throw new InputError(l10n.t('"{name}" is a folder. Choose a text file.', { name }));
    if (size > MAX_VIRTUAL_BYTES) {
      throw new InputError(
        l10n.t(
          '"{name}" has {size}; files that are not on a disk of this machine can be trained on up to {most}. Save it to the disk, or train on a part of it.',
          { name, size: inMegabytes(size), most: inMegabytes(MAX_VIRTUAL_BYTES) },
        ),
      );
    }
    return await vscode.workspace.fs.readFile(uri);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(
      l10n.t('"{name}" cannot be read: {reason} Check that it exists and that you may read it.', {
        name,
        reason: reasonOf(error),
      }),
    );
  }
}

async function decode(
  bytes: Uint8Array,
  uri: vscode.Uri,
  name: string,
  document: vscode.TextDocument | undefined,
): Promise<string> {
  const { workspace } = vscode;
  try {
    // A document that was reopened with another encoding is read with that one.
    return await (document === undefined
      ? workspace.decode(bytes, { uri })
      : workspace.decode(bytes, { encoding: document.encoding }));
  } catch (error) {
    throw new InputError(
      l10n.t(
        '"{name}" cannot be read as text: {reason} Choose a text file, or set the right encoding for it in VS Code.',
        { name, reason: reasonOf(error) },
      ),
    );
  }
}

function inMegabytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MB`;
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /[.!?]$/.test(message) ? message : `${message}.`;
}
