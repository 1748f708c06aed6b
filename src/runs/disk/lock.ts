import { randomUUID } from 'node:crypto';
import { lstatSync, readFileSync, rmSync } from 'node:fs';
import { lstat, rm, rmdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import lockfile from 'proper-lockfile';
import { l10n } from '../../common/l10n.ts';
import type { Disposable } from '../../common/disposable.ts';
import { fileReason } from '../../common/fileReason.ts';
import { InputError } from '../../common/inputError.ts';
import { writeAtomically } from './atomicFile.ts';
import { isAhead, lifeText, liveOwner, LOCK, type LiveOwner, lockPath, STALE_MS } from './liveOwner.ts';
import {
  describeOwner,
  type Owner,
  type OwnerFile,
  ownerFilePath,
  parseOwner,
  readOwner,
  UNKNOWN,
} from './ownerFile.ts';
import { processPlace } from './processPlace.ts';

export { describeOwner, Owner, thisOwner } from './ownerFile.ts';

/**
 * One owner per run's folder. The lock is the folder `lock`, whose time of change is the owner's heartbeat; `owner.json`
 * says who it is. A lock without a heartbeat for `STALE_MS`, and one of a process of this machine that is gone, are taken
 * over; any other only where a person says so. Every change of owner happens under a second, momentary lock, since to find a lock abandoned and to replace it are
 * two steps, between which another one must not do the same.
 */

/** The lock is seen to be lost this soon. */
const HEARTBEAT_MS = 2000;
/** A change of owner takes milliseconds; what one that was killed in the midst of it left is stale after two seconds. */
const GUARD_STALE_MS = 2000;
/** A guard lasts for milliseconds, so that one which is said to begin only then is nobody's. */
const GUARD_FUTURE_MS = 3600 * 1000;
/** So often, and after so long, is tried again what stands in the way for a moment only. */
const ATTEMPTS = 250;
const PAUSE_MS = 20;
const GUARD = `${LOCK}.guard`;
/** Whoever loses a lock notices with the next heartbeat, and what is being written in that moment ends before. */
const NOTICED_MS = HEARTBEAT_MS + 500;

export interface HeldBy {
  readonly heldBy: Owner;
  readonly life: LiveOwner['life'];
}

/**
 * Makes `owner` the owner of a run's folder, or says who is it.
 * @param onLost called once if the lock is lost while it is held: the folder was removed, or the process was held up for
 * longer than `STALE_MS` and somebody else took over. Nothing may be written to the folder from then on.
 * @throws {InputError} where the folder cannot be written.
 */
export async function acquire(
  folder: string,
  owner: Owner,
  onLost: () => void = () => undefined,
): Promise<RunLock | HeldBy> {
  try {
    let result = await tryToAcquire(folder, owner, onLost);
    // An owner that is just going, or one that was killed as it came.
    for (let left = ATTEMPTS; isHeld(result) && result.heldBy === UNKNOWN && left > 0; left--) {
      await setTimeout(PAUSE_MS);
      result = await tryToAcquire(folder, owner, onLost);
    }
    if (!isHeld(result) || !isAhead(folder)) return result;
    // Whether the owner lives, only its next heartbeats tell.
    await setTimeout(STALE_MS + PAUSE_MS);
    return await tryToAcquire(folder, owner, onLost);
  } catch (error) {
    throw new InputError(
      l10n.t("The run's folder {folder} cannot be locked: {reason}.", { folder, reason: fileReason(error) }),
    );
  }
}

export function isHeld(result: RunLock | HeldBy): result is HeldBy {
  return 'heldBy' in result;
}

/**
 * Makes `owner` the owner of a run's folder whoever holds it, which only a person may ask for. Who held it writes nothing any more, and loses
 * what it did since it last wrote.
 * @param onLost as for {@link acquire}.
 * @returns once the other one has had the time to notice.
 * @throws {InputError} where the folder cannot be written, or somebody else takes it at the same moment.
 */
export async function takeOver(folder: string, owner: Owner, onLost: () => void = () => undefined): Promise<RunLock> {
  let lock: RunLock;
  try {
    lock = await guarded(folder, async () => {
      await clear(folder);
      return take(folder, owner, onLost);
    });
    await setTimeout(NOTICED_MS);
  } catch (error) {
    throw new InputError(
      l10n.t("The run's folder {folder} cannot be taken over: {reason}.", { folder, reason: fileReason(error) }),
    );
  }
  if (await lock.isOurs()) return lock;
  throw new InputError(
    l10n.t('The run in {folder} was taken by somebody else at the same moment. Try again.', { folder }),
  );
}

/** The live owner of a run's folder. */
export async function ownerOf(folder: string): Promise<Owner | undefined> {
  return (await liveOwner(folder))?.owner;
}

/** The live owner of a run's folder, and when it last showed that it lives. */
export function holderOf(folder: string): Promise<LiveOwner | undefined> {
  return liveOwner(folder);
}

/** Who holds a run, and since when nothing was heard of it: "VS Code window on tower (process 4711), which showed life 2 seconds ago". */
export function describeHolder({ owner, life }: LiveOwner): string {
  return `${describeOwner(owner)}, ${lifeText(life)}`;
}

/** Keeps a run's folder for one owner until it is released or disposed of. */
export interface RunLock extends Disposable {
  readonly folder: string;
  readonly owner: Owner;
  /** Whether the folder is still this lock's, by what is on the disk now. */
  isOurs(): Promise<boolean>;
  release(): Promise<void>;
  /** Releases without waiting, for the moment in which a window closes. */
  dispose(): void;
}

class Lock implements RunLock {
  readonly folder: string;
  readonly owner: Owner;
  readonly #path: string;
  readonly #token: string;
  #isOver = false;

  constructor(folder: string, owner: Owner, token: string) {
    this.folder = folder;
    this.owner = owner;
    this.#path = lockPath(folder, LOCK);
    this.#token = token;
  }

  /** @returns whether this is news. */
  lose(): boolean {
    const wasActive = !this.#isOver;
    this.#isOver = true;
    return wasActive;
  }

  async isOurs(): Promise<boolean> {
    return !this.#isOver && (await readOwner(this.folder))?.token === this.#token;
  }

  async release(): Promise<void> {
    if (this.#isOver) return;
    // A lock that somebody else has taken over is not ours to remove.
    const isOurs = await this.isOurs();
    if (this.#isOver) return;
    this.#isOver = true;
    // The owner goes before the lock: afterwards the file could be another's.
    if (isOurs) await rm(ownerFilePath(this.folder), { force: true }).catch(() => undefined);
    await lockfile.unlock(this.#path, isOurs ? placeOf(this.#path) : abandoned(this.#path)).catch(() => undefined);
  }

  dispose(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    let isOurs = false;
    try {
      const path = ownerFilePath(this.folder);
      isOurs = lstatSync(path).isFile() && parseOwner(readFileSync(path, 'utf8'))?.token === this.#token;
      if (isOurs) rmSync(path, { force: true });
    } catch {
      // The folder is gone, or not readable any more.
    }
    try {
      lockfile.unlockSync(this.#path, isOurs ? placeOf(this.#path) : abandoned(this.#path));
    } catch {
      // What is left of the lock is stale in a few seconds.
    }
  }
}

function placeOf(path: string): { lockfilePath: string; realpath: false } {
  return { lockfilePath: path, realpath: false };
}

/** Ends the heartbeat and leaves the folder of the lock alone, since there is none by this name. */
function abandoned(path: string): { lockfilePath: string; realpath: false } {
  return placeOf(`${path}.${randomUUID()}`);
}

function tryToAcquire(folder: string, owner: Owner, onLost: () => void): Promise<RunLock | HeldBy> {
  return guarded(folder, async () => {
    const present = await liveOwner(folder);
    if (present !== undefined) return { heldBy: present.owner, life: present.life };
    await clear(folder);
    return take(folder, owner, onLost);
  });
}

/** Does `work` while nobody else changes the owner of the folder. */
async function guarded<R>(folder: string, work: () => Promise<R>): Promise<R> {
  for (const name of [LOCK, GUARD]) await checkRealFolder(lockPath(folder, name));
  await removeGuardOfTheFuture(folder);
  const release = await guard(folder);
  try {
    return await work();
  } finally {
    await release().catch(() => undefined);
  }
}

/** The heartbeat changes the time of what the lock is: a link would lead it elsewhere. */
async function checkRealFolder(path: string): Promise<void> {
  const status = await lstat(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  });
  if (status !== undefined && !status.isDirectory())
    throw new Error(
      l10n.t('its "{path}" is no folder. Remove it, if no program trains the run', { path: basename(path) }),
    );
}

/** One that another clock left, or that came with the folder, would never be stale. */
async function removeGuardOfTheFuture(folder: string): Promise<void> {
  const path = lockPath(folder, GUARD);
  const status = await lstat(path).catch(() => undefined);
  if (status !== undefined && status.mtimeMs > Date.now() + GUARD_FUTURE_MS) await rmdir(path).catch(() => undefined);
}

async function guard(folder: string): Promise<() => Promise<void>> {
  const path = lockPath(folder, GUARD);
  // One that is lost is released already.
  const options = { ...placeOf(path), stale: GUARD_STALE_MS, onCompromised: () => undefined };
  for (let left = ATTEMPTS; ; left--) {
    try {
      return await lockfile.lock(path, options);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
      if (left === 0) throw new Error(l10n.t('another program keeps it from being locked'), { cause: error });
    }
    await setTimeout(PAUSE_MS);
  }
}

async function take(folder: string, owner: Owner, onLost: () => void): Promise<RunLock> {
  const content: OwnerFile = { ...owner, token: randomUUID(), place: processPlace() };
  const path = lockPath(folder, LOCK);
  const lock = new Lock(folder, owner, content.token);
  await lockfile.lock(path, {
    ...placeOf(path),
    stale: STALE_MS,
    update: HEARTBEAT_MS,
    onCompromised: () => {
      if (lock.lose()) onLost();
    },
  });
  try {
    await writeAtomically(ownerFilePath(folder), Buffer.from(`${JSON.stringify(content, null, 2)}\n`));
  } catch (error) {
    lock.lose();
    await lockfile.unlock(path, placeOf(path)).catch(() => undefined);
    throw error;
  }
  return lock;
}

/** Removes what an owner left that is gone. Its lock is still fresh where it has just died. */
async function clear(folder: string): Promise<void> {
  await rm(ownerFilePath(folder), { force: true });
  await rmdir(lockPath(folder, LOCK)).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  });
}
