import { join } from 'node:path';
import { diskFiles, type RunFiles } from './files.ts';

/** `RUN.MILLISECONDS`: which run it was, and since 1970 when it was removed. */
const ENTRY = /^([a-z0-9-]{1,64})\.(\d{1,15})$/;
const FOLDER = '.trash';

interface Entry {
  readonly runId: string;
  readonly removedAtMs: number;
  readonly path: string;
}

/** Removed runs of one library, which can come back until they are purged. */
export class Trash {
  readonly #root: string;
  readonly #folder: string;
  readonly #files: RunFiles;

  constructor(root: string, files: RunFiles = diskFiles) {
    this.#root = root;
    this.#folder = join(root, FOLDER);
    this.#files = files;
  }

  /** Moves the folder of a run here, in one step. */
  async take(runId: string, nowMs: number): Promise<string> {
    await this.#files.mkdir(this.#folder);
    const taken = new Set((await this.#entries()).map(({ path }) => path));
    let removedAtMs = nowMs;
    while (taken.has(this.#pathOf(runId, removedAtMs))) removedAtMs++;
    const path = this.#pathOf(runId, removedAtMs);
    await this.#files.rename(join(this.#root, runId), path);
    return path;
  }

  /** @returns where the run lies that was removed last under this id; undefined where there is none. */
  async find(runId: string): Promise<string | undefined> {
    const entries = (await this.#entries()).filter((entry) => entry.runId === runId);
    return entries.sort((one, other) => other.removedAtMs - one.removedAtMs).at(0)?.path;
  }

  /** Removes for good what has been here for longer. */
  async purge(olderThanMs: number, nowMs: number): Promise<void> {
    for (const { removedAtMs, path } of await this.#entries()) {
      if (nowMs - removedAtMs >= olderThanMs) await this.#files.rm(path);
    }
  }

  #pathOf(runId: string, removedAtMs: number): string {
    return join(this.#folder, `${runId}.${removedAtMs}`);
  }

  async #entries(): Promise<Entry[]> {
    const entries: Entry[] = [];
    for (const name of await namesIn(this.#folder, this.#files)) {
      const match = ENTRY.exec(name);
      if (match !== null) {
        entries.push({ runId: match[1], removedAtMs: Number(match[2]), path: join(this.#folder, name) });
      }
    }
    return entries;
  }
}

/** What is in a folder; nothing where it is not there. */
export async function namesIn(folder: string, files: RunFiles): Promise<string[]> {
  try {
    return await files.readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
