import { readSync } from 'node:fs';
import { TextDecoder } from 'node:util';
import { InputError } from '../common/inputError.ts';
import { encodingByMark, MARK_BYTES } from '../text/decode.ts';
import { describeByte } from '../text/describe.ts';
import type { Tokenizer } from '../text/tokenizer.ts';

/** Decodes with a table of `TextDecoder`, unless a byte order mark says that it is Unicode after all. */
export class LabelledTaker {
  readonly #label: string;
  readonly #name: string;
  readonly #file: number;
  readonly #tokenizer: Tokenizer;
  readonly #decoder: TextDecoder;
  #isMarked: boolean | undefined;
  #head = new Uint8Array();
  /** Bytes that were decoded. */
  #offset = 0;

  /** @param file open, from whose beginning the bytes come: where they are not valid it is read again, to say where. */
  constructor(label: string, name: string, file: number, tokenizer: Tokenizer) {
    this.#label = label;
    this.#name = name;
    this.#file = file;
    this.#tokenizer = tokenizer;
    this.#decoder = decoderFor(label, name);
  }

  push(bytes: Uint8Array): void {
    if (this.#isMarked !== undefined) return this.#take(bytes);
    this.#head = Buffer.concat([this.#head, bytes]);
    if (this.#head.length >= MARK_BYTES) this.#begin();
  }

  finish(): void {
    if (this.#isMarked === undefined) this.#begin();
    if (this.#isMarked !== true) this.#decode(new Uint8Array(), false);
  }

  #begin(): void {
    this.#isMarked = encodingByMark(this.#head) !== undefined;
    this.#take(this.#head);
  }

  #take(bytes: Uint8Array): void {
    if (this.#isMarked === true) this.#tokenizer.pushBytes(bytes);
    else this.#decode(bytes, true);
  }

  #decode(bytes: Uint8Array, stream: boolean): void {
    let text: string;
    try {
      text = this.#decoder.decode(bytes, { stream });
    } catch {
      throw this.#refusal(bytes.length);
    }
    this.#offset += bytes.length;
    this.#tokenizer.pushText(text);
  }

  #refusal(length: number): InputError {
    const fault = faultIn(this.#file, this.#label, this.#offset, length);
    const place = fault && `: the byte ${describeByte(fault.byte)} at offset ${fault.offset} begins no character`;
    return new InputError(
      `"${this.#name}" is not valid ${this.#label}, which its encoding is said to be${place ?? ''}. Say its right encoding, ` +
        'or save it as UTF-8.',
    );
  }
}

const PIECE_BYTES = 2 ** 20;
/** More than any sequence of bytes that is one character, with what switches to its table. */
const NEAR_BYTES = 64;

/**
 * Where the first character that is none begins: a decoder says only that there is one in what it was given.
 * @param start bytes before the piece that has it or in which it ends, `length` those of the piece.
 * @returns undefined where it is not there any more.
 */
function faultIn(file: number, label: string, start: number, length: number) {
  const decoder = new TextDecoder(label, { fatal: true });
  const room = new Uint8Array(PIECE_BYTES);
  const end = start + length;
  const near = Math.max(0, start - NEAR_BYTES);
  /** The first byte of the character under way. */
  let begun: { readonly offset: number; readonly byte: number } | undefined;
  for (let at = 0; at < end;) {
    const read = readSync(file, room, 0, Math.min(room.length, (at < near ? near : end) - at), at);
    if (read === 0) return undefined;
    // Far from the place at once; then byte by byte, since a fault is in the byte with which the decoder notices it or before.
    const step = at < near ? read : 1;
    for (let i = 0; i < read; i += step) {
      begun ??= { offset: at + i, byte: room[i] };
      try {
        if (decoder.decode(room.subarray(i, i + step), { stream: true }) !== '') begun = undefined;
      } catch {
        return begun;
      }
    }
    at += read;
    if (at === near) begun = undefined;
  }
  return begun;
}

function decoderFor(label: string, name: string): TextDecoder {
  try {
    return new TextDecoder(label, { fatal: true });
  } catch {
    throw new InputError(`"${name}" is said to be in the encoding "${label}", which is not known. Save it as UTF-8.`);
  }
}
