import { resolve } from 'node:path';
import type { StoredText } from '../protocol/storedRun.ts';
import type { TextFile } from '../protocol/worker.ts';
import { followed } from '../runs/disk/files.ts';
import { keptTextPath } from '../runs/disk/keptText.ts';
import { pathOf } from '../runs/disk/textOfRun.ts';
import { CommandError } from './errors.ts';
import { checkReadable } from './files.ts';
import type { TextChoice } from './runArguments.ts';
import { storedPlace } from './train.ts';

/** Where the text is read from now, and what of that is news. */
export interface Source {
  /** For messages. */
  readonly file: string;
  readonly source: TextFile;
  readonly moved?: Pick<StoredText, 'uri' | 'fileName'>;
}

/** @throws {CommandError} where there is no text to read. */
export async function sourceOf(folder: string, choice: TextChoice | undefined, text: StoredText): Promise<Source> {
  const encoding = text.encoding === undefined ? {} : { encoding: text.encoding };
  const path = pathOf(text);
  // The text of no file, such as the sample text, is nowhere else.
  if (choice === 'kept' || (choice === undefined && path === undefined && text.isKept)) {
    if (!text.isKept) {
      throw new CommandError(`The text of the run in "${folder}" is not kept with it. Name its file with --file PATH.`);
    }
    const kept = keptTextPath(await followed(folder));
    await checkReadable(kept);
    return { file: text.fileName, source: { path: kept, ...encoding } };
  }
  if (choice !== undefined) {
    await checkReadable(choice.path);
    const named = resolve(choice.path);
    return { file: choice.path, source: { path: named, ...encoding }, moved: storedPlace(named) };
  }
  const kept = text.isKept ? ', or go on with the text as it was kept: --text kept' : '';
  if (path === undefined) {
    throw new CommandError(
      `The text of the run was no file here, but ${text.uri}. Name its file with --file PATH${kept}.`,
    );
  }
  await checkReadable(path).catch((error: unknown) => {
    throw new CommandError(`${(error as Error).message} Name its new place with --file PATH${kept}.`);
  });
  return { file: path, source: { path, ...encoding } };
}
