import { MAX_SYMBOLS } from '../common/limits.ts';
import { type ByteReader, UnitReader } from './codes.ts';
import { encodingByMark, isReadable, MARK_BYTES, pushText, readerFor, type UnicodeEncoding } from './decode.ts';
import { RawReader } from './rawBytes.ts';
import { emptyText, oneByte, oneCharacter, tooManySymbols, unknownSymbols } from './refusals.ts';
import { type IdSink, SymbolIds } from './symbols.ts';
import { type Tokens, Vocabulary } from './vocabulary.ts';

/** What is known once a text was read to its end. */
export interface Tokenized {
  readonly vocabulary: Vocabulary;
  /** (V): the id in the vocabulary of each symbol, by the id that the sink was given for it. */
  readonly finalIds: Uint16Array;
}

/** So much of a file with the mark of UTF-16 shows whether it is a text, where its bytes can be trained on as well. */
const UTF16_CHECK_BYTES = 2 ** 16;

/**
 * Makes ids of a text that comes in pieces, either all of bytes or all of text, in one pass and in the memory of one piece.
 * The ids that go to the sink are provisional: by the order in which the symbols appear, since all of the text must be seen
 * before they can be sorted.
 *
 * With `tokens` bytes, those of a file are taken as they are, whatever they are, without a mark of UTF-8; only a text in another
 * encoding, that of the constructor or UTF-16 by its mark, becomes the bytes that it has in UTF-8. There, a lone surrogate
 * becomes those of U+FFFD.
 */
export class Tokenizer {
  readonly #name: string;
  readonly #tokens: Tokens;
  readonly #symbols: SymbolIds;
  readonly #units: UnitReader;
  #encoding: UnicodeEncoding | undefined;
  #bytes: ByteReader | undefined;
  /** The beginning of a file, until it is long enough to say how it is read. */
  #head = new Uint8Array();

  /**
   * @param name of the file, for messages.
   * @param encoding of the bytes where there is no byte order mark; without, they are UTF-8.
   */
  constructor(name: string, tokens: Tokens, sink: IdSink, encoding?: UnicodeEncoding) {
    this.#name = name;
    this.#tokens = tokens;
    this.#symbols = new SymbolIds(tokens, sink);
    this.#units = new UnitReader(name, this.#symbols);
    this.#encoding = encoding;
  }

  /** @throws {InputError} where they are decoded: for a binary file and for bytes that are not valid in their encoding. */
  pushBytes(bytes: Uint8Array): void {
    if (this.#bytes !== undefined) return this.#bytes.push(bytes);
    this.#head = joined(this.#head, bytes);
    if (this.#head.length >= this.#headBytes) this.#begin(false);
  }

  /** @throws {InputError} for NUL characters. */
  pushText(text: string): void {
    pushText(text, this.#units);
  }

  /**
   * Ends the text.
   * @param given the vocabulary that the text's ids are to be of; without, it is that of the text itself.
   * @throws {InputError} where it ends within a character, for an empty text, one of one distinct character, for more than
   * `MAX_SYMBOLS` different characters, and for characters that are not in the vocabulary given.
   */
  finish(given?: Vocabulary): Tokenized {
    if (this.#head.length > 0) this.#begin(true);
    this.#bytes?.finish();
    this.#units.finish();
    const { codes, onlyCodePoint } = this.#symbols;
    if (codes.length === 0) throw emptyText(this.#name);
    if (onlyCodePoint !== undefined) {
      throw (this.#bytes instanceof RawReader ? oneByte : oneCharacter)(this.#name, onlyCodePoint);
    }
    if (codes.length > MAX_SYMBOLS) throw tooManySymbols(this.#name, codes.length, MAX_SYMBOLS);
    this.#symbols.flush();
    if (given !== undefined) return { vocabulary: given, finalIds: idsIn(given, codes, this.#name) };
    const order = Array.from(codes, (_, id) => id).sort((one, other) => codes[one] - codes[other]);
    const finalIds = new Uint16Array(order.length);
    order.forEach((provisional, id) => (finalIds[provisional] = id));
    return {
      vocabulary: new Vocabulary(
        this.#tokens,
        order.map((provisional) => codes[provisional]),
      ),
      finalIds,
    };
  }

  #begin(isWhole: boolean): void {
    const head = this.#head;
    this.#head = new Uint8Array();
    this.#bytes = this.#readerOf(head, isWhole);
    this.#bytes.push(head);
  }

  #readerOf(head: Uint8Array, isWhole: boolean): ByteReader {
    const encoding = encodingByMark(head) ?? this.#encoding ?? 'utf-8';
    const isRaw = this.#tokens === 'bytes' && (encoding === 'utf-8' || this.#isNoUtf16(head, encoding, isWhole));
    return isRaw ? new RawReader(this.#symbols) : readerFor(encoding, this.#name, this.#symbols);
  }

  /** Whether a mark of UTF-16 is one by chance, which is possible where nobody said that the file is in that encoding. */
  #isNoUtf16(head: Uint8Array, encoding: UnicodeEncoding, isWhole: boolean): boolean {
    return this.#mayBeRaw && !isReadable(head.subarray(0, UTF16_CHECK_BYTES), encoding, isWhole);
  }

  get #mayBeRaw(): boolean {
    return this.#tokens === 'bytes' && (this.#encoding ?? 'utf-8') === 'utf-8';
  }

  /** How much of a file says how it is read. */
  get #headBytes(): number {
    const mark = this.#mayBeRaw ? encodingByMark(this.#head) : undefined;
    return mark === undefined || mark === 'utf-8' ? MARK_BYTES : UTF16_CHECK_BYTES;
  }
}

function idsIn(vocabulary: Vocabulary, codes: readonly number[], name: string): Uint16Array {
  const idOf = new Map(vocabulary.codes.map((code, id) => [code, id]));
  const unknown = codes.filter((code) => !idOf.has(code));
  if (unknown.length > 0) throw unknownSymbols(name, unknown, vocabulary.tokens);
  return Uint16Array.from(codes, (code) => idOf.get(code) ?? 0);
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(head.length + tail.length);
  bytes.set(head);
  bytes.set(tail, head.length);
  return bytes;
}
