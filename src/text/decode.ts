import { InputError } from '../common/inputError.ts';
import { type ByteReader, type CodePointSink, isSurrogate, UnitReader, Utf16Reader, Utf8Reader } from './codes.ts';
import { binaryFile, emptyText, oneCharacter } from './refusals.ts';

/** The encodings that are read without the help of a table; others have the label that `TextDecoder` knows. */
export type UnicodeEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** So many bytes at the beginning of a file decide `encodingByMark`. */
export const MARK_BYTES = 3;

/** `String.fromCharCode` takes its arguments on the stack, so a long text goes through in pieces. */
const PIECE = 8192;

/** The encoding that the byte order mark at the beginning of a file says, if there is one. */
export function encodingByMark(head: Uint8Array): UnicodeEncoding | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8';
  return undefined;
}

/** @param name of the file, for messages. */
export function readerFor(encoding: UnicodeEncoding, name: string, sink: CodePointSink): ByteReader {
  return encoding === 'utf-8' ? new Utf8Reader(name, sink) : new Utf16Reader(name, encoding === 'utf-16be', sink);
}

/** Whether bytes are the beginning of a text in an encoding, or all of one. */
export function isReadable(bytes: Uint8Array, encoding: UnicodeEncoding, isWhole: boolean): boolean {
  const reader = readerFor(encoding, '', NOBODY);
  try {
    reader.push(bytes);
    if (isWhole) reader.finish();
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

const NOBODY: CodePointSink = {
  takeAscii(bytes, at) {
    while (at < bytes.length && bytes[at] < 0x80) at++;
    return at;
  },
  takeUnits: (units) => units.length,
  add: () => undefined,
};

/**
 * The text in the bytes of a file: UTF-8 with or without byte order mark, UTF-16 of either byte order with it. The mark is
 * not part of the text. Lone surrogates in UTF-16 stay what they are.
 * @param name of the file, for messages.
 * @throws {InputError} for a binary file (one with NUL characters) and for bytes that are not valid in the encoding.
 */
export function decodeText(bytes: Uint8Array, name: string): string {
  const text = new TextCollector();
  const reader = readerFor(encodingByMark(bytes) ?? 'utf-8', name, text);
  reader.push(bytes);
  reader.finish();
  return text.toString();
}

/**
 * Refuses a text from which nothing can be learned.
 * @param name of the file, for messages.
 * @throws {InputError} for an empty text, a binary file (one with NUL characters) and a text of one distinct character.
 */
export function checkText(text: string, name: string): void {
  if (text.length === 0) throw emptyText(name);
  const nul = text.indexOf('\0');
  if (nul >= 0) throw binaryFile(name, nul);
  const first = text.codePointAt(0) ?? 0;
  if (!hasOtherCodePoint(text, first)) throw oneCharacter(name, first);
}

/** Hands a text to a reader of units, piece by piece. */
export function pushText(text: string, reader: UnitReader): void {
  const units = new Uint16Array(Math.min(text.length, 8 * PIECE));
  for (let start = 0; start < text.length; start += units.length) {
    const length = Math.min(units.length, text.length - start);
    for (let at = 0; at < length; at++) units[at] = text.charCodeAt(start + at);
    reader.push(units.subarray(0, length));
  }
}

/** Puts the code points that it takes together to a text. */
class TextCollector implements CodePointSink {
  readonly #units = new Uint16Array(PIECE);
  #length = 0;
  readonly #pieces: string[] = [];

  takeAscii(bytes: Uint8Array, at: number): number {
    for (; at < bytes.length && bytes[at] < 0x80; at++) this.#put(bytes[at]);
    return at;
  }

  takeUnits(units: Uint16Array, at: number): number {
    for (; at < units.length && !isSurrogate(units[at]); at++) this.#put(units[at]);
    return at;
  }

  add(codePoint: number): void {
    if (codePoint < 0x10000) return this.#put(codePoint);
    this.#put(0xd800 + ((codePoint - 0x10000) >> 10));
    this.#put(0xdc00 + (codePoint & 0x3ff));
  }

  toString(): string {
    this.#flush();
    return this.#pieces.join('');
  }

  #put(unit: number): void {
    this.#units[this.#length++] = unit;
    if (this.#length === PIECE) this.#flush();
  }

  #flush(): void {
    this.#pieces.push(String.fromCharCode(...this.#units.subarray(0, this.#length)));
    this.#length = 0;
  }
}

function hasOtherCodePoint(text: string, codePoint: number): boolean {
  const character = String.fromCodePoint(codePoint);
  for (let at = 0; at < text.length; at += character.length) {
    if (text.codePointAt(at) !== codePoint) return true;
  }
  return false;
}
