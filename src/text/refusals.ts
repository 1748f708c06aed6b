import { InputError, type Remedy } from '../common/inputError.ts';
import { describeCodePoint } from '../common/codePoint.ts';
import { describeByte } from './describe.ts';

/** The ways in which a text cannot be trained on, in words for a person. `name` is that of the file. */

export function emptyText(name: string): InputError {
  return new InputError(`"${name}" is empty. Choose a file with text in it.`);
}

/** As bytes, everything can be trained on. */
const ON_BYTES: Remedy = { setting: 'tokens', value: 'bytes', label: 'Train on bytes' };

const SAY_ENCODING =
  'or say which encoding it is in: in VS Code with “Reopen with Encoding” in the status bar, in the terminal with --encoding NAME';

/**
 * @param nul offset of the first NUL character: in bytes, or in UTF-16 units where the text is made of those.
 * @param isFile the bytes are there to be trained on as they are.
 */
export function binaryFile(name: string, nul: number, isFile = false): InputError {
  return new InputError(
    `"${name}" is not a text file: it has a NUL character at offset ${nul}. Choose a text file; ` +
      `if this is text in UTF-16 or UTF-32, save it as UTF-8, ${SAY_ENCODING}.`,
    isFile ? ON_BYTES : undefined,
  );
}

/** @param offset of the byte, in bytes from the beginning of the file. */
export function invalidUtf8(name: string, byte: number, offset: number): InputError {
  return new InputError(
    `"${name}" is not valid UTF-8: the byte ${describeByte(byte)} at offset ${offset} belongs to no ` +
      `character. Save the file as UTF-8, ${SAY_ENCODING}.`,
    ON_BYTES,
  );
}

export function oddUtf16(
  name: string,
  { isBigEndian, isMarked }: { readonly isBigEndian: boolean; readonly isMarked: boolean },
  bytes: number,
): InputError {
  const encoding = isBigEndian ? 'UTF-16 big-endian' : 'UTF-16 little-endian';
  return new InputError(
    `"${name}" is not valid ${encoding}${isMarked ? ', which its byte order mark says it is' : ''}: it has ${bytes} ` +
      'bytes, an odd number. It may have been cut short; save it again, as UTF-8.',
  );
}

export function oneCharacter(name: string, codePoint: number): InputError {
  return new InputError(
    `"${name}" consists of one distinct character, ${describeCodePoint(codePoint)}, so there is nothing to predict. ` +
      'Choose a text with at least two different characters.',
  );
}

/** A text that another choice of settings takes. */
export class TooManySymbols extends InputError {}

export function tooManySymbols(name: string, symbols: number, limit: number): TooManySymbols {
  return new TooManySymbols(
    `"${name}" has ${symbols} different characters; at most ${limit} are possible. ` +
      'Train on bytes instead, of which there are at most 256.',
    ON_BYTES,
  );
}

export function oneByte(name: string, byte: number): InputError {
  return new InputError(
    `"${name}" consists of one distinct byte, ${describeByte(byte)}, so there is nothing to predict. ` +
      'Choose a file with at least two different bytes.',
  );
}

/** How many of the characters that a network does not know are named. */
const NAMED_UNKNOWN = 5;

/** @param codes code points or bytes that are not in the vocabulary of the network that is to read the text. */
export function unknownSymbols(name: string, codes: readonly number[], tokens: 'characters' | 'bytes'): InputError {
  const describe = tokens === 'characters' ? describeCodePoint : describeByte;
  const named = codes.slice(0, NAMED_UNKNOWN).map(describe).join(', ');
  const more = codes.length > NAMED_UNKNOWN ? ` and ${codes.length - NAMED_UNKNOWN} more` : '';
  return new InputError(
    `"${name}" has ${tokens} that are not in the network's vocabulary: ${named}${more}. Choose a text without them, or ` +
      'train a new network on this one.',
  );
}
