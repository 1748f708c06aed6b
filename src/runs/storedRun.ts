import { mkdirSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import * as v from 'valibot';
import writeFileAtomic from 'write-file-atomic';
import { HistorySnapshot } from '../protocol/history.ts';
import { RunDescription, RunStatus, StudyResults } from '../protocol/panel.ts';
import { RunId } from '../protocol/run.ts';

/** What is left of a run when the window that trained it is gone: its history, without the network. */
const StoredRun = v.object({
  version: v.literal(1),
  uri: v.string(),
  description: RunDescription,
  status: RunStatus,
  history: HistorySnapshot,
  /** What of the study still holds when the network is gone. */
  study: v.optional(v.pick(StudyResults, ['baselines']), {}),
});
export type StoredRun = v.InferOutput<typeof StoredRun>;

const EXTENSION = '.run';
/** What `writeNow` writes: it stands for the end of a window, so it is newer than any other form of its run. */
const LAST_EXTENSION = '.last.run';
const LEFTOVER_AGE_MS = 24 * 3600 * 1000;

/** A folder of stored runs, one file each, the oldest removed beyond `maxRuns`. */
export class RunStore {
  readonly #folder: string;
  readonly #maxRuns: number;

  constructor(folder: string, maxRuns = 16) {
    this.#folder = folder;
    this.#maxRuns = maxRuns;
  }

  /**
   * Replaces the stored form of a run in one step: a reader sees the old one or the new one, never a part. The runs with
   * the ids in `spared` are not removed, however old they are.
   */
  async write(run: StoredRun, spared: ReadonlySet<string> = new Set()): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    await writeFileAtomic(this.#path(run.description.runId, EXTENSION), serialize(run));
    await this.#removeOldest(spared);
  }

  /** The same without waiting, for the moment in which the window closes. */
  writeNow(run: StoredRun): void {
    mkdirSync(this.#folder, { recursive: true });
    writeFileAtomic.sync(this.#path(run.description.runId, LAST_EXTENSION), serialize(run));
  }

  /**
   * @returns undefined where there is no such run.
   * @throws {Error} naming the file where it is there but cannot be read.
   */
  async read(runId: string): Promise<StoredRun | undefined> {
    const id = v.parse(RunId, runId);
    return (await this.#readFile(this.#path(id, LAST_EXTENSION))) ?? this.#readFile(this.#path(id, EXTENSION));
  }

  async #readFile(path: string): Promise<StoredRun | undefined> {
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

  #path(runId: string, extension: string): string {
    return join(this.#folder, `${runId}${extension}`);
  }

  /** Removes the oldest runs, and what a write that was cut off left long ago. */
  async #removeOldest(spared: ReadonlySet<string>): Promise<void> {
    const files = await Promise.all(
      (await readdir(this.#folder)).map(async (name) => ({
        name,
        isRun: name.endsWith(EXTENSION),
        isSpared: spared.has(name.slice(0, name.indexOf('.'))),
        changedMs: (await stat(join(this.#folder, name))).mtimeMs,
      })),
    );
    files.sort((one, other) => other.changedMs - one.changedMs);
    const runs = files.filter(({ isRun }) => isRun);
    const leftovers = files.filter(({ isRun, changedMs }) => !isRun && changedMs < Date.now() - LEFTOVER_AGE_MS);
    const removed = [...runs.slice(this.#maxRuns).filter(({ isSpared }) => !isSpared), ...leftovers];
    await Promise.all(removed.map(({ name }) => rm(join(this.#folder, name), { force: true })));
  }
}
