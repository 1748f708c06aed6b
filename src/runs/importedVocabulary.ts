import * as v from 'valibot';
import { type Tensor, type Tensors, VocabularyCodes } from '../protocol/checkpoint.ts';
import { vocabularyProblem } from './checkpointMetadata.ts';
import { parseStrictJson } from './strictJson.ts';
import { shown } from './tensorSource.ts';

/** What a file of another program says of its symbols. */
export interface ImportedVocabulary {
  readonly vocabulary?: VocabularyCodes;
  /** (V): for each id of the vocabulary, which is in the order of its codes, the id in the file. */
  readonly fileIds?: readonly number[];
  /** What was taken or why not, for the person. */
  readonly note: string;
}

const KEYS = ['vocabulary', 'vocab', 'chars'] as const;
const DEPTH = 2;

/** The vocabulary of V symbols in a file's metadata: codes as written here, or the symbols as a JSON list or as text, by their ids. */
export function importedVocabulary(metadata: ReadonlyMap<string, string>, V: number): ImportedVocabulary {
  const key = KEYS.find((name) => metadata.has(name));
  const text = key === undefined ? undefined : metadata.get(key);
  if (key === undefined || text === undefined) {
    return { note: `The file does not say what its ${V} symbols are (no metadata ${KEYS.join(', ')}).` };
  }
  const rejected = (why: string) => ({ note: `The metadata ${key} were not taken as the vocabulary: ${why}.` });
  const value = parsed(text);
  const codes = v.safeParse(VocabularyCodes, value);
  if (codes.success) {
    const problem = vocabularyProblem(codes.output, V);
    return problem === undefined ? accepted(codes.output, undefined, key) : rejected(`they are ${problem}`);
  }
  const symbols = symbolsOf(value, text, V);
  if (symbols === undefined) return rejected('they are neither a list of symbols nor text');
  return ofSymbols(symbols, V, key, rejected);
}

/** The parameters with the symbols in the order of `fileIds`: the columns of W_xh and the rows of W_ao and b_o. */
export function inOrder(
  parameters: Tensors,
  { V, H }: { readonly V: number; readonly H: number },
  fileIds: readonly number[] | undefined,
): Tensors {
  if (fileIds === undefined) return parameters;
  const picked = (tensor: Tensor, from: (index: number) => number): Tensor => {
    const result = tensor.slice();
    for (let i = 0; i < result.length; i++) result[i] = tensor[from(i)];
    return result;
  };
  return {
    ...parameters,
    W_xh: picked(parameters.W_xh, (i) => Math.floor(i / V) * V + fileIds[i % V]),
    W_ao: picked(parameters.W_ao, (i) => fileIds[Math.floor(i / H)] * H + (i % H)),
    b_o: picked(parameters.b_o, (i) => fileIds[i]),
  };
}

function ofSymbols(
  symbols: readonly unknown[],
  V: number,
  key: string,
  rejected: (why: string) => ImportedVocabulary,
): ImportedVocabulary {
  if (symbols.length !== V) return rejected(`they are ${symbols.length} symbols, and the network has ${V}`);
  const odd = symbols.find((symbol) => codePointOf(symbol) === undefined);
  if (odd !== undefined) return rejected(`${shown(odd)} is not one character`);
  const codes = symbols.map((symbol) => codePointOf(symbol) ?? 0);
  const fileIds = Array.from(codes, (_, id) => id).sort((one, other) => codes[one] - codes[other]);
  const sorted = fileIds.map((id) => codes[id]);
  const twice = sorted.find((code, id) => id > 0 && code === sorted[id - 1]);
  if (twice !== undefined) return rejected(`${shown(String.fromCodePoint(twice))} is in them twice`);
  const isSorted = fileIds.every((id, index) => id === index);
  return accepted({ tokens: 'characters', codes: sorted }, isSorted ? undefined : fileIds, key);
}

function accepted(
  vocabulary: VocabularyCodes,
  fileIds: readonly number[] | undefined,
  key: string,
): ImportedVocabulary {
  const note =
    `The vocabulary is that of the metadata ${key}.` +
    (fileIds === undefined
      ? ''
      : ' Its symbols, and the weights with them, were put in the order of their code points.');
  return { vocabulary, ...(fileIds && { fileIds }), note };
}

/** Undefined where the text is not JSON: then it is the symbols themselves. */
function parsed(text: string): unknown {
  try {
    return parseStrictJson(text, DEPTH);
  } catch {
    return undefined;
  }
}

function symbolsOf(value: unknown, text: string, V: number): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value as unknown[];
  if (typeof value === 'string' && Array.from(value).length === V) return Array.from(value);
  return typeof value === 'object' && value !== null ? undefined : Array.from(text);
}

function codePointOf(symbol: unknown): number | undefined {
  if (typeof symbol !== 'string') return undefined;
  const code = symbol.codePointAt(0);
  return code !== undefined && String.fromCodePoint(code) === symbol ? code : undefined;
}
