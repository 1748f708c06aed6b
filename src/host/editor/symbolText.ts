import { utf8Length } from '../../text/utf8.ts';
import type { Tokens } from '../../text/vocabulary.ts';

/** A part of a text, UTF-16 units: `to` is the first that is not in it. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** From so many units to so many the symbols are counted once; a place between two of these is counted from the first. */
const STEP = 2048;
const PAIR = /[\ud800-\udbff][\udc00-\udfff]/;
// oxlint-disable-next-line no-control-regex -- ASCII begins with control characters.
const BEYOND_ASCII = /[^\x00-\x7f]/;

/**
 * The text of a document with the way between its offsets, which count UTF-16 units, and the symbols that a run counts: code
 * points, a lone surrogate too, or the bytes of the text in UTF-8, where a lone surrogate is the three bytes of U+FFFD.
 */
export class SymbolText {
  readonly text: string;
  readonly tokens: Tokens;
  /** How many symbols the text has. */
  readonly symbols: number;
  /** The symbols of the characters that begin before each multiple of `STEP`; empty where every unit is one symbol. */
  readonly #counts: readonly number[];

  constructor(text: string, tokens: Tokens) {
    this.text = text;
    this.tokens = tokens;
    const isPlain = !(tokens === 'characters' ? PAIR : BEYOND_ASCII).test(text);
    const { counts, symbols } = isPlain ? { counts: [], symbols: text.length } : countSymbols(text, tokens);
    this.#counts = counts;
    this.symbols = symbols;
  }

  /** The character that a unit of the text is part of; empty at the end of the text. */
  characterAt(offset: number): Span {
    const from = isSecondOfPair(this.text, offset) ? offset - 1 : offset;
    return { from, to: Math.min(this.text.length, from + unitsOf(this.text, from)) };
  }

  /** The first symbol of the character that a unit is part of: how many symbols are before that character. */
  symbolAt(offset: number): number {
    const { from } = this.characterAt(offset);
    if (this.#counts.length === 0) return from;
    const at = Math.floor(from / STEP);
    let symbol = this.#counts[at];
    for (let unit = this.#beginning(at); unit < from; unit += unitsOf(this.text, unit)) symbol += this.#symbolsOf(unit);
    return symbol;
  }

  /** The character that symbol `symbol` of the text is, or is a byte of; empty, at the end, for one past the last. */
  characterOf(symbol: number): Span {
    if (this.#counts.length === 0) return this.characterAt(Math.min(symbol, this.text.length));
    let at = 0;
    for (let end = this.#counts.length; at + 1 < end;) {
      const middle = (at + end) >> 1;
      if (this.#counts[middle] <= symbol) at = middle;
      else end = middle;
    }
    let unit = this.#beginning(at);
    for (let count = this.#counts[at]; unit < this.text.length; unit += unitsOf(this.text, unit)) {
      count += this.#symbolsOf(unit);
      if (count > symbol) break;
    }
    return this.characterAt(unit);
  }

  /** Where the first character begins at or after a multiple of `STEP`. */
  #beginning(multiple: number): number {
    const unit = multiple * STEP;
    return isSecondOfPair(this.text, unit) ? unit + 1 : unit;
  }

  #symbolsOf(unit: number): number {
    return this.tokens === 'characters' ? 1 : utf8Length(this.text.codePointAt(unit) ?? 0);
  }
}

function countSymbols(text: string, tokens: Tokens): { counts: number[]; symbols: number } {
  const counts: number[] = [];
  let symbols = 0;
  let next = 0;
  for (let unit = 0; unit < text.length;) {
    if (unit >= next) {
      counts.push(symbols);
      next += STEP;
    }
    const codePoint = text.codePointAt(unit) ?? 0;
    symbols += tokens === 'characters' ? 1 : utf8Length(codePoint);
    unit += codePoint > 0xffff ? 2 : 1;
  }
  // A place at the very end is counted from the last multiple too.
  if (text.length >= next) counts.push(symbols);
  return { counts, symbols };
}

function unitsOf(text: string, unit: number): number {
  return (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1;
}

function isSecondOfPair(text: string, offset: number): boolean {
  return offset > 0 && unitsOf(text, offset - 1) === 2;
}
