import { join, resolve } from 'node:path';
import * as v from 'valibot';
import { l10n } from '../../common/l10n.ts';
import { fileReason } from '../../common/fileReason.ts';
import { InputError } from '../../common/inputError.ts';
import { MAX_RUN_NAME } from '../../common/limits.ts';
import { RunId, type SampleOptions } from '../../protocol/run.ts';
import type { StoredRun, StoredText } from '../../protocol/storedRun.ts';
import { diskFiles, type RunFiles } from './files.ts';
import { acquire, describeOwner, isHeld, ownerOf, thisOwner } from './lock.ts';
import { readRunFile, writeRunFile } from '../format/runFile.ts';
import { type ReadRunFile, type RunSummary, summarize } from './runSummary.ts';
import { namesIn, Trash } from './trash.ts';

export type { RunSummary } from './runSummary.ts';

/** What a person changes of a run that is there. A name of nothing but spaces takes the name away. */
export interface RunChange {
  readonly name?: string;
  readonly isPinned?: boolean;
  /** How its network writes text. */
  readonly sampling?: SampleOptions;
  /** Where its text lies now. */
  readonly text?: Pick<StoredText, 'uri' | 'fileName'>;
}

export interface LibraryOptions {
  /** A folder of this program alone, in which it records what it moves to the trash. */
  readonly trashRecords: string;
  readonly files?: RunFiles;
  /** Reads `run.json` of a folder, elsewhere where the caller must not be held up; throws as `readRunFile` does. */
  readonly readRunFile?: (folder: string) => Promise<StoredRun>;
  /** What this program is, for others that find a run locked. */
  readonly window?: string;
  /** Makes the change where this very program owns the run in a folder, and returns whether it does. */
  readonly updateOwned?: (folder: string, change: RunChange) => Promise<boolean>;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export interface CleanUp {
  readonly removed: readonly RunSummary[];
  /** Of the runs that are left. */
  readonly bytes: number;
  /** By how much what is left, since it is pinned, in use, spared or damaged, exceeds the limit. */
  readonly excessBytes: number;
  /** Why runs could not be removed that should have been. */
  readonly problems: readonly string[];
}

/** Somebody else's folder may hold a million of them. */
const MOST_RUNS = 10_000;
/** Runs that are looked at together. */
const AT_A_TIME = 8;

/** All runs under one folder, one folder a run. */
export class RunLibrary {
  readonly root: string;
  readonly #files: RunFiles;
  readonly #read: (folder: string) => Promise<StoredRun>;
  readonly #window: string;
  readonly #updateOwned: (folder: string, change: RunChange) => Promise<boolean>;
  readonly #now: () => number;
  readonly #trash: Trash;
  #known: ReadonlyMap<string, ReadRunFile> = new Map();

  constructor(root: string, options: LibraryOptions) {
    this.root = resolve(root);
    this.#files = options.files ?? diskFiles;
    this.#read = options.readRunFile ?? ((folder) => readRunFile(folder, this.#files));
    this.#window = options.window ?? 'VS Code window';
    this.#updateOwned = options.updateOwned ?? (() => Promise.resolve(false));
    this.#now = options.now ?? Date.now;
    this.#trash = new Trash(this.root, options.trashRecords, this.#files);
  }

  /**
   * Every run (of a library of more than ten thousand, as many), damaged ones with their problem, those that changed last first.
   * @throws {InputError} where the library's folder is there but cannot be read.
   */
  async list(): Promise<RunSummary[]> {
    const names = (await this.#names()).filter(isRunId).slice(0, MOST_RUNS);
    const known = this.#known;
    const found: Awaited<ReturnType<typeof summarize>>[] = [];
    // A few at a time: each may hold a file in memory.
    for (let at = 0; at < names.length; at += AT_A_TIME) {
      const some = names.slice(at, at + AT_A_TIME);
      found.push(
        ...(await Promise.all(
          some.map((name) => summarize(name, join(this.root, name), known.get(name), this.#files, this.#read)),
        )),
      );
    }
    const present = found.filter((one) => one !== undefined);
    this.#known = new Map(present.map(({ summary, read }) => [summary.runId, read]));
    // One that somebody is just making has no run.json yet: it is not damaged.
    const made = present.filter(({ summary, read }) => read.stamp !== '' || summary.owner === undefined);
    return made.map(({ summary }) => summary).sort((one, other) => other.changedAtMs - one.changedAtMs);
  }

  /** @returns undefined where there is no such run. */
  async find(runId: string): Promise<RunSummary | undefined> {
    const found = await summarize(runId, this.folderOf(runId), this.#known.get(runId), this.#files, this.#read);
    return found?.summary;
  }

  /**
   * Where a run lies, or would lie.
   * @throws {InputError} for what is no run id, such as a path.
   */
  folderOf(runId: string): string {
    if (!isRunId(runId)) {
      throw new InputError(
        l10n.t(
          '"{runId}" is no run id: these are up to 64 lower-case letters, digits and hyphens. Take one from the list of runs.',
          { runId },
        ),
      );
    }
    return join(this.root, runId);
  }

  /** Runs that were under way and whose owner is gone. */
  async interrupted(): Promise<RunSummary[]> {
    return (await this.list()).filter(({ isInterrupted }) => isInterrupted);
  }

  /**
   * Names or pins a run.
   * @throws {InputError} where another window owns it, it cannot be read or written, or the name is too long.
   */
  async update(runId: string, change: RunChange): Promise<void> {
    const folder = this.folderOf(runId);
    const name = change.name?.trim();
    if (name !== undefined && name.length > MAX_RUN_NAME) {
      throw new InputError(
        l10n.t('The name has {count} characters; up to {most} are kept. Shorten it.', {
          count: name.length,
          most: MAX_RUN_NAME,
        }),
      );
    }
    if (await this.#updateOwned(folder, { ...change, ...(name !== undefined && { name }) })) return;
    const lock = await acquire(folder, thisOwner(this.#window));
    if (isHeld(lock)) {
      throw new InputError(
        l10n.t('The run is under way in another program: {owner}. Change it there.', {
          owner: describeOwner(lock.heldBy),
        }),
      );
    }
    try {
      const run = await this.#read(folder);
      await writeRunFile(folder, changedRun(run, { ...change, ...(name !== undefined && { name }) }), this.#files);
    } catch (error) {
      if (error instanceof InputError) throw error;
      throw new InputError(
        l10n.t('The run in {folder} cannot be changed: {reason}.', { folder, reason: fileReason(error) }),
      );
    } finally {
      await lock.release();
    }
  }

  /**
   * Moves a run to the trash, from which `undoRemove` brings it back.
   * @throws {InputError} where somebody owns it, or it cannot be moved.
   */
  async remove(runId: string): Promise<void> {
    const folder = this.folderOf(runId);
    const owner = await ownerOf(folder);
    if (owner !== undefined) {
      throw new InputError(
        l10n.t('The run is under way: {owner}. Stop it there before it is deleted.', { owner: describeOwner(owner) }),
      );
    }
    try {
      await this.#trash.take(runId, this.#now());
    } catch (error) {
      throw new InputError(
        l10n.t('The run in {folder} cannot be deleted: {reason}.', { folder, reason: fileReason(error) }),
      );
    }
  }

  /** @throws {InputError} where it is not in the trash any more, or there is such a run again. */
  async undoRemove(runId: string): Promise<void> {
    const folder = this.folderOf(runId);
    if ((await this.find(runId)) !== undefined) {
      throw new InputError(
        l10n.t('The run cannot be brought back to {folder}: there is one. Move that away first.', { folder }),
      );
    }
    try {
      if (await this.#trash.giveBack(runId)) return;
      throw new InputError(l10n.t('The run {runId} cannot be brought back: it is deleted for good.', { runId }));
    } catch (error) {
      if (error instanceof InputError) throw error;
      throw new InputError(
        l10n.t('The run cannot be brought back to {folder}: {reason}.', { folder, reason: fileReason(error) }),
      );
    }
  }

  /**
   * Deletes for good what has been in the trash for longer.
   * @returns why some of it could not be deleted, a sentence each.
   */
  async purgeTrash(olderThanMs: number): Promise<string[]> {
    const failures = await this.#trash.purge(olderThanMs, this.#now());
    return failures.map(({ path, error }) =>
      l10n.t('{path} cannot be deleted: {reason}.', { path, reason: fileReason(error) }),
    );
  }

  /**
   * Moves runs to the trash, those first that have not changed for longest, until all together have no more than `maxBytes`.
   * Never one that is pinned, has an owner, is in `spared`, or is damaged, since it could be pinned.
   * @param isOurs whether a run was made here: others are neither counted nor removed.
   */
  async cleanUp(
    maxBytes: number,
    spared: ReadonlySet<string> = new Set(),
    isOurs: (runId: string) => boolean = () => true,
  ): Promise<CleanUp> {
    const runs = (await this.list()).filter(({ runId }) => isOurs(runId));
    const removed: RunSummary[] = [];
    const problems: string[] = [];
    let bytes = runs.reduce((sum, run) => sum + run.bytes, 0);
    for (const run of runs.toReversed()) {
      if (bytes <= maxBytes) break;
      if (run.run?.isPinned !== false || spared.has(run.runId)) continue;
      // Listing took a while, in which somebody may have begun to go on with it.
      if ((await ownerOf(run.folder)) !== undefined) continue;
      try {
        await this.#trash.take(run.runId, this.#now());
        removed.push(run);
        bytes -= run.bytes;
      } catch (error) {
        problems.push(
          l10n.t('The run in {folder} cannot be deleted: {reason}.', { folder: run.folder, reason: fileReason(error) }),
        );
      }
    }
    return { removed, bytes, excessBytes: Math.max(0, bytes - maxBytes), problems };
  }

  async #names(): Promise<string[]> {
    try {
      return await namesIn(this.root, this.#files);
    } catch (error) {
      throw new InputError(
        l10n.t('The runs in {root} cannot be listed: {reason}. See to it that it is a folder that you may read.', {
          root: this.root,
          reason: fileReason(error),
        }),
      );
    }
  }
}

/** A run as a person changed it. */
function changedRun(run: StoredRun, { name = run.name, isPinned, sampling, text }: RunChange): StoredRun {
  const { name: _, ...others } = run;
  return {
    ...others,
    ...(name !== undefined && name !== '' && { name }),
    isPinned: isPinned ?? run.isPinned,
    ...(sampling && { sampling }),
    ...(text && run.text && { text: { ...run.text, ...text } }),
  };
}

function isRunId(text: string): boolean {
  return v.safeParse(RunId, text).success;
}
