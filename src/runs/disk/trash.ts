import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import * as v from 'valibot';
import { writeAtomically } from './atomicFile.ts';
import { diskFiles, readFully, type RunFiles } from './files.ts';

/** `RUN.MILLISECONDS`: which run it was, and since 1970 when it was removed. */
const ENTRY = /^([a-z0-9-]{1,64})\.(\d{1,15})$/;
const FOLDER = '.trash';
const RECORD = /^[0-9a-f-]{36}\.json$/;
const MAX_RECORD_BYTES = 64 * 1024;
/** Another window may be just moving what its record says. */
const MOVING_MS = 60_000;

/** What was moved to a trash by this program: only that is ever removed from it. */
const Trashed = v.object({
  /** Of the library. */
  root: v.string(),
  entry: v.pipe(v.string(), v.regex(ENTRY)),
  /** Of the run's folder: another one of the same name is another one. */
  ino: v.number(),
});
type Trashed = v.InferOutput<typeof Trashed>;

interface Entry {
  readonly runId: string;
  readonly removedAtMs: number;
  readonly path: string;
  /** The file that says that it was put there. */
  readonly record: string;
  readonly ino: number;
}

/**
 * Removed runs of one library, which can come back until they are purged. The library may be a folder that others fill, so what was
 * put into the trash is recorded outside of it.
 */
export class Trash {
  readonly #root: string;
  readonly #records: string;
  readonly #folder: string;
  readonly #files: RunFiles;

  /** @param records a folder of this program alone; libraries may share it. */
  constructor(root: string, records: string, files: RunFiles = diskFiles) {
    this.#root = root;
    this.#records = records;
    this.#folder = join(root, FOLDER);
    this.#files = files;
  }

  /** Moves the folder of a run here, in one step. */
  async take(runId: string, nowMs: number): Promise<void> {
    await this.#files.mkdir(this.#folder);
    const taken = new Set(await namesIn(this.#folder, this.#files));
    let removedAtMs = nowMs;
    while (taken.has(`${runId}.${removedAtMs}`)) removedAtMs++;
    const entry = `${runId}.${removedAtMs}`;
    const folder = join(this.#root, runId);
    const { ino } = await this.#files.stat(folder);
    // Comes first: what is not recorded would stay for ever.
    const record = await this.#write({ root: this.#root, entry, ino });
    try {
      await this.#files.rename(folder, join(this.#folder, entry));
      const moved = await this.#files.stat(join(this.#folder, entry));
      // Not every file system keeps the number of what is renamed.
      if (moved.ino !== ino) await this.#replace(record, { root: this.#root, entry, ino: moved.ino });
    } catch (error) {
      await this.#files.rm(record).catch(() => undefined);
      throw error;
    }
  }

  /**
   * Moves the run that was removed last under this id back to its place.
   * @returns whether there was one.
   */
  async giveBack(runId: string): Promise<boolean> {
    const entries = (await this.#entries()).filter((entry) => entry.runId === runId);
    const newest = entries.sort((one, other) => other.removedAtMs - one.removedAtMs).at(0);
    if (newest === undefined) return false;
    await this.#files.rename(newest.path, join(this.#root, runId));
    await this.#files.rm(newest.record).catch(() => undefined);
    return true;
  }

  /**
   * Removes for good what has been here for longer.
   * @returns what could not be removed, with what the file system threw.
   */
  async purge(olderThanMs: number, nowMs: number): Promise<{ readonly path: string; readonly error: unknown }[]> {
    const failures: { path: string; error: unknown }[] = [];
    for (const { removedAtMs, path, record } of await this.#entries()) {
      if (nowMs - removedAtMs < olderThanMs) continue;
      try {
        await this.#files.rm(path);
        await this.#files.rm(record);
      } catch (error) {
        failures.push({ path, error });
      }
    }
    return failures;
  }

  /** What is here and was put here. A record of what is not here any more goes. */
  async #entries(): Promise<Entry[]> {
    const entries: Entry[] = [];
    for (const name of (await namesIn(this.#records, this.#files)).filter((one) => RECORD.test(one))) {
      const record = join(this.#records, name);
      const trashed = await this.#read(record);
      if (trashed?.root !== this.#root) continue;
      const path = join(this.#folder, trashed.entry);
      if (await this.#isThere(path, trashed.ino)) entries.push({ ...entryOf(trashed), path, record });
      else if (Date.now() - trashed.recordedAtMs > MOVING_MS) await this.#files.rm(record);
    }
    return entries;
  }

  async #isThere(path: string, ino: number): Promise<boolean> {
    try {
      // Looked for in the folder itself, which may be a link by now.
      if (!(await this.#files.stat(this.#folder)).isDirectory()) return false;
      const status = await this.#files.stat(path);
      return status.isDirectory() && status.ino === ino;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
  }

  async #write(trashed: Trashed): Promise<string> {
    const path = join(this.#records, `${randomUUID()}.json`);
    await this.#files.mkdir(this.#records);
    await this.#replace(path, trashed);
    return path;
  }

  #replace(path: string, trashed: Trashed): Promise<void> {
    return writeAtomically(path, new TextEncoder().encode(JSON.stringify(trashed)), this.#files);
  }

  /** Undefined for what is no record. */
  async #read(path: string): Promise<(Trashed & { readonly recordedAtMs: number }) | undefined> {
    const file = await this.#files.open(path, 'r').catch((error: unknown) => {
      // Another window may have purged it.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return undefined;
    });
    if (file === undefined) return undefined;
    try {
      const { size, mtimeMs } = await file.stat();
      const bytes = new Uint8Array(Math.min(size, MAX_RECORD_BYTES));
      const length = await readFully(file, bytes, 0);
      const parsed = v.safeParse(Trashed, JSON.parse(new TextDecoder().decode(bytes.subarray(0, length))));
      return parsed.success ? { ...parsed.output, recordedAtMs: mtimeMs } : undefined;
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    } finally {
      await file.close();
    }
  }
}

function entryOf({ entry, ino }: Trashed): { runId: string; removedAtMs: number; ino: number } {
  const [, runId = '', removedAt] = ENTRY.exec(entry) ?? [];
  return { runId, removedAtMs: Number(removedAt), ino };
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
