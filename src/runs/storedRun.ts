import { mkdirSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import * as v from 'valibot';
import writeFileAtomic from 'write-file-atomic';
import { HistorySnapshot } from '../protocol/history.ts';
import { RunDescription, RunStatus } from '../protocol/panel.ts';
import { RunId } from '../protocol/run.ts';

/** What is left of a run when the window that trained it is gone: its history, without the network. */
const StoredRun = v.object({
  version: v.literal(1),
  uri: v.string(),
  description: RunDescription,
  status: RunStatus,
  history: HistorySnapshot,
});
export type StoredRun = v.InferOutput<typeof StoredRun>;

const EXTENSION = '.run';

/** A folder of stored runs, one file each, the oldest removed beyond `maxRuns`. */
export class RunStore {
  readonly #folder: string;
  readonly #maxRuns: number;

  constructor(folder: string, maxRuns = 8) {
    this.#folder = folder;
    this.#maxRuns = maxRuns;
  }

  /** Replaces the stored form of a run in one step: a reader sees the old one or the new one, never a part. */
  async write(run: StoredRun): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    await writeFileAtomic(this.#path(run.description.runId), serialize(run));
    await this.#removeOldest();
  }

  /** The same without waiting, for the moment in which the window closes. */
  writeNow(run: StoredRun): void {
    mkdirSync(this.#folder, { recursive: true });
    writeFileAtomic.sync(this.#path(run.description.runId), serialize(run));
  }

  /**
   * @returns undefined where there is no such run.
   * @throws {Error} naming the file where it is there but cannot be read.
   */
  async read(runId: string): Promise<StoredRun | undefined> {
    const path = this.#path(v.parse(RunId, runId));
    let bytes: Uint8Array;
    try {
      bytes = await readFile(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    try {
      return v.parse(StoredRun, deserialize(bytes));
    } catch (error) {
      throw new Error(`The stored run ${path} is damaged and was not opened: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }

  #path(runId: string): string {
    return join(this.#folder, `${runId}${EXTENSION}`);
  }

  async #removeOldest(): Promise<void> {
    const names = (await readdir(this.#folder)).filter((name) => name.endsWith(EXTENSION));
    if (names.length <= this.#maxRuns) return;
    const dated = await Promise.all(
      names.map(async (name) => ({ name, changedMs: (await stat(join(this.#folder, name))).mtimeMs })),
    );
    dated.sort((one, other) => other.changedMs - one.changedMs);
    await Promise.all(dated.slice(this.#maxRuns).map(({ name }) => rm(join(this.#folder, name), { force: true })));
  }
}
