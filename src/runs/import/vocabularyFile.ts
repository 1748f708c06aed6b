import { basename } from 'node:path';
import { fileReason } from '../../common/fileReason.ts';
import { InputError } from '../../common/inputError.ts';
import { diskFiles, followed, readFully, type RunFiles } from '../disk/files.ts';
import { shown } from '../format/tensorSource.ts';
import type { SaidOfNetwork } from './stateDict.ts';

/** The longest vocabulary, in the longest form of JSON. */
const MAX_BYTES = 4 * 2 ** 20;

/**
 * A file that a person names for a vocabulary.
 * @throws {InputError} where it cannot be read, is no text in UTF-8 or too long to be one.
 */
export async function readVocabularyFile(
  path: string,
  files: RunFiles = diskFiles,
): Promise<NonNullable<SaidOfNetwork['vocabulary']>> {
  const name = basename(path);
  const unusable = (why: string) =>
    new InputError(`${shown(name)} cannot be read as a vocabulary: ${why}. Choose a file with the symbols in UTF-8.`);
  let bytes: Uint8Array;
  try {
    // What a person chose may be a link.
    const handle = await files.open(await followed(path), 'r');
    try {
      const { size } = await handle.stat();
      if (size > MAX_BYTES) throw unusable(`it has ${size} bytes, more than ${MAX_BYTES}`);
      const room = new Uint8Array(size);
      bytes = room.subarray(0, await readFully(handle, room, 0));
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw error instanceof InputError ? error : unusable(fileReason(error));
  }
  try {
    return { name, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    throw unusable('it is not UTF-8');
  }
}
