import { createHash } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Remembers folders, as an empty file for each, by a digest of the folder above it and its own name. Windows that write at the same moment
 * lose nothing of each other, which they would in one list that each of them writes whole, as VS Code's own memory is.
 */
export class FolderNotes {
  readonly #folder: string;

  /** @param folder of this program alone, which several windows may share. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param path of a folder whose name is one that a file can have, such as a run's. */
  async note(path: string): Promise<void> {
    const place = this.#placeOf(dirname(path));
    await mkdir(place, { recursive: true });
    await writeFile(join(place, basename(path)), '', { flag: 'a' });
  }

  /** The names of the folders in one folder that were noted. */
  async notedIn(parent: string): Promise<ReadonlySet<string>> {
    try {
      return new Set(await readdir(this.#placeOf(parent)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return new Set();
    }
  }

  #placeOf(parent: string): string {
    return join(this.#folder, createHash('sha256').update(parent).digest('hex'));
  }
}
