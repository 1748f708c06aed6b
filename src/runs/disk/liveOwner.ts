import { lstat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { l10n } from '../../common/l10n.ts';
import { type Owner, readOwner, UNKNOWN } from './ownerFile.ts';
import { processPlace } from './processPlace.ts';

/** Whether the owner of a run's folder lives, by the heartbeat of its lock. */

export const LOCK = 'lock';
/** Without a heartbeat for longer, a lock is nobody's. */
export const STALE_MS = 10_000;
/** Two heartbeats come within it. */
const ALIVE_MS = 4000;
/** No clock of a machine that trains is so far ahead: a lock that claims more came with its folder. */
const FUTURE_MS = 30 * 24 * 3600 * 1000;

export interface LiveOwner {
  readonly owner: Owner;
  /** For how long nothing was heard of it, as far as this machine's clock can tell. */
  readonly life: { readonly ms: number; readonly isKnown: boolean };
}

export function lockPath(folder: string, name: string): string {
  return join(resolve(folder), name);
}

/** The owner of a run's folder; undefined where there is none, or it is gone. */
export async function liveOwner(folder: string): Promise<LiveOwner | undefined> {
  const beatMs = await lastHeartbeat(folder);
  if (beatMs === undefined) return undefined;
  const silence = silenceOf(folder, beatMs);
  if (silence.ms > STALE_MS) return undefined;
  const owner = await readOwner(folder);
  if (owner === undefined) {
    return (await lastHeartbeat(folder)) === undefined ? undefined : { owner: UNKNOWN, life: silence };
  }
  if (owner.place === processPlace() && !isAlive(owner.pid)) return undefined;
  return { owner: { pid: owner.pid, host: owner.host, window: owner.window }, life: silence };
}

/** "which showed life 2 seconds ago". */
export function lifeText({ ms, isKnown }: LiveOwner['life']): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  const ago = seconds === 1 ? l10n.t('a second ago or less') : l10n.t('{count} seconds ago', { count: seconds });
  if (!isKnown) return l10n.t("whose clock is ahead of this one's, so that it cannot be said when it last showed life");
  return ms < ALIVE_MS
    ? l10n.t('which showed life {ago} and is most likely at work', { ago })
    : l10n.t('which showed life {ago}', { ago });
}

/** Heartbeats that are ahead of this machine's clock, by the locks' folders: what they were, and since when, on a clock that only counts. */
const ahead = new Map<string, { readonly beatMs: number; readonly sinceMs: number }>();

export function isAhead(folder: string): boolean {
  return ahead.has(folder);
}

/**
 * How long nothing was heard of an owner. Another machine's clock may be ahead of this one's, and its run alive: then only what this program
 * itself saw counts, that is how long a heartbeat stood still while it looked.
 */
function silenceOf(folder: string, beatMs: number): LiveOwner['life'] {
  const now = Date.now();
  if (beatMs > now + FUTURE_MS) return { ms: Infinity, isKnown: true };
  if (beatMs <= now + STALE_MS) {
    ahead.delete(folder);
    return { ms: Math.max(0, now - beatMs), isKnown: true };
  }
  const seen = ahead.get(folder);
  if (seen?.beatMs === beatMs) return { ms: performance.now() - seen.sinceMs, isKnown: false };
  ahead.set(folder, { beatMs, sinceMs: performance.now() });
  // It was another one before: it came while this program looked.
  return { ms: 0, isKnown: seen !== undefined };
}

/** Milliseconds since 1970; undefined where there is no lock. */
async function lastHeartbeat(folder: string): Promise<number | undefined> {
  try {
    return (await lstat(lockPath(folder, LOCK))).mtimeMs;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another person is alive too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
