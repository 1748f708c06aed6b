import { InputError } from '../common/inputError.ts';
import { checkText } from './decode.ts';
import { describeByte, describeCodePoint } from './describe.ts';
import type { Ids } from './streams.ts';
import { codePointOfBytes, INVALID, utf8Length } from './utf8.ts';

/** What one symbol of a vocabulary is: a Unicode code point, or a byte of the text in UTF-8. */
export type Tokens = 'characters' | 'bytes';

/** The largest vocabulary: W_xh, W_ao and the softmax grow with it. */
export const MAX_SYMBOLS = 20_000;

const CODE_POINTS = 0x110000;
const BYTES = 0x100;
/** In the table from code to id, what is not in the vocabulary; no id reaches it. */
const MISSING = 0xffff;
/** Codes that `forEachPiece` hands on at a time. */
const PIECE = 65_536;

/** The symbols of a text in the order of their codes, and the way from text to ids and back. */
export class Vocabulary {
  readonly tokens: Tokens;
  /**
   * What each symbol looks like; the index is its id. A code point is itself (a lone surrogate too), a byte is itself
   * where it is printable ASCII, else such as `\xE2`.
   */
  readonly symbols: readonly string[];
  readonly #codes: readonly number[];
  readonly #idOfCode: Uint16Array;

  /** @param codes of the symbols, code points or bytes: ascending, distinct, at most `MAX_SYMBOLS`. */
  constructor(tokens: Tokens, codes: readonly number[]) {
    this.tokens = tokens;
    this.symbols = codes.map((code) => (tokens === 'characters' ? String.fromCodePoint(code) : byteLabel(code)));
    this.#codes = codes;
    this.#idOfCode = new Uint16Array(tokens === 'characters' ? CODE_POINTS : BYTES).fill(MISSING);
    codes.forEach((code, id) => (this.#idOfCode[code] = id));
  }

  get size(): number {
    return this.symbols.length;
  }

  /**
   * Writes the id of every code into the front of `ids`.
   * @returns whether all codes are in the vocabulary.
   */
  translate(codes: Uint8Array | Uint32Array, ids: Ids | Int32Array): boolean {
    let complete = true;
    for (let at = 0; at < codes.length; at++) {
      const id = this.#idOfCode[codes[at]];
      if (id === MISSING) complete = false;
      ids[at] = id;
    }
    return complete;
  }

  /**
   * The ids of a text, such as a prompt. As bytes, a lone surrogate becomes the bytes of U+FFFD.
   * @throws {InputError} naming the first character that is not in the vocabulary.
   */
  encode(text: string): Int32Array {
    const ids: number[] = [];
    for (const character of text) {
      forEachPiece(character, this.tokens, (codes) => {
        const idsOfCharacter = new Int32Array(codes.length);
        if (!this.translate(codes, idsOfCharacter)) throw unknownCharacter(character);
        ids.push(...idsOfCharacter);
      });
    }
    return Int32Array.from(ids);
  }

  /**
   * Characters from ids, and their probabilities from the probability of each id. Bytes that form a character are
   * joined, its probability being their product; a byte that belongs to none is shown as its label.
   */
  decode(ids: ArrayLike<number>, probability: ArrayLike<number>): { characters: string[]; probability: number[] } {
    if (this.tokens === 'characters') {
      return { characters: Array.from(ids, (id) => this.symbols[id]), probability: Array.from(probability) };
    }
    const bytes = Array.from(ids, (id) => this.#codes[id]);
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

/**
 * The vocabulary of the whole text, sorted by code, and the text as its ids. As bytes, a lone surrogate becomes the
 * bytes of U+FFFD.
 * @param name of the file, for messages.
 * @throws {InputError} for a text that `checkText` refuses, and for more than `MAX_SYMBOLS` different characters.
 */
export function tokenize(text: string, tokens: Tokens, name: string): { vocabulary: Vocabulary; ids: Ids } {
  checkText(text, name);
  const { distinct, length } = survey(text, tokens);
  if (distinct.length > MAX_SYMBOLS) {
    throw new InputError(
      `"${name}" has ${distinct.length} different characters; at most ${MAX_SYMBOLS} are possible. ` +
        'Train on bytes instead, of which there are at most 256.',
      { setting: 'tokens', value: 'bytes', label: 'Train on bytes' },
    );
  }
  const vocabulary = new Vocabulary(tokens, distinct);
  const ids = distinct.length <= BYTES ? new Uint8Array(length) : new Uint16Array(length);
  let at = 0;
  forEachPiece(text, tokens, (codes) => {
    vocabulary.translate(codes, ids.subarray(at));
    at += codes.length;
  });
  return { vocabulary, ids };
}

/** The distinct codes of a text in ascending order, and how many codes there are in all. */
function survey(text: string, tokens: Tokens): { distinct: number[]; length: number } {
  const seen = new Uint8Array(CODE_POINTS);
  let length = 0;
  forEachPiece(text, tokens, (codes) => {
    for (let at = 0; at < codes.length; at++) seen[codes[at]] = 1;
    length += codes.length;
  });
  const distinct: number[] = [];
  for (let code = seen.indexOf(1); code >= 0; code = seen.indexOf(1, code + 1)) distinct.push(code);
  return { distinct, length };
}

/**
 * Hands the codes of a text to `visit`, piece by piece in memory that is used again: a list of the codes of a long text
 * would take many times the text's own room, and a call for every single code most of the time.
 */
function forEachPiece(text: string, tokens: Tokens, visit: (codes: Uint8Array | Uint32Array) => void): void {
  if (tokens === 'bytes') {
    visit(new TextEncoder().encode(text));
    return;
  }
  const piece = new Uint32Array(Math.min(text.length, PIECE));
  for (let at = 0; at < text.length;) {
    let length = 0;
    for (; length < piece.length && at < text.length; length++) {
      const codePoint = text.codePointAt(at) ?? 0;
      piece[length] = codePoint;
      at += codePoint > 0xffff ? 2 : 1;
    }
    visit(piece.subarray(0, length));
  }
}

function byteLabel(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : describeByte(byte);
}

function unknownCharacter(character: string): InputError {
  return new InputError(
    `The character ${describeCodePoint(character.codePointAt(0) ?? 0)} does not occur in the text that the network ` +
      'learns, so the network cannot read it. Leave it out.',
  );
}
