import { closeSync, existsSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { sampleText } from '../../src/text/sampleText.ts';
import { projectRoot } from '../workbench/paths.ts';

/** A text in a file, which both sides read. */
export interface BenchText {
  readonly path: string;
  /** What it is, for a reader. */
  readonly name: string;
  readonly bytes: number;
  /** Different characters. */
  readonly V: number;
  /** Where a run may put the ids of a long text. */
  readonly cacheFolder: string;
}

const SHAKESPEARE = join(projectRoot, '..', 'shared', 'data', 'tinyshakespeare.txt');
/** The vocabulary of tinyshakespeare, for which the peers' figures are known. */
const V = 65;

/** The text that was asked for, else tinyshakespeare where it lies beside the project, else the sample text with as large a vocabulary. */
export function benchText(folder: string, path: string | undefined): BenchText {
  const chosen = path ?? (existsSync(SHAKESPEARE) ? SHAKESPEARE : undefined);
  if (chosen !== undefined) return described(chosen, path ?? 'tinyshakespeare', folder);
  const padded = join(folder, 'sample.txt');
  writeFileSync(padded, withVocabulary(sampleText(), V));
  return described(padded, 'the sample text, padded', folder);
}

/** The same text again and again until the file has so many bytes. Its last character may be cut, so the text must be ASCII. */
export function resized(text: BenchText, bytes: number, folder: string): BenchText {
  const content = readFileSync(text.path);
  const path = join(folder, `text-${bytes}.txt`);
  const file = openSync(path, 'w');
  try {
    for (let left = bytes; left > 0; left -= content.length)
      writeSync(file, content, 0, Math.min(left, content.length));
  } finally {
    closeSync(file);
  }
  return { ...text, path, bytes, name: `${text.name}, ${bytes / 1e6} MB` };
}

/** The text with a last line of characters that it does not have, so that it has `size` different ones, if it had fewer. */
export function withVocabulary(text: string, size: number): string {
  const symbols = new Set(text);
  const printable = Array.from({ length: 0x7f - 0x21 }, (_, at) => String.fromCodePoint(0x21 + at));
  const others = printable.filter((character) => !symbols.has(character)).slice(0, Math.max(0, size - symbols.size));
  return others.length === 0 ? text : `${text}${others.join('')}\n`;
}

function described(path: string, name: string, cacheFolder: string): BenchText {
  const content = readFileSync(path);
  return { path, name, bytes: content.length, V: new Set(content.toString('utf8')).size, cacheFolder };
}
