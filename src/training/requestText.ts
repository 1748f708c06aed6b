import type { ReadingProgress, StartRequest } from '../protocol/worker.ts';
import type { IdSource } from '../text/ids.ts';
import { Tokenizer } from '../text/tokenizer.ts';
import { Vocabulary } from '../text/vocabulary.ts';
import { IdStore, MAX_ID_BYTES } from './idStore.ts';
import { checkSameText } from './textChanged.ts';
import { isUnicode, measureText, readTextFile, type ReadText } from './textFile.ts';

/** A text that was read, as its ids. */
export interface TextOfRun {
  readonly vocabulary: Vocabulary;
  readonly ids: IdSource;
  /** (symbols of the text): their ids in the vocabulary, in the order in which they first appear. */
  readonly idsByAppearance: ArrayLike<number>;
  /** What the text was read from: the file's bytes, or the text's own in UTF-8. */
  readonly read: ReadText;
  /** Frees what is on disk; the ids cannot be read any more. */
  dispose(): void;
}

/** How the reading of a text may be watched and bounded. */
export interface ReadingOptions {
  /** Hears how far it is, and ends the reading by throwing. */
  readonly onPiece?: (progress: ReadingProgress) => void;
  /** Ids that take more bytes go to the request's folder. */
  readonly maxIdBytes?: number;
}

/**
 * Reads the text that a request names or holds.
 * @throws {InputError} for what cannot be read or trained on; nothing is left behind then.
 */
export function readRequestText(request: StartRequest, options: ReadingOptions = {}): TextOfRun {
  const { name, settings, cacheFolder, from } = request;
  const given = from?.vocabulary && new Vocabulary(from.vocabulary.tokens, from.vocabulary.codes);
  const { onPiece = () => undefined, maxIdBytes = MAX_ID_BYTES } = options;
  const store = new IdStore(
    name,
    cacheFolder === undefined ? undefined : { folder: cacheFolder, fromBytes: maxIdBytes },
  );
  try {
    if ('text' in request) {
      const tokenizer = new Tokenizer(name, settings.tokens, store);
      tokenizer.pushText(request.text);
      const read = measureText(request.text);
      if (from !== undefined) checkSameText(from, read, name);
      return ended(tokenizer, store, read, given);
    }
    const { encoding } = request.file;
    const tokenizer = new Tokenizer(name, settings.tokens, store, isUnicode(encoding) ? encoding : undefined);
    const read = readTextFile(request.file, name, tokenizer, onPiece);
    if (from !== undefined) checkSameText(from, read, name);
    return ended(tokenizer, store, read, given);
  } catch (error) {
    store.dispose();
    throw error;
  }
}

function ended(tokenizer: Tokenizer, store: IdStore, read: ReadText, given: Vocabulary | undefined): TextOfRun {
  const { vocabulary, finalIds } = tokenizer.finish(given);
  return { vocabulary, ids: store.finish(finalIds), idsByAppearance: finalIds, read, dispose: () => store.dispose() };
}
