import type { ReadingProgress, StartRequest } from '../protocol/worker.ts';
import type { IdSource } from '../text/ids.ts';
import { Tokenizer } from '../text/tokenizer.ts';
import type { Vocabulary } from '../text/vocabulary.ts';
import { IdStore, MAX_ID_BYTES } from './idStore.ts';
import { isUnicode, readTextFile } from './textFile.ts';

/** A text that was read, as its ids. */
export interface TextOfRun {
  readonly vocabulary: Vocabulary;
  readonly ids: IdSource;
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
  const { name, settings, cacheFolder } = request;
  const { onPiece = () => undefined, maxIdBytes = MAX_ID_BYTES } = options;
  const store = new IdStore(
    name,
    cacheFolder === undefined ? undefined : { folder: cacheFolder, fromBytes: maxIdBytes },
  );
  try {
    if ('text' in request) {
      const tokenizer = new Tokenizer(name, settings.tokens, store);
      tokenizer.pushText(request.text);
      return ended(tokenizer, store);
    }
    const { encoding } = request.file;
    const tokenizer = new Tokenizer(name, settings.tokens, store, isUnicode(encoding) ? encoding : undefined);
    readTextFile(request.file, name, tokenizer, onPiece);
    return ended(tokenizer, store);
  } catch (error) {
    store.dispose();
    throw error;
  }
}

function ended(tokenizer: Tokenizer, store: IdStore): TextOfRun {
  const { vocabulary, finalIds } = tokenizer.finish();
  return { vocabulary, ids: store.finish(finalIds), dispose: () => store.dispose() };
}
