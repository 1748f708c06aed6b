import type { ByteReader } from './codes.ts';
import { encodingByMark, MARK_BYTES } from './decode.ts';

/** Takes bytes as they are. */
export interface ByteSink {
  takeBytes(bytes: Uint8Array): void;
}

/** The bytes of a file, whatever they are; a mark of UTF-8 at their beginning is no part of the text. */
export class RawReader implements ByteReader {
  readonly #sink: ByteSink;
  #hasBegun = false;

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  /** The first piece holds at least a mark, or all of the file. */
  push(bytes: Uint8Array): void {
    const isMarked = !this.#hasBegun && encodingByMark(bytes) === 'utf-8';
    this.#hasBegun = true;
    this.#sink.takeBytes(isMarked ? bytes.subarray(MARK_BYTES) : bytes);
  }

  finish(): void {
    // Bytes end anywhere.
  }
}
