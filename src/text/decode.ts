import { InputError } from '../common/inputError.ts';
import { describeByte, describeCodePoint } from './describe.ts';
import { firstInvalidByte } from './utf8.ts';

type Encoding = 'UTF-8' | 'UTF-16 little-endian' | 'UTF-16 big-endian';

/** `String.fromCharCode` takes its arguments on the stack, so a long text goes through in pieces. */
const PIECE = 8192;

/**
 * The text in the bytes of a file: UTF-8 with or without byte order mark, UTF-16 of either byte order with it. The mark is
 * not part of the text. Lone surrogates in UTF-16 stay what they are.
 * @param name of the file, for messages.
 * @throws {InputError} for a binary file (UTF-8 with NUL bytes) and for bytes that are not valid in the encoding.
 */
export function decodeText(bytes: Uint8Array, name: string): string {
  const encoding = detectEncoding(bytes);
  return encoding === 'UTF-8' ? decodeUtf8(bytes, name) : decodeUtf16(bytes, encoding, name);
}

/**
 * Refuses a text from which nothing can be learned.
 * @param name of the file, for messages.
 * @throws {InputError} for an empty text, a binary file (one with NUL characters) and a text of one distinct character.
 */
export function checkText(text: string, name: string): void {
  if (text.length === 0) {
    throw new InputError(`"${name}" is empty. Choose a file with text in it.`);
  }
  const nul = text.indexOf('\0');
  if (nul >= 0) throw binaryFile(name, nul);
  const first = text.codePointAt(0) ?? 0;
  if (!hasOtherCodePoint(text, first)) {
    throw new InputError(
      `"${name}" consists of one distinct character, ${describeCodePoint(first)}, so there is nothing to predict. ` +
        'Choose a text with at least two different characters.',
    );
  }
}

function detectEncoding(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'UTF-16 little-endian';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'UTF-16 big-endian';
  return 'UTF-8';
}

function binaryFile(name: string, nul: number): InputError {
  return new InputError(
    `"${name}" is not a text file: it has a NUL character at offset ${nul}. Choose a text file; ` +
      'if this is text in UTF-16 or UTF-32, save it as UTF-8 first.',
  );
}

function decodeUtf8(bytes: Uint8Array, name: string): string {
  // A binary file is seldom valid UTF-8 either; what it is says more than that.
  const nul = bytes.indexOf(0);
  if (nul >= 0) throw binaryFile(name, nul);
  const invalid = firstInvalidByte(bytes);
  if (invalid < bytes.length) {
    throw new InputError(
      `"${name}" is not valid UTF-8: the byte ${describeByte(bytes[invalid])} at offset ${invalid} belongs to no ` +
        'character. Save the file as UTF-8, or choose a text file.',
    );
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

function decodeUtf16(bytes: Uint8Array, encoding: Exclude<Encoding, 'UTF-8'>, name: string): string {
  if (bytes.length % 2 !== 0) {
    throw new InputError(
      `"${name}" is not valid ${encoding}, which its byte order mark says it is: it has ${bytes.length} bytes, an odd ` +
        'number. It may have been cut short; save it again, as UTF-8.',
    );
  }
  const high = encoding === 'UTF-16 big-endian' ? 0 : 1;
  const units = new Uint16Array(bytes.length / 2 - 1);
  for (let unit = 0; unit < units.length; unit++) {
    const at = 2 * unit + 2;
    units[unit] = (bytes[at + high] << 8) | bytes[at + 1 - high];
  }
  const pieces: string[] = [];
  for (let at = 0; at < units.length; at += PIECE) {
    pieces.push(String.fromCharCode(...units.subarray(at, at + PIECE)));
  }
  return pieces.join('');
}

function hasOtherCodePoint(text: string, codePoint: number): boolean {
  const character = String.fromCodePoint(codePoint);
  for (let at = 0; at < text.length; at += character.length) {
    if (text.codePointAt(at) !== codePoint) return true;
  }
  return false;
}
