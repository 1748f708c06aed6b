import { MAX_SYMBOLS } from '../common/limits.ts';
import { type CodePointSink, isSurrogate } from './codes.ts';
import type { Tokens } from './vocabulary.ts';

/** Takes ids of symbols, given in the order in which the symbols first appear. */
export interface IdSink {
  /**
   * @param ids valid during the call only.
   * @param isWide whether there are ids from 256 on, here or before.
   */
  append(ids: Uint16Array, isWide: boolean): void;
}

const CODE_POINTS = 0x110000;
const BYTES = 0x100;
const UNITS = 0x10000;
const ASCII = 0x80;
/** Ids that are handed on at a time. */
const PIECE = 65_536;
/** In the tables from code to id, what has none yet; no id reaches it. */
const NEW = 0xffff;

/**
 * Gives the symbols of a text ids as they first appear, in one pass: bytes and units whose symbol was seen before take one
 * look into a table, everything else goes through `add`.
 */
export class SymbolIds implements CodePointSink {
  readonly #tokens: Tokens;
  readonly #sink: IdSink;
  /** By code: all code points, or all bytes. */
  readonly #idOfCode: Uint16Array;
  /** Ids of those bytes and units that are code points by themselves and have been seen. */
  readonly #idOfAscii = new Uint16Array(BYTES).fill(NEW);
  readonly #idOfUnit = new Uint16Array(UNITS).fill(NEW);
  readonly #codes: number[] = [];
  readonly #ids = new Uint16Array(PIECE);
  #length = 0;
  #firstCodePoint: number | undefined;
  #hasOtherCodePoint = false;

  constructor(tokens: Tokens, sink: IdSink) {
    this.#tokens = tokens;
    this.#sink = sink;
    this.#idOfCode = new Uint16Array(tokens === 'characters' ? CODE_POINTS : BYTES).fill(NEW);
  }

  /** The codes of the symbols in the order of their ids. Above `MAX_SYMBOLS` they are counted, and no ids come any more. */
  get codes(): readonly number[] {
    return this.#codes;
  }

  /** The one code point, or byte where nothing is decoded, of which the text consists; undefined where there are others, and in an empty text. */
  get onlyCodePoint(): number | undefined {
    return this.#hasOtherCodePoint ? undefined : this.#firstCodePoint;
  }

  takeAscii(bytes: Uint8Array, at: number): number {
    return this.#takeSeen(bytes, at, this.#idOfAscii, ASCII);
  }

  takeUnits(units: Uint16Array, at: number): number {
    return this.#takeSeen(units, at, this.#idOfUnit, this.#tokens === 'characters' ? UNITS : ASCII);
  }

  add(codePoint: number): void {
    this.#firstCodePoint ??= codePoint;
    if (codePoint !== this.#firstCodePoint) this.#hasOtherCodePoint = true;
    if (this.#tokens === 'characters' || codePoint < ASCII) return this.#put(codePoint, codePoint);
    const valid = isSurrogate(codePoint) ? 0xfffd : codePoint;
    if (valid < 0x800) {
      this.#put(0xc0 | (valid >> 6));
    } else {
      if (valid < 0x10000) this.#put(0xe0 | (valid >> 12));
      else {
        this.#put(0xf0 | (valid >> 18));
        this.#put(0x80 | ((valid >> 12) & 0x3f));
      }
      this.#put(0x80 | ((valid >> 6) & 0x3f));
    }
    this.#put(0x80 | (valid & 0x3f));
  }

  /** Takes bytes as the symbols that they are, with `tokens` bytes: nothing is decoded. */
  takeBytes(bytes: Uint8Array): void {
    for (let at = 0; ;) {
      at = this.#translate(bytes, at, this.#idOfCode);
      if (this.#length === PIECE) this.flush();
      if (at === bytes.length) return;
      const byte = bytes[at];
      if (this.#idOfCode[byte] !== NEW) continue;
      this.#firstCodePoint ??= byte;
      if (byte !== this.#firstCodePoint) this.#hasOtherCodePoint = true;
      this.#put(byte);
      at++;
    }
  }

  /** Hands on what waits. */
  flush(): void {
    if (this.#codes.length <= MAX_SYMBOLS)
      this.#sink.append(this.#ids.subarray(0, this.#length), this.#codes.length > BYTES);
    this.#length = 0;
  }

  /** Takes codes below `limit`, one by one where a symbol is new, up to one that takes a closer look. */
  #takeSeen(codes: Uint8Array | Uint16Array, at: number, idOf: Uint16Array, limit: number): number {
    for (;;) {
      at = this.#translate(codes, at, idOf);
      if (this.#length === PIECE) this.flush();
      if (at === codes.length) return at;
      const code = codes[at];
      if (idOf[code] !== NEW) continue;
      if (code >= limit || isSurrogate(code)) return at;
      this.add(code);
      at++;
    }
  }

  /** Takes codes as long as they have ids and there is room for these. */
  #translate(codes: Uint8Array | Uint16Array, at: number, idOf: Uint16Array): number {
    const ids = this.#ids;
    let length = this.#length;
    const end = Math.min(codes.length, at + PIECE - length);
    for (; at < end; at++) {
      const id = idOf[codes[at]];
      if (id === NEW) break;
      ids[length++] = id;
    }
    this.#length = length;
    return at;
  }

  /** @param codePoint which the code is by itself, if it is one. */
  #put(code: number, codePoint?: number): void {
    let id = this.#idOfCode[code];
    if (id === NEW) {
      // Beyond the limit the ids have no use; they only must be none that is not there.
      id = Math.min(this.#codes.length, MAX_SYMBOLS);
      this.#codes.push(code);
      this.#idOfCode[code] = id;
      if (codePoint !== undefined && codePoint < ASCII) this.#idOfAscii[codePoint] = id;
      if (codePoint !== undefined && codePoint < UNITS && !isSurrogate(codePoint)) this.#idOfUnit[codePoint] = id;
    }
    this.#ids[this.#length++] = id;
    if (this.#length === PIECE) this.flush();
  }
}
