import type { Tokens } from '../text/vocabulary.ts';

/** In place of an id, for a symbol that is not in the vocabulary. */
export const UNKNOWN = -1;

/** A text as the network reads it, with what stands before it, and the characters of the text alone. */
export interface ScoredText {
  /** The ids of what stands before and of the text; all symbols of a character are `UNKNOWN` where one of them is. */
  readonly ids: Int32Array;
  /** (characters): the offset of each character in the text, UTF-16 units. */
  readonly offsets: Int32Array<ArrayBuffer>;
  /** (characters + 1): in `ids`, the first symbol of each character of the text, then the end. */
  readonly firstSymbols: Int32Array;
}

const UTF8 = new TextEncoder();

/** @param idOfCode the id of each code point or byte of the vocabulary. */
export function readScoredText(
  before: string,
  text: string,
  tokens: Tokens,
  idOfCode: ReadonlyMap<number, number>,
): ScoredText {
  const ids: number[] = [];
  const append = (character: string): void => {
    const codes = tokens === 'bytes' ? [...UTF8.encode(character)] : [character.codePointAt(0) ?? 0];
    const known = codes.map((code) => idOfCode.get(code) ?? UNKNOWN);
    ids.push(...(known.includes(UNKNOWN) ? known.map(() => UNKNOWN) : known));
  };
  for (const character of before) append(character);
  const offsets: number[] = [];
  const firstSymbols: number[] = [];
  let offset = 0;
  for (const character of text) {
    offsets.push(offset);
    firstSymbols.push(ids.length);
    append(character);
    offset += character.length;
  }
  firstSymbols.push(ids.length);
  return {
    ids: Int32Array.from(ids),
    offsets: Int32Array.from(offsets),
    firstSymbols: Int32Array.from(firstSymbols),
  };
}
