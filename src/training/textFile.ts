import { createHash, type Hash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { fileReason } from '../common/fileReason.ts';
import { InputError } from '../common/inputError.ts';
import type { ReadingProgress, TextFile } from '../protocol/worker.ts';
import type { UnicodeEncoding } from '../text/decode.ts';
import type { Tokenizer } from '../text/tokenizer.ts';
import { LabelledTaker } from './labelledText.ts';

/** Bytes that are read at a time; between two pieces the reading can be stopped. */
const PIECE_BYTES = 2 ** 20;

const UNICODE: readonly string[] = ['utf-8', 'utf-16le', 'utf-16be'] satisfies UnicodeEncoding[];

/** Whether the tokenizer reads bytes in this encoding itself. */
export function isUnicode(encoding: string | undefined): encoding is UnicodeEncoding | undefined {
  return encoding === undefined || UNICODE.includes(encoding);
}

/**
 * Reads a file from its beginning to its end and hands it to a tokenizer, in pieces.
 * @param name of the file, for messages.
 * @param onPiece hears after every piece how far it is, and ends the reading by throwing.
 * @returns the bytes that were read, and their SHA-256.
 * @throws {InputError} where the file cannot be read, is not valid in its encoding, or changes meanwhile.
 */
export function readTextFile(
  { path, encoding }: TextFile,
  name: string,
  tokenizer: Tokenizer,
  onPiece: (progress: ReadingProgress) => void,
): ReadText {
  const hash = createHash('sha256');
  // Opening a pipe would wait until somebody writes into it.
  const { O_RDONLY, O_NONBLOCK = 0 } = constants as Partial<typeof constants>;
  const file = refusing(name, () => openSync(path, (O_RDONLY ?? 0) | O_NONBLOCK));
  try {
    const before = refusing(name, () => fstatSync(file));
    if (!before.isFile() && !before.isDirectory()) {
      throw new InputError(`"${name}" is a pipe or a device. Choose a text file, or save what it gives to one.`);
    }
    const bytesTotal = before.size;
    const take = taker(encoding, name, file, tokenizer);
    const room = new Uint8Array(PIECE_BYTES);
    let bytesRead = 0;
    for (;;) {
      const length = refusing(name, () => readSync(file, room));
      if (length === 0) break;
      bytesRead += length;
      if (bytesRead > bytesTotal) throw changed(name, bytesTotal, bytesRead);
      hash.update(room.subarray(0, length));
      take.push(room.subarray(0, length));
      onPiece({ bytesRead, bytesTotal });
    }
    checkUnchanged(
      name,
      before,
      refusing(name, () => fstatSync(file)),
      bytesRead,
    );
    take.finish();
    return { bytes: bytesRead, sha256: hash.digest('hex') };
  } finally {
    closeSync(file);
  }
}

/** The bytes of a text in UTF-8 and their SHA-256, in which a lone surrogate counts as U+FFFD. */
export function measureText(text: string): ReadText {
  const hash = createHash('sha256');
  let bytes = 0;
  for (let at = 0; at < text.length;) {
    const end = wholeCharacters(text, at + PIECE_BYTES);
    bytes += updated(hash, text.slice(at, end));
    at = end;
  }
  return { bytes, sha256: hash.digest('hex') };
}

function updated(hash: Hash, text: string): number {
  const bytes = Buffer.from(text, 'utf8');
  hash.update(bytes);
  return bytes.length;
}

/** The end of a piece that cuts no surrogate pair. */
function wholeCharacters(text: string, end: number): number {
  if (end >= text.length) return text.length;
  const isWithinPair = (text.codePointAt(end - 1) ?? 0) > 0xffff;
  return isWithinPair ? end - 1 : end;
}

/** What was read, to know it again. */
export interface ReadText {
  readonly bytes: number;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

/** Takes the pieces of a file to the tokenizer. */
interface Taker {
  push(bytes: Uint8Array): void;
  finish(): void;
}

function taker(encoding: string | undefined, name: string, file: number, tokenizer: Tokenizer): Taker {
  if (isUnicode(encoding)) return { push: (bytes) => tokenizer.pushBytes(bytes), finish: () => undefined };
  return new LabelledTaker(encoding, name, file, tokenizer);
}

function checkUnchanged(name: string, before: Stats, after: Stats, bytesRead: number): void {
  if (bytesRead !== before.size) throw changed(name, before.size, bytesRead);
  if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) throw changed(name, before.size, after.size);
}

function changed(name: string, before: number, after: number): InputError {
  return new InputError(
    `"${name}" changed while it was read: it had ${before} bytes at first and ${after} ${after > before ? 'or more ' : ''}` +
      'then. Train on it again when nothing writes to it any more.',
  );
}

function refusing<R>(name: string, read: () => R): R {
  try {
    return read();
  } catch (error) {
    throw new InputError(
      `"${name}" cannot be read: ${fileReason(error)}. Check that it is there and that you may read it.`,
    );
  }
}
