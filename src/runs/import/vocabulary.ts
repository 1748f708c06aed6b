import type { VocabularyCodes } from '../../protocol/checkpoint.ts';
import { shown } from '../format/tensorSource.ts';
import { type Entry, entriesOf, entriesWithin } from './entries.ts';
import { vocabularyDirection } from './keys.ts';
import { type Reading, readText, readValue } from './symbolForms.ts';

/** What is known of the symbols of a network from another program. */
export type FoundVocabulary =
  | {
      readonly kind: 'found';
      readonly vocabulary: VocabularyCodes;
      /** (V): for each id of the vocabulary, which is in the order of its codes, the id in the file. */
      readonly fileIds: readonly number[];
      /** What was taken and done, for the person: sentences. */
      readonly notes: readonly string[];
    }
  /** There is one, and it cannot be this network's. A sentence. */
  | { readonly kind: 'unfit'; readonly why: string }
  | { readonly kind: 'none' };

type Symbols = Extract<Reading, { kind: 'symbols' }>;

/** A vocabulary by its name. */
interface Candidate {
  readonly path: string;
  readonly reading: Exclude<Reading, { kind: 'other' }>;
}

/**
 * The vocabulary of V symbols in a file's metadata. Of several names the first that is one of this network counts, and no other may
 * contradict it.
 */
export function vocabularyInMetadata(metadata: ReadonlyMap<string, string>, V: number): FoundVocabulary {
  return chosen(candidatesOf(entriesOf(metadata), V), (path) => `metadata ${shown(path)}`);
}

/** The vocabulary of V symbols that a file holds, in any of the forms, by itself or under one of the names. */
export function vocabularyInFile(text: string, name: string, V: number): FoundVocabulary {
  const reading = readText(text.replace(/^\uFEFF/, ''), V, 'either');
  const candidates =
    reading.kind === 'other' ? candidatesOf(entriesWithin(reading.value, ''), V) : [{ path: '', reading }];
  const found = chosen(candidates, (path) => `file ${shown(name)}${path === '' ? '' : ` under ${shown(path)}`}`);
  if (found.kind !== 'none') return found;
  return { kind: 'unfit', why: `The file ${shown(name)} holds no vocabulary of the forms that are known` };
}

function candidatesOf(entries: Iterable<Entry>, V: number): Candidate[] {
  const candidates: Candidate[] = [];
  for (const { path, key, value, isText } of entries) {
    const direction = vocabularyDirection(key);
    const last = candidates.at(-1);
    // What stands within a vocabulary is a part of it.
    if (direction === undefined || (last !== undefined && path.startsWith(`${last.path}.`))) continue;
    const reading = isText ? readText(String(value), V, direction) : readValue(value, V, direction);
    if (reading.kind !== 'other') candidates.push({ path, reading });
  }
  return candidates;
}

function chosen(candidates: readonly Candidate[], place: (path: string) => string): FoundVocabulary {
  const usable = candidates.flatMap(({ path, reading }) => (reading.kind === 'symbols' ? [{ path, reading }] : []));
  const unfit = candidates.flatMap(({ path, reading }) =>
    reading.kind === 'unfit' ? [{ path, why: reading.why }] : [],
  );
  const reasons = unfit.map(({ path, why }) => `the ${place(path)} cannot be its symbols: ${why}`);
  if (usable.length === 0) {
    return reasons.length === 0 ? { kind: 'none' } : { kind: 'unfit', why: capital(reasons.slice(0, 3).join('; ')) };
  }
  const [first, ...others] = usable;
  for (const other of others) {
    const id = firstDifference(first.reading, other.reading);
    if (id < 0) continue;
    const says = ({ path, reading }: typeof first) => `${shownCode(reading, id)} in the ${place(path)}`;
    return {
      kind: 'unfit',
      why: `What it says of its symbols contradicts itself: the id ${id} is ${says(first)} and ${says(other)}`,
    };
  }
  return found(first.reading, place(first.path), reasons);
}

function found(symbols: Symbols, place: string, passedOver: readonly string[]): FoundVocabulary {
  const { tokens, codes, specials } = symbols;
  const fileIds = Array.from(codes, (_, id) => id).sort((one, other) => codes[one] - codes[other]);
  const isSorted = fileIds.every((id, index) => id === index);
  return {
    kind: 'found',
    vocabulary: { tokens, codes: fileIds.map((id) => codes[id]) },
    fileIds,
    notes: [
      `The vocabulary is that of the ${place}.`,
      ...(isSorted ? [] : ['Its symbols, and the weights with them, were put in the order of their code points.']),
      ...(specials.length > 0 ? [specialsNote(specials)] : []),
      ...passedOver.map((reason) => `Passed over: ${reason}.`),
    ],
  };
}

function specialsNote(specials: Symbols['specials']): string {
  const named = specials.slice(0, 8).map(({ name, code }) => `${shown(name)} as U+${code.toString(16).toUpperCase()}`);
  const more = specials.length > 8 ? ` and ${specials.length - 8} more` : '';
  return `What stands for no character is kept, so that every probability stays what it was: ${named.join(', ')}${more}. No character of the text becomes one of them.`;
}

/** The first id that two vocabularies give to different symbols; −1 where they are the same. */
function firstDifference(one: Symbols, other: Symbols): number {
  if (one.tokens !== other.tokens) return 0;
  return one.codes.findIndex((code, id) => code !== other.codes[id] || nameOf(one, code) !== nameOf(other, code));
}

function nameOf({ specials }: Symbols, code: number): string | undefined {
  return specials.find((special) => special.code === code)?.name;
}

function shownCode(symbols: Symbols, id: number): string {
  const code = symbols.codes[id];
  if (symbols.tokens === 'bytes') return `the byte ${code}`;
  return shown(nameOf(symbols, code) ?? String.fromCodePoint(code));
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
