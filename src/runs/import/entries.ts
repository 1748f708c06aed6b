import { parseLiteral } from './literal.ts';
import { MAX_DEPTH } from './symbolForms.ts';

/** One thing that a file's metadata say: its name, with those of the objects around it, and what stands there. */
export interface Entry {
  /** Such as `config.vocab.stoi`. */
  readonly path: string;
  /** The last name of the path. */
  readonly key: string;
  /** A string of the metadata themselves is not parsed yet. */
  readonly value: unknown;
  readonly isText: boolean;
}

/** Everything that the metadata say by name, also within objects, which many keep under one name such as `config`. */
export function* entriesOf(metadata: ReadonlyMap<string, string>): Generator<Entry> {
  for (const [key, text] of metadata) {
    yield { path: key, key, value: text, isText: true };
    if (text.trimStart().startsWith('{')) yield* entriesWithin(objectIn(text), key);
  }
}

/** What the objects within a value say by name. */
export function* entriesWithin(value: unknown, path: string): Generator<Entry> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    const place = path === '' ? key : `${path}.${key}`;
    yield { path: place, key, value: inner as unknown, isText: false };
    yield* entriesWithin(inner, place);
  }
}

function objectIn(text: string): unknown {
  try {
    return parseLiteral(text, MAX_DEPTH);
  } catch {
    return undefined;
  }
}
