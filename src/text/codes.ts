import type { InputError } from '../common/inputError.ts';
import { binaryFile, invalidUtf8, oddUtf16 } from './refusals.ts';
import { codePointOfBytes, INVALID, MAX_SEQUENCE, sequenceLength, utf8Length } from './utf8.ts';

/** Takes the code points of a text one after the other. */
export interface CodePointSink {
  /** Takes bytes below 0x80, each its own code point, from `at` on; returns the index of the first that it leaves. */
  takeAscii(bytes: Uint8Array, at: number): number;
  /** Takes UTF-16 units that are no surrogates, from `at` on; returns the index of the first that it leaves. */
  takeUnits(units: Uint16Array, at: number): number;
  /** Takes any code point, lone surrogates too. */
  add(codePoint: number): void;
}

/** Reads a text from pieces of bytes, of any length each. */
export interface ByteReader {
  /** @throws {InputError} for bytes that are no text in the encoding. */
  push(bytes: Uint8Array): void;
  /** Ends the text. @throws {InputError} where it ends within a character. */
  finish(): void;
}

const BYTE_ORDER_MARK = 0xfeff;
/** A binary file is seldom valid UTF-8 either: a NUL that follows an invalid byte this closely says more than the byte. */
const NUL_SEARCH_BYTES = 2 ** 16;

/** UTF-8, with or without byte order mark, which is not part of the text. */
export class Utf8Reader implements ByteReader {
  readonly #name: string;
  readonly #sink: CodePointSink;
  /** Bytes in the pieces before the one at hand. */
  #offset = 0;
  /** The beginning of a sequence that the next piece continues. */
  readonly #begun = new Uint8Array(MAX_SEQUENCE);
  #begunLength = 0;
  #invalid: { readonly byte: number; readonly offset: number } | undefined;

  constructor(name: string, sink: CodePointSink) {
    this.#name = name;
    this.#sink = sink;
  }

  push(bytes: Uint8Array): void {
    const nul = bytes.indexOf(0);
    if (this.#invalid === undefined) this.#read(nul < 0 ? bytes : bytes.subarray(0, nul));
    const searchEnd = this.#invalid === undefined ? Infinity : this.#invalid.offset + NUL_SEARCH_BYTES;
    if (nul >= 0 && this.#offset + nul < searchEnd) throw binaryFile(this.#name, this.#offset + nul, true);
    this.#offset += bytes.length;
    if (this.#offset >= searchEnd) throw this.#refusal();
  }

  finish(): void {
    if (this.#invalid === undefined && this.#begunLength > 0) this.#refuse(this.#begun[0], -this.#begunLength);
    if (this.#invalid !== undefined) throw this.#refusal();
  }

  #read(bytes: Uint8Array): void {
    let at = this.#begunLength > 0 ? this.#complete(bytes) : 0;
    while (at < bytes.length && this.#invalid === undefined) {
      at = this.#sink.takeAscii(bytes, at);
      // Characters beyond ASCII come in runs, and most texts that have them consist of them.
      while (at < bytes.length && this.#invalid === undefined) {
        const lead = bytes[at];
        if (lead < 0x80) break;
        if (at + sequenceLength(lead) > bytes.length) return this.#keep(bytes, at);
        const codePoint = codePointOfBytes(bytes, at);
        if (codePoint === INVALID) return this.#refuse(lead, at);
        this.#add(codePoint, at);
        at += utf8Length(codePoint);
      }
    }
  }

  /** Ends the sequence that the piece before began; returns where the next one begins. */
  #complete(bytes: Uint8Array): number {
    const length = sequenceLength(this.#begun[0]);
    const start = -this.#begunLength;
    let at = 0;
    while (this.#begunLength < length && at < bytes.length) this.#begun[this.#begunLength++] = bytes[at++];
    if (this.#begunLength < length) return at;
    this.#begunLength = 0;
    const codePoint = codePointOfBytes(this.#begun, 0, length);
    if (codePoint === INVALID) this.#refuse(this.#begun[0], start);
    else this.#add(codePoint, start);
    return at;
  }

  #keep(bytes: Uint8Array, at: number): void {
    this.#begun.set(bytes.subarray(at));
    this.#begunLength = bytes.length - at;
  }

  #add(codePoint: number, at: number): void {
    if (codePoint === BYTE_ORDER_MARK && this.#offset + at === 0) return;
    this.#sink.add(codePoint);
  }

  /** @param at offset from the beginning of the piece. */
  #refuse(byte: number, at: number): void {
    this.#invalid = { byte, offset: this.#offset + at };
  }

  #refusal(): InputError {
    const { byte, offset } = this.#invalid ?? { byte: 0, offset: 0 };
    return invalidUtf8(this.#name, byte, offset);
  }
}

/** UTF-16 units of a text, in pieces of any length. Lone surrogates stay what they are. */
export class UnitReader {
  readonly #name: string;
  readonly #sink: CodePointSink;
  #offset = 0;
  #high: number | undefined;

  constructor(name: string, sink: CodePointSink) {
    this.#name = name;
    this.#sink = sink;
  }

  /** @throws {InputError} for a NUL character. */
  push(units: Uint16Array): void {
    const nul = units.indexOf(0);
    if (nul >= 0) throw binaryFile(this.#name, this.#offset + nul);
    this.#offset += units.length;
    let at = 0;
    while (at < units.length) {
      if (this.#high === undefined) at = this.#sink.takeUnits(units, at);
      if (at < units.length) this.#takeOne(units[at++]);
    }
  }

  finish(): void {
    if (this.#high !== undefined) this.#sink.add(this.#high);
    this.#high = undefined;
  }

  #takeOne(unit: number): void {
    const high = this.#high;
    this.#high = undefined;
    if (high !== undefined && isLowSurrogate(unit)) {
      this.#sink.add(0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00));
      return;
    }
    if (high !== undefined) this.#sink.add(high);
    if (isHighSurrogate(unit)) this.#high = unit;
    else this.#sink.add(unit);
  }
}

/** UTF-16 in bytes, of either byte order; a byte order mark is not part of the text. */
export class Utf16Reader implements ByteReader {
  readonly #name: string;
  readonly #isBigEndian: boolean;
  readonly #units: UnitReader;
  /** The first byte of a unit whose second is in the next piece. */
  #first: number | undefined;
  #offset = 0;
  #isMarked = false;

  constructor(name: string, isBigEndian: boolean, sink: CodePointSink) {
    this.#name = name;
    this.#isBigEndian = isBigEndian;
    this.#units = new UnitReader(name, sink);
  }

  push(bytes: Uint8Array): void {
    const isContinued = this.#first !== undefined;
    const length = (bytes.length + Number(isContinued)) >> 1;
    const units = new Uint16Array(length);
    let at = 0;
    for (let unit = 0; unit < length; unit++) {
      const first = unit === 0 && this.#first !== undefined ? this.#first : bytes[at++];
      const second = bytes[at++];
      units[unit] = this.#isBigEndian ? (first << 8) | second : (second << 8) | first;
    }
    if (length > 0) this.#first = undefined;
    if (at < bytes.length) this.#first = bytes[at];
    const beginsWithMark = this.#offset < 2 && length > 0 && units[0] === BYTE_ORDER_MARK;
    if (beginsWithMark) this.#isMarked = true;
    this.#offset += bytes.length;
    this.#units.push(beginsWithMark ? units.subarray(1) : units);
  }

  finish(): void {
    if (this.#first !== undefined) {
      throw oddUtf16(this.#name, { isBigEndian: this.#isBigEndian, isMarked: this.#isMarked }, this.#offset);
    }
    this.#units.finish();
  }
}

export function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
