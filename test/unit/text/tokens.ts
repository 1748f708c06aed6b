import { BLOCK, BlockBuilder, type IdBlock, type IdReader, type IdSource, MemoryIds } from '../../../src/text/ids.ts';
import { Tokenizer } from '../../../src/text/tokenizer.ts';
import type { Tokens, Vocabulary } from '../../../src/text/vocabulary.ts';

/** A text of a test as its ids, in memory. */
export interface TokenizedText {
  readonly vocabulary: Vocabulary;
  readonly source: IdSource;
  readonly ids: Int32Array;
}

/** Lets a test push a text into a tokenizer, and ends it. */
export function tokenized(
  tokens: Tokens,
  name: string,
  push: (tokenizer: Tokenizer) => void,
  ...encoding: ConstructorParameters<typeof Tokenizer> extends [unknown, unknown, unknown, ...infer E] ? E : never
): TokenizedText {
  const blocks: IdBlock[] = [];
  const builder = new BlockBuilder((block) => blocks.push(block));
  const tokenizer = new Tokenizer(name, tokens, builder, ...encoding);
  push(tokenizer);
  const { vocabulary, finalIds } = tokenizer.finish();
  builder.finish();
  const source = new MemoryIds(blocks, finalIds);
  return { vocabulary, source, ids: allOf(source) };
}

export function tokenize(text: string, tokens: Tokens, name: string): TokenizedText {
  return tokenized(tokens, name, (tokenizer) => tokenizer.pushText(text));
}

/** Numbers as the ids of a text. */
export function idsOf(ids: Uint8Array | Uint16Array): IdSource {
  if (ids.length > BLOCK) throw new RangeError('a test needs no more than one block');
  return new MemoryIds(
    [ids],
    Uint16Array.from({ length: 2 ** 16 }, (_, id) => id),
  );
}

export function allOf(ids: IdSource): Int32Array {
  return read(ids, 0, ids.length);
}

export function read(ids: IdReader, start: number, length: number): Int32Array {
  const into = new Int32Array(length);
  ids.read(start, into);
  return into;
}
