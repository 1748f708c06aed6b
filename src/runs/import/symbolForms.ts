import * as v from 'valibot';
import { VocabularyCodes } from '../../protocol/checkpoint.ts';
import { vocabularyProblem } from '../format/checkpointMetadata.ts';
import { shown } from '../format/tensorSource.ts';
import { symbolsInLines } from './lines.ts';
import { parseLiteral, TWICE } from './literal.ts';

/**
 * The forms in which programs write down which symbol has which id: `{symbol: id}`, `{id: symbol}`, pairs of both, a list of symbols or of
 * their code points by id, all symbols as one text, one a line; in JSON, or as Python prints it.
 */

/** Which way a table is said to go. */
export type Direction = 'symbolToId' | 'idToSymbol' | 'either';

/** What a value comes to as the vocabulary of a network with V symbols. */
export type Reading =
  | {
      readonly kind: 'symbols';
      readonly tokens: VocabularyCodes['tokens'];
      /** (V): code points or bytes, by the ids of the file; distinct. */
      readonly codes: readonly number[];
      /** Symbols that stand for no character, such as `<unk>`, and the codes that they have here. */
      readonly specials: readonly { readonly name: string; readonly code: number }[];
    }
  /** It is a vocabulary, and not one of this network. */
  | { readonly kind: 'unfit'; readonly why: string }
  /** It is something else, in which one may be. */
  | { readonly kind: 'other'; readonly value: unknown };

export const MAX_DEPTH = 8;
const NAME = /[\w ./\\:-]/;
const BYTES = 256;
/** Names in brackets, and the usual ones without. */
const SPECIAL = /^(?:<[^<>\n]{1,40}>|\[[A-Za-z_ ]{2,40}\]|_*(?:pad|unk|oov|sos|bos|eos|eol|eof)_*|)$/i;
const MAX_SPECIALS = 64;
/** For symbols that are no characters: private to whoever uses them, so that no text means anything else by them. */
const PRIVATE_USE = 0xf0000;

/** Reads a string of the metadata, or what a file holds. */
export function readText(text: string, V: number, direction: Direction): Reading {
  const reading = ofString(text, V, direction);
  if (reading.kind === 'symbols' || lengthOf(text) !== V) return reading;
  // Symbols that happen to look like JSON, such as "[]" of two.
  const plain = ofSymbols(Array.from(text), V);
  return plain.kind === 'symbols' ? plain : reading;
}

function ofString(text: string, V: number, direction: Direction): Reading {
  const value = parsed(text);
  if (value instanceof SyntaxError) return { kind: 'unfit', why: value.message };
  if (value === undefined) return ofText(text, V);
  return readValue(value, V, direction);
}

/** Reads a value within JSON. */
export function readValue(value: unknown, V: number, direction: Direction): Reading {
  if (typeof value === 'string') return ofText(value, V);
  if (Array.isArray(value)) return ofList(value as unknown[], V, direction);
  if (typeof value !== 'object' || value === null) return { kind: 'other', value };
  if ('tokens' in value && 'codes' in value) return ofCodes(value, V);
  return ofTable(Object.entries(value), V, direction, value);
}

/** Undefined where it is a text of its own; an error where it is a table that cannot be one. */
function parsed(text: string): unknown {
  try {
    return parseLiteral(text, MAX_DEPTH);
  } catch (error) {
    return (error as Error).message === TWICE ? new SyntaxError('a symbol or an id is in them twice') : undefined;
  }
}

function ofText(text: string, V: number): Reading {
  const characters = Array.from(text);
  if (characters.length === V) return ofSymbols(characters, V);
  const lines = symbolsInLines(text, V);
  if (lines !== undefined) return ofSymbols(lines, V);
  return isName(characters, V) ? { kind: 'other', value: text } : wrongSize(characters.length, V);
}

/** Of a file, or of a kind of vocabulary: no list of symbols is so short or has one twice. */
function isName(characters: readonly string[], V: number): boolean {
  const isShortOrTwice = characters.length < V / 2 || new Set(characters).size < characters.length;
  return isShortOrTwice && characters.every((character) => NAME.test(character));
}

/** As this program writes it: sorted, which is what its own files promise. */
function ofCodes(value: object, V: number): Reading {
  const codes = v.safeParse(VocabularyCodes, value);
  if (!codes.success) return { kind: 'unfit', why: 'they are no list of codes' };
  const problem = vocabularyProblem(codes.output, V);
  return problem === undefined
    ? { kind: 'symbols', ...codes.output, specials: [] }
    : { kind: 'unfit', why: `they are ${problem}` };
}

function ofList(list: readonly unknown[], V: number, direction: Direction): Reading {
  if (list.length === 0) return { kind: 'other', value: list };
  if (list.every(isPair)) return ofTable(list, V, direction, list);
  return ofSymbols(list, V);
}

type Pair = readonly [unknown, unknown];

function isPair(value: unknown): value is Pair {
  return Array.isArray(value) && value.length === 2;
}

/** A table goes one way or the other; where it could go both and that makes a difference, nobody can tell. */
function ofTable(pairs: readonly Pair[], V: number, direction: Direction, value: unknown): Reading {
  const forward = isSymbolToId(pairs)
    ? byId(
        pairs.map(([symbol, id]) => [Number(id), symbol]),
        V,
      )
    : undefined;
  const backward = isIdToSymbol(pairs)
    ? byId(
        pairs.map(([id, symbol]) => [Number(id), symbol]),
        V,
      )
    : undefined;
  const both = direction === 'idToSymbol' ? [backward, forward] : [forward, backward];
  const readings = both.filter((reading) => reading !== undefined);
  const fit = readings.filter(({ kind }) => kind === 'symbols');
  if (direction === 'either' && fit.length === 2 && !isSame(fit[0], fit[1])) {
    return { kind: 'unfit', why: 'they can be read as ids of symbols and as symbols of ids' };
  }
  return fit[0] ?? readings[0] ?? { kind: 'other', value };
}

function isSymbolToId(pairs: readonly Pair[]): boolean {
  return (
    pairs.every(([symbol, id]) => typeof symbol === 'string' && isId(id)) &&
    pairs.some(([symbol]) => codePointOf(symbol) !== undefined)
  );
}

function isIdToSymbol(pairs: readonly Pair[]): boolean {
  return (
    pairs.every(([id, symbol]) => isId(id) && (typeof symbol === 'string' || isCode(symbol))) &&
    pairs.some(([, symbol]) => codePointOf(symbol) !== undefined || isCode(symbol))
  );
}

function isId(value: unknown): boolean {
  return typeof value === 'string' ? /^\d{1,7}$/.test(value) : Number.isSafeInteger(value);
}

function isCode(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 0x10ffff;
}

function byId(pairs: readonly (readonly [id: number, symbol: unknown])[], V: number): Reading {
  const unfit = (why: string): Reading => ({ kind: 'unfit', why });
  if (pairs.length !== V) return wrongSize(pairs.length, V);
  const symbols = new Map<number, unknown>();
  for (const [id, symbol] of pairs) {
    if (symbols.has(id)) return unfit(`the id ${id} is given to ${shown(symbols.get(id))} and to ${shown(symbol)}`);
    symbols.set(id, symbol);
  }
  const list = Array.from({ length: V }, (_, id) => symbols.get(id));
  const gap = list.findIndex((symbol) => symbol === undefined);
  if (gap < 0) return ofSymbols(list, V);
  const ids = [...symbols.keys()].sort((one, other) => one - other);
  return unfit(
    `no symbol has the id ${gap}: the ids go from ${ids[0]} to ${ids[V - 1]}, where 0 to ${V - 1} are expected`,
  );
}

/** @param symbols by their ids: characters, or code points as numbers. */
function ofSymbols(symbols: readonly unknown[], V: number): Reading {
  const unfit = (why: string): Reading => ({ kind: 'unfit', why });
  if (symbols.length !== V) return wrongSize(symbols.length, V);
  // Nobody's text has all of these as characters, the control characters among them.
  if (V === BYTES && symbols.every((symbol, id) => symbol === id)) {
    return { kind: 'symbols', tokens: 'bytes', codes: symbols as number[], specials: [] };
  }
  const isSpecial = (symbol: unknown): symbol is string => typeof symbol === 'string' && SPECIAL.test(symbol);
  const odd = symbols.find((symbol) => codeOf(symbol) === undefined && !isSpecial(symbol));
  if (odd !== undefined) return unfit(`${shown(odd)} is not one character`);
  const names = [...new Set(symbols.filter(isSpecial).filter((symbol) => codeOf(symbol) === undefined))];
  if (names.length > MAX_SPECIALS)
    return unfit(`${names.length} of them, such as ${shown(names[0])}, are no characters`);
  if (names.length === V) return unfit('none of them is a character');
  const specials = withCodes(names, new Set(symbols.map(codeOf)));
  const codeOfName = new Map(specials.map(({ name, code }) => [name, code]));
  const codes = symbols.map((symbol) => codeOf(symbol) ?? codeOfName.get(String(symbol)) ?? 0);
  const seen = new Set<number>();
  const twice = codes.findIndex((code) => seen.size === seen.add(code).size);
  if (twice >= 0) return unfit(`${shown(shownSymbol(symbols[twice]))} is in them twice`);
  return { kind: 'symbols', tokens: 'characters', codes, specials };
}

function withCodes(names: readonly string[], taken: ReadonlySet<number | undefined>) {
  let code = PRIVATE_USE;
  return names.map((name) => {
    while (taken.has(code)) code++;
    return { name, code: code++ };
  });
}

function shownSymbol(symbol: unknown): unknown {
  return isCode(symbol) ? String.fromCodePoint(symbol) : symbol;
}

function isSame(one: Reading, other: Reading): boolean {
  return one.kind === 'symbols' && other.kind === 'symbols' && one.codes.every((code, id) => code === other.codes[id]);
}

function wrongSize(count: number, V: number): Reading {
  return { kind: 'unfit', why: `they are ${count} symbol${count === 1 ? '' : 's'}, and the network has ${V}` };
}

function codeOf(symbol: unknown): number | undefined {
  return isCode(symbol) ? symbol : codePointOf(symbol);
}

function codePointOf(symbol: unknown): number | undefined {
  if (typeof symbol !== 'string') return undefined;
  const code = symbol.codePointAt(0);
  return code !== undefined && String.fromCodePoint(code) === symbol ? code : undefined;
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}
