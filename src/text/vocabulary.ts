import { unknownInPrompt } from '../common/codePoint.ts';
import { InputError } from '../common/inputError.ts';
import { describeByte } from './describe.ts';
import { codePointOfBytes, INVALID, utf8Length } from './utf8.ts';

/** What one symbol of a vocabulary is: a Unicode code point, or a byte of the file, in UTF-8 where it was decoded. */
export type Tokens = 'characters' | 'bytes';

const UTF8 = new TextEncoder();

/** The symbols of a text in the order of their codes, and the way from text to ids and back. */
export class Vocabulary {
  readonly tokens: Tokens;
  /**
   * What each symbol looks like; the index is its id. A code point is itself (a lone surrogate too), a byte is itself
   * where it is printable ASCII, else such as `\xE2`.
   */
  readonly symbols: readonly string[];
  /** The code point or byte of each symbol. */
  readonly codes: readonly number[];
  readonly #idOfCode: ReadonlyMap<number, number>;

  /** @param codes of the symbols, code points or bytes: ascending, distinct, at most `MAX_SYMBOLS`. */
  constructor(tokens: Tokens, codes: readonly number[]) {
    this.tokens = tokens;
    this.symbols = codes.map((code) => (tokens === 'characters' ? String.fromCodePoint(code) : byteLabel(code)));
    this.codes = codes;
    this.#idOfCode = new Map(codes.map((code, id) => [code, id]));
  }

  get size(): number {
    return this.symbols.length;
  }

  /**
   * The ids of a text, such as a prompt. As bytes, a lone surrogate becomes the bytes of U+FFFD.
   * @throws {InputError} naming every character that is not in the vocabulary, or of which a byte is not.
   */
  encode(text: string): Int32Array {
    const ids: number[] = [];
    const unknown = new Set<string>();
    for (const character of text) {
      for (const code of codesOf(character, this.tokens)) {
        const id = this.#idOfCode.get(code);
        if (id === undefined) unknown.add(character);
        else ids.push(id);
      }
    }
    if (unknown.size > 0) throw new InputError(unknownInPrompt(unknown));
    return Int32Array.from(ids);
  }

  /** The bytes of ids, of a vocabulary of bytes. */
  bytes(ids: ArrayLike<number>): Uint8Array {
    return Uint8Array.from(ids, (id) => this.codes[id]);
  }

  /**
   * Characters from ids, and their probabilities from the probability of each id. Bytes that form a character are
   * joined, its probability being their product; a byte that belongs to none is shown as its label.
   */
  decode(ids: ArrayLike<number>, probability: ArrayLike<number>): { characters: string[]; probability: number[] } {
    if (this.tokens === 'characters') {
      return { characters: Array.from(ids, (id) => this.symbols[id]), probability: Array.from(probability) };
    }
    const bytes = this.bytes(ids);
    const decoded = { characters: [] as string[], probability: [] as number[] };
    for (let at = 0; at < bytes.length;) {
      const codePoint = codePointOfBytes(bytes, at);
      const end = at + (codePoint === INVALID ? 1 : utf8Length(codePoint));
      decoded.characters.push(codePoint === INVALID ? byteLabel(bytes[at]) : String.fromCodePoint(codePoint));
      let product = 1;
      for (; at < end; at++) product *= probability[at];
      decoded.probability.push(product);
    }
    return decoded;
  }
}

/** The codes of one character: itself, or its bytes. */
function codesOf(character: string, tokens: Tokens): Iterable<number> {
  return tokens === 'bytes' ? UTF8.encode(character) : [character.codePointAt(0) ?? 0];
}

function byteLabel(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : describeByte(byte);
}
